"""Divergences: 0 for equal answers, never negative, equal to torch's kl_div, and exact where probabilities would underflow."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from regularizers_small import number
from torch import Tensor

from regularizers.divergences import DIVERGENCES, bernoulli, categorical, divergence, symmetric_bernoulli, symmetric_categorical

KINDS = [(kind, symmetric) for kind in DIVERGENCES for symmetric in (True, False)]


def logits(kind: str, seed: int, rows: int = 7) -> Tensor:
    return torch.from_numpy(3 * np.random.RandomState(seed).standard_normal((rows, 5) if kind == "classes" else rows))


def test_six_tenths_against_seven_tenths_is_the_golden_number():
    a, b = torch.tensor([0.6], dtype=torch.float64).logit(), torch.tensor([0.7], dtype=torch.float64).logit()
    assert float(symmetric_bernoulli(a, b)) == pytest.approx(0.0441833, abs=1e-7)
    two = [torch.stack([torch.zeros(1, dtype=torch.float64), each], -1) for each in (a, b)]  # the same answers as two classes
    assert number(symmetric_categorical(*two)) == pytest.approx(0.0441833, abs=1e-7)


@pytest.mark.parametrize("kind, symmetric", KINDS)
def test_equal_answers_have_divergence_and_slope_zero_and_others_more(kind, symmetric):
    distance = divergence(kind, symmetric)
    for seed in range(300):
        a, b = logits(kind, seed).requires_grad_(), logits(kind, seed + 1000)
        assert number(distance(a, b)) > 0
        same = distance(a, a.detach().clone())
        assert abs(number(same)) < 1e-15
        assert torch.autograd.grad(same, a)[0].abs().max() < 1e-15


def test_one_sided_and_symmetric_forms_equal_torch():
    for seed in range(50):
        a, b = logits("classes", seed), logits("classes", seed + 99)
        forward = F.kl_div(b.log_softmax(-1), a.log_softmax(-1), reduction="batchmean", log_target=True)
        back = F.kl_div(a.log_softmax(-1), b.log_softmax(-1), reduction="batchmean", log_target=True)
        assert torch.allclose(categorical(a, b), forward, rtol=0, atol=1e-12)
        assert torch.allclose(symmetric_categorical(a, b), forward + back, rtol=0, atol=1e-12)


def test_one_logit_is_two_classes_of_which_one_is_zero():
    for seed in range(50):
        a, b = logits("binary", seed), logits("binary", seed + 99)
        two = [torch.stack([torch.zeros_like(each), each], -1) for each in (a, b)]
        assert torch.allclose(bernoulli(a, b), categorical(*two), rtol=0, atol=1e-12)
        assert torch.allclose(symmetric_bernoulli(a, b), symmetric_categorical(*two), rtol=0, atol=1e-12)


def test_a_shift_of_all_scores_changes_nothing():
    a, b = logits("classes", 1), logits("classes", 2)
    assert torch.allclose(symmetric_categorical(a + 100, b - 7), symmetric_categorical(a, b), rtol=0, atol=1e-10)


@pytest.mark.parametrize("symmetric", [True, False])
def test_certain_answers_neither_overflow_nor_vanish(symmetric):
    far = torch.tensor([[500.0, -500.0]]), torch.tensor([[-500.0, 500.0]])
    assert torch.isfinite(divergence("classes", symmetric)(*far)) and divergence("classes", symmetric)(*far) > 900
    assert torch.isfinite(divergence("binary", symmetric)(torch.tensor([500.0]), torch.tensor([-500.0])))


def test_a_difference_of_one_hundred_thousandth_survives_float32():
    a = torch.tensor([[1.0, 2.0, 3.0]])
    exact = symmetric_categorical(a.double() + torch.tensor([1e-5, 0, 0], dtype=torch.float64), a.double())
    assert number(divergence("classes")(a + torch.tensor([1e-5, 0, 0]), a)) == pytest.approx(float(exact), rel=0.05)


def test_the_mean_is_over_the_batch():
    a, b = logits("classes", 1), logits("classes", 2)
    assert torch.allclose(symmetric_categorical(a.repeat(3, 1), b.repeat(3, 1)), symmetric_categorical(a, b), rtol=1e-12, atol=0)


@pytest.mark.parametrize("kind, shapes", [("classes", ((3,), (3,))), ("binary", ((3, 1), (3, 1))), ("regression", ((3, 1), (3,))), ("classes", ((3, 5), (3, 4)))])
def test_wrong_shapes_are_refused(kind, shapes):
    with pytest.raises(ValueError, match="expected"):
        divergence(kind)(*(torch.zeros(shape) for shape in shapes))


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="there is no divergence for kind 'ranking', expected one of 'classes'"):
        divergence("ranking")
