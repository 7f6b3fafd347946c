"""Temperatures: found where the loss is lowest, changing how sure an exit sounds and nothing else."""

from __future__ import annotations

import math

import pytest
import torch
from tasks_small import seeded

from minbert.errors import UserError
from tasks.calibration import HIGHEST, LOWEST, calibration_error, negative_log_likelihood, temperature_of
from tasks.metrics import decide


def honest(kind: str, rows: int = 3001) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits whose probabilities are true: labels are drawn from them."""
    chance = seeded(5)
    logits = 1.5 * torch.randn((rows, 5) if kind == "classes" else (rows,), generator=chance, dtype=torch.float64)
    if kind == "classes":
        return logits, torch.multinomial(logits.softmax(-1), 1, generator=chance).squeeze(-1)
    return logits, torch.bernoulli(logits.sigmoid(), generator=chance)


@pytest.mark.parametrize("kind", ["classes", "binary"])
@pytest.mark.parametrize("loud", [0.3, 1.0, 4.0])
def test_logits_that_were_made_louder_are_turned_down_again(kind, loud):
    logits, labels = honest(kind)
    found = temperature_of(loud * logits, labels, kind)
    assert found == pytest.approx(loud, rel=0.1)
    assert found == pytest.approx(loud * temperature_of(logits, labels, kind), rel=1e-6)


@pytest.mark.parametrize("kind", ["classes", "binary"])
def test_no_other_temperature_is_better(kind):
    logits, labels = honest(kind, 301)
    best = temperature_of(logits, labels, kind)
    lowest = negative_log_likelihood(logits, labels, kind, best)
    assert all(negative_log_likelihood(logits, labels, kind, math.exp(height)) >= lowest for height in torch.linspace(-4.6, 4.6, 93).tolist())
    assert all(negative_log_likelihood(logits, labels, kind, best * near) > lowest for near in (0.99, 1.01))


@pytest.mark.parametrize("kind", ["classes", "binary"])
def test_calibration_lowers_the_error_and_changes_no_answer(kind):
    logits, labels = honest(kind)
    loud = 4 * logits
    found = temperature_of(loud, labels, kind)
    assert calibration_error(loud, labels, kind) > 0.1 and calibration_error(loud, labels, kind, found) < 0.05
    assert torch.equal(decide(kind, loud / found), decide(kind, loud))


def test_the_loss_is_that_of_torch():
    logits, labels = honest("classes", 31)
    assert negative_log_likelihood(logits, labels, "classes", 2.0) == pytest.approx(torch.nn.functional.cross_entropy(logits / 2, labels).item(), abs=1e-12)
    logits, labels = honest("binary", 31)
    assert negative_log_likelihood(logits, labels, "binary") == pytest.approx(torch.nn.functional.binary_cross_entropy_with_logits(logits, labels).item(), abs=1e-12)


def test_the_error_worked_by_hand():
    """Confidences .6 .6 .9 .9 in two bins; right 1 of 2 and 2 of 2: half of |.5 - .6| and half of |1 - .9|."""
    logits = torch.tensor([0.6, 0.6, 0.9, 0.9], dtype=torch.float64).logit()
    assert calibration_error(logits, torch.tensor([1.0, 0.0, 1.0, 1.0]), "binary", bins=4) == pytest.approx(0.1, abs=1e-12)


def test_a_confidence_of_exactly_one_has_a_bin():
    assert calibration_error(torch.tensor([[200.0, 0.0]]), torch.tensor([0]), "classes") == 0


def test_a_model_that_is_always_right_and_one_that_knows_nothing_stay_within_bounds():
    right = torch.tensor([[2.0, 0.0], [0.0, 2.0]])
    assert temperature_of(right, torch.tensor([0, 1]), "classes") == pytest.approx(LOWEST, rel=1e-4)
    assert temperature_of(right, torch.tensor([1, 0]), "classes") == pytest.approx(HIGHEST, rel=1e-4)


def test_a_regression_is_refused():
    with pytest.raises(UserError, match="^a regression has no probabilities to calibrate; its exits use patience or a learned certainty.$"):
        temperature_of(torch.zeros(3), torch.zeros(3), "regression")
