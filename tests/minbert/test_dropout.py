"""Dropout: the stated rate, the expected value, and nothing at all outside training."""

from __future__ import annotations

import math

import pytest
import torch

from minbert.dropout import Dropout, dropout

N = 400_003  # prime, so that the last draw serves fewer than four numbers


@pytest.mark.parametrize("rate", [0.1, 0.3, 0.9])
def test_the_rate_and_the_expected_value_are_as_stated(rate):
    dropped = dropout(torch.ones(N, dtype=torch.float64), rate)
    share = (dropped == 0).double().mean().item()
    assert share == pytest.approx(rate, abs=5 * math.sqrt(rate * (1 - rate) / N) + 1 / 65536)
    assert dropped.max().item() == pytest.approx(1 / (1 - rate), rel=2e-4)
    assert dropped.mean().item() == pytest.approx(1.0, abs=5 * math.sqrt(rate / (1 - rate) / N))


def test_neighbours_are_dropped_independently():
    """Four numbers share one draw: no two of its sixteen-bit quarters may agree more often than chance."""
    gone = (dropout(torch.ones(N // 4 * 4), 0.5) == 0).double().view(-1, 4)
    correlation = torch.corrcoef(gone.T) - torch.eye(4, dtype=torch.float64)
    assert correlation.abs().max() < 5 / math.sqrt(N / 4)


def test_outside_training_and_at_rate_zero_it_is_the_identity_and_draws_nothing():
    x, before = torch.randn(5, 7), torch.get_rng_state()
    assert dropout(x, 0.5, training=False) is x and dropout(x, 0.0) is x and Dropout(0.5).eval()(x) is x
    assert torch.equal(torch.get_rng_state(), before)


def test_the_same_seed_draws_the_same_mask():
    x = torch.ones(13, 17)
    draws = []
    for _ in range(2):
        torch.manual_seed(3)
        draws.append(dropout(x, 0.4))
    assert torch.equal(*draws) and not torch.equal(draws[0], dropout(x, 0.4))


def test_gradients_flow_through_the_survivors_only():
    x = torch.randn(97, dtype=torch.float64, requires_grad=True)
    dropped = dropout(x, 0.5)
    dropped.sum().backward()
    torch.testing.assert_close(x.grad, (dropped / x).detach())


def test_low_precision_stays_low_precision():
    assert dropout(torch.ones(8, dtype=torch.bfloat16), 0.1).dtype == torch.bfloat16
