"""One scale for the scores of a regression: no member outweighs the others by spreading wider."""

from __future__ import annotations

import torch
from tasks_small import seeded

from tasks.ensemble import mean_of
from tasks.ensemble_scale import Scale, mean_on_scale, scale_of, standardised
from tasks.metrics import pearson

LABELS = 5 * torch.rand(67, generator=seeded(1), dtype=torch.float64)
SCORES = [LABELS + torch.randn(67, generator=seeded(seed), dtype=torch.float64) for seed in (2, 3)]


def together(scores: list[torch.Tensor]) -> torch.Tensor:
    """Their mean, each brought onto its own scale."""
    return mean_on_scale(scores, [scale_of(each) for each in scores])


def test_stretching_one_member_changes_a_plain_mean_and_not_a_standardised_one():
    stretched = [SCORES[0], 100 * SCORES[1] - 30]
    assert abs(pearson(mean_of(stretched), LABELS) - pearson(mean_of(SCORES), LABELS)) > 0.01
    torch.testing.assert_close(pearson(together(stretched), LABELS), pearson(together(SCORES), LABELS), rtol=0, atol=1e-12)


def test_the_result_lies_on_the_scale_of_the_members():
    found = together(SCORES)
    torch.testing.assert_close(found.mean(), mean_of(SCORES).mean(), rtol=0, atol=1e-12)
    assert 1 < found.std() < 3


def test_one_member_alone_stays_as_it_is():
    assert torch.equal(together(SCORES[:1]), SCORES[0])


def test_scores_on_test_are_brought_onto_the_scale_of_dev():
    scale = scale_of(SCORES[0])
    torch.testing.assert_close(standardised(SCORES[0], scale).std(correction=0).item(), 1.0, rtol=0, atol=1e-12)
    torch.testing.assert_close(standardised(SCORES[1], scale) * scale.deviation + scale.mean, SCORES[1], rtol=0, atol=1e-12)


def test_a_model_that_always_says_the_same_divides_by_no_zero():
    assert scale_of(torch.full((5,), 2.5)) == Scale(2.5, 1.0)
    assert together([SCORES[0], torch.full((67,), 2.5)]).isfinite().all()
