"""Curves of score against depth: monotone where they must be, ends that are known, and a threshold for a stated loss."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch
from exits_small import some_logits
from tasks_small import TRIO, seeded

from minbert.errors import UserError
from tasks.exit_curve import Point, choose_threshold, exit_curve, fractions, left_at, logits_at
from tasks.exit_rules import exit_rule
from tasks.metrics import METRICS, decide

L, N = 5, 43
THRESHOLDS = {"confidence": [1.0, 0.95, 0.8, 0.6, 0.4, 0.0], "entropy": [0.0, 0.2, 0.5, 0.65, 1.2, 2.0], "patience": [6, 4, 3, 2, 1], "learned": [1.0, 0.9, 0.6, 0.3, 0.0]}
APPLY = [(task, rule) for task in TRIO for rule in THRESHOLDS if task != "sts" or rule in ("patience", "learned")]
LEARNED = [0.01 + 0.98 * torch.rand(N, generator=seeded(seed), dtype=torch.float64) for seed in range(L - 1)]


def labels_of(task: str) -> torch.Tensor:
    """Labels that the last exit often gets right."""
    said = decide(TRIO[task].kind, some_logits(TRIO[task].kind)[-1])
    return said + (torch.rand(N, generator=seeded(1)) if task == "sts" else 0)


@pytest.mark.parametrize("task, rule", APPLY)
def test_the_curve_falls_from_the_full_model_to_the_first_layer(task, rule):
    row, history = TRIO[task], some_logits(TRIO[task].kind)
    points = exit_curve(history, labels_of(task), row, rule, THRESHOLDS[rule], LEARNED, tolerance=2.0)
    assert all(later.mean_layer <= earlier.mean_layer for earlier, later in pairwise(points))
    assert points[0].mean_layer == L and points[-1].mean_layer == 1 and len({point.mean_layer for point in points}) > 3
    assert points[0].score == METRICS[row.metric](decide(row.kind, history[-1]), labels_of(task)) and points[0].saving == 0
    assert points[-1].score == METRICS[row.metric](decide(row.kind, history[0]), labels_of(task)) and points[-1].saving == pytest.approx(1 - 1 / L)
    for point in points:
        assert sum(point.fractions) == pytest.approx(1, abs=1e-12) and len(point.fractions) == L
        assert sum(share * layer for layer, share in enumerate(point.fractions, start=1)) == pytest.approx(point.mean_layer, abs=1e-12)


def test_everyone_takes_the_first_exit_that_lets_it_go():
    history = some_logits("classes", scale=1.0)
    rule = exit_rule("confidence", 0.6, "classes")
    sure = torch.stack([each.softmax(-1).amax(-1) > 0.6 for each in history], dim=1)
    expected = [next((layer for layer in range(1, L) if sure[row, layer - 1]), L) for row in range(N)]
    layers = left_at(history, rule, "classes")
    assert layers.tolist() == expected
    assert torch.equal(logits_at(history, layers), torch.stack([history[layer - 1][row] for row, layer in enumerate(expected)]))


def test_the_rule_may_read_calibrated_logits_while_the_score_reads_the_plain_ones():
    history = some_logits("classes")
    points = exit_curve(history, labels_of("sst"), TRIO["sst"], "confidence", [0.8], rule_reads=[each / 4 for each in history])
    assert points[0].mean_layer > exit_curve(history, labels_of("sst"), TRIO["sst"], "confidence", [0.8])[0].mean_layer


def test_fractions_count_layers_that_nobody_took():
    assert fractions(torch.tensor([2, 2, 4]), 5) == pytest.approx((0, 2 / 3, 0, 1 / 3, 0))


POINTS = [Point(threshold, score, layer, (0.5, 0.5)) for threshold, score, layer in [(1.0, 0.80, 12.0), (0.99, 0.80, 9.0), (0.95, 0.796, 6.0), (0.9, 0.79, 4.0), (0.5, 0.7, 1.0)]]


@pytest.mark.parametrize("lost, expected", [(0.0, 0.99), (0.005, 0.95), (0.0101, 0.9), (0.2, 0.5)])
def test_the_fewest_layers_within_the_loss_are_chosen(lost, expected):
    assert choose_threshold(POINTS, 0.80, lost).threshold == expected


def test_among_equally_few_layers_the_better_score_is_chosen():
    assert choose_threshold([*POINTS, Point(0.93, 0.799, 6.0, (1.0,))], 0.80, 0.005).threshold == 0.93


def test_what_cannot_be_chosen_is_told():
    with pytest.raises(UserError) as caught:
        choose_threshold(POINTS[3:], 0.80, 0.005)
    assert str(caught.value) == "no threshold loses at most 0.005 of 0.8000: the best, 0.9, scores 0.7900; try stricter ones, for confidence closer to 1."
    with pytest.raises(UserError, match="^the loss that is allowed is -0.1, expected 0 or more, as a share: 0.005 is half a point.$"):
        choose_threshold(POINTS, 0.80, -0.1)
    with pytest.raises(UserError, match="^no threshold loses at most 0.005 of 0.8000; try stricter ones"):
        choose_threshold([], 0.80, 0.005)
    with pytest.raises(UserError, match="reads probabilities"):
        exit_curve(some_logits("regression"), labels_of("sts"), TRIO["sts"], "confidence", [0.9])
