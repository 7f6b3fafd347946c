"""Exit rules: strict, finite, blind to batch mates, and refused where they mean nothing."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
import torch
from exits_small import some_logits
from tasks_small import seeded

from minbert.errors import UserError
from tasks.exit_rules import LEAVES, Seen, agreeing, confidence, entropy, exit_rule, log_probabilities

KINDS = ("classes", "binary", "regression")
APPLY = [(rule, kind) for rule in LEAVES for kind in KINDS if kind != "regression" or rule in ("patience", "learned")]


def gap(size: float, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    """One example of two classes whose scores lie `size` apart."""
    return torch.tensor([[size, 0.0]], dtype=dtype)


def leaves(rule: str, threshold: float, kind: str, history: list[torch.Tensor], **options: object) -> torch.Tensor:
    """Who leaves at the last of the exits."""
    learned = torch.linspace(0.01, 0.99, len(history[-1]))
    return exit_rule(rule, threshold, kind, **options)(Seen(history, kind, learned))


def test_a_confidence_of_999_needs_the_gaps_of_the_table():
    """6.91 for two classes, 8.29 for five whose other four are equal."""
    five = torch.zeros(2, 5, dtype=torch.float64)
    five[:, 0] = torch.tensor([8.28, 8.30])
    assert (confidence(five, "classes") > 0.999).tolist() == [False, True]
    assert (confidence(torch.tensor([6.90, 6.91, -6.91], dtype=torch.float64), "binary") > 0.999).tolist() == [False, True, True]


def test_float32_probabilities_round_to_one_and_one_is_not_above_one():
    assert confidence(gap(17.0), "classes").item() == 1.0 and confidence(gap(16.0), "classes").item() < 1.0
    assert confidence(gap(17.5), "classes").item() == 1.0
    assert not leaves("confidence", 1.0, "classes", [gap(17.5)]).any() and leaves("confidence", 1 - 1e-6, "classes", [gap(17.5)]).all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_no_probability_is_above_one(dtype):
    logits = (10 * torch.randn(5000, 5, generator=seeded())).to(dtype)
    assert confidence(logits, "classes").max() <= 1 and confidence(logits[:, 0], "binary").max() <= 1


@pytest.mark.parametrize("size", [100.0, 200.0, 1000.0])
def test_the_surest_examples_have_entropy_zero_and_leave(size):
    """exp(logits) overflows at a gap of 100, and softmax * log(softmax) is 0 * -inf from 110: NaN < S is False, so the surest stayed for ever."""
    assert torch.isnan(gap(size).softmax(-1) * gap(size).softmax(-1).log()).any() or size == 100
    for logits, kind in ((gap(size), "classes"), (torch.tensor([size]), "binary"), (torch.tensor([-size]), "binary")):
        assert 0 <= entropy(logits, kind).item() < 1e-40 and leaves("entropy", 1e-6, kind, [logits]).all() and log_probabilities(logits, kind).isfinite().all()


def test_an_entropy_of_exactly_zero_is_not_below_zero():
    assert not leaves("entropy", 0.0, "classes", [gap(200.0)]).any()


def test_entropy_of_a_guess_is_log_k():
    assert entropy(torch.zeros(1, 5), "classes").item() == pytest.approx(math.log(5))
    assert entropy(torch.zeros(1), "binary").item() == pytest.approx(math.log(2))


def test_one_logit_is_two_classes_of_which_one_scores_zero():
    logits = some_logits("binary")[0]
    two = torch.stack([torch.zeros_like(logits), logits], dim=-1)
    torch.testing.assert_close(confidence(logits, "binary"), confidence(two, "classes"), rtol=0, atol=1e-15)
    torch.testing.assert_close(entropy(logits, "binary"), entropy(two, "classes"), rtol=0, atol=1e-15)


@pytest.mark.parametrize("rule, kind, never, at_once", [
    *((rule, kind, *ends) for kind in ("classes", "binary") for rule, ends in {"confidence": (1, 0), "entropy": (0, 2), "patience": (9, 1), "learned": (1, 0)}.items()),
    ("patience", "regression", 9, 1), ("learned", "regression", 1, 0),
])
def test_the_ends_of_each_threshold_are_never_and_at_once(rule, kind, never, at_once):
    history = some_logits(kind)
    assert not leaves(rule, never, kind, history).any()
    assert leaves(rule, at_once, kind, history[:1]).all()


@pytest.mark.parametrize("rule, kind", APPLY)
def test_a_laxer_threshold_lets_everyone_go_that_a_stricter_one_does(rule, kind):
    history = some_logits(kind, scale=1.0)
    strict_to_lax = {"confidence": [1, 0.9, 0.7, 0.5, 0.3, 0], "learned": [1, 0.9, 0.5, 0.1, 0], "entropy": [0, 0.1, 0.5, 1, 1.5, 2], "patience": [5, 4, 3, 2, 1]}[rule]
    gone = [leaves(rule, threshold, kind, history) for threshold in strict_to_lax]
    assert all((later | ~earlier).all() for earlier, later in pairwise(gone))
    assert len({each.sum().item() for each in gone}) > 2


def test_patience_counts_the_unbroken_end():
    """Answers 1 2 2, 2 2 2, 2 1 2, 1 1 2: the last two, three, one, and one whatever agreed before."""
    said = torch.tensor([[1, 2, 2], [2, 2, 2], [2, 1, 2], [1, 1, 2]])
    history = [torch.nn.functional.one_hot(said[:, exit], 5).double() for exit in range(3)]
    assert agreeing(history, "classes").tolist() == [2, 3, 1, 1]
    assert leaves("patience", 2, "classes", history).tolist() == [True, True, False, False]


def test_patience_of_a_regression_is_about_how_far_it_moved_each_time():
    history = [torch.tensor([1.0, 1.0, 1.0]), torch.tensor([1.4, 1.5, 3.0]), torch.tensor([1.8, 1.6, 3.2])]
    assert agreeing(history, "regression", tolerance=0.5).tolist() == [3, 2, 2]  # 0.5 itself is not less than 0.5
    assert agreeing(history, "regression", tolerance=0.15).tolist() == [1, 2, 1]


@pytest.mark.parametrize("rule, kind", APPLY)
def test_batch_mates_decide_nothing_for_each_other(rule, kind):
    history = some_logits(kind, scale=1.0)
    threshold = {"confidence": 0.6, "entropy": 0.6, "patience": 2, "learned": 0.5}[rule]
    learned = torch.linspace(0, 1, len(history[0]))
    made = exit_rule(rule, threshold, kind)
    together = made(Seen(history, kind, learned))
    alone = torch.cat([made(Seen([each[row : row + 1] for each in history], kind, learned[row : row + 1])) for row in range(len(learned))])
    assert torch.equal(together, alone) and 0 < together.sum() < len(together)


def test_what_cannot_be_meant_is_told():
    def told(*words: object, **options: object) -> str:
        with pytest.raises(UserError) as caught:
            exit_rule(*words, **options)
        return str(caught.value)

    assert told("confidance", 0.9, "classes") == "the exit rule is 'confidance', expected one of confidence, entropy, patience, learned; did you mean 'confidence'?"
    assert told("entropy", 0.3, "regression") == "the exit rule 'entropy' reads probabilities, and a regression has a score instead; use one of patience, learned."
    assert told("entropy", -1, "classes") == "the exit rule 'entropy' has the threshold -1, expected nats from 0 (never leave) on; a guess among k answers has log k."
    assert told("confidence", 95, "binary").startswith("the exit rule 'confidence' has the threshold 95, expected a probability from 0")
    assert told("confidence", float("nan"), "binary").startswith("the exit rule 'confidence' has the threshold nan")
    assert told("patience", 1.5, "binary").endswith("expected a whole number of exits in agreement, 1 (leave at once) or more.")
    assert told("patience", float("inf"), "binary").startswith("the exit rule 'patience' has the threshold inf, expected a whole number")
    assert told("patience", 0, "binary").startswith("the exit rule 'patience' has the threshold 0")
    assert told("learned", 1.1, "regression").endswith("expected a certainty from 0 to 1 (never leave).")
    assert told("patience", 2, "regression", tolerance=0.0) == "the tolerance of exits is 0, expected a number above 0: the distance below which two scores agree."
