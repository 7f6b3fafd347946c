"""Dropout: off in eval mode, the right share in train mode, survivors scaled so that the mean stays."""

from __future__ import annotations

import torch

from minbert.dropout import Dropout, dropout
from sanity_checks.judge import expect, same

N, RATE = 100003, 0.3


def identity_in_eval_mode() -> float:
    """In eval mode, and at rate 0, what goes in comes out."""
    x, module = torch.arange(7.0), Dropout(RATE).eval()
    same("dropout at rate 0", dropout(x, 0.0), x, 0.0)
    return max(same("dropout in eval mode", module(x), x, 0.0), same("dropout when not training", dropout(x, RATE, False), x, 0.0))


def the_rate_is_kept() -> float:
    """The share set to zero is the rate, and survivors grow by 1 / (1 - rate)."""
    kept = Dropout(RATE).train()(torch.ones(N))
    zeros = float((kept == 0).double().mean())
    expect(abs(zeros - RATE) < 0.01, f"{zeros:.3f} of the numbers became 0, expected {RATE}")
    survivors = kept[kept != 0]
    # The rate may be rounded to 16 bits, so the scale is that of a rate very near.
    return same("a survivor of 1.0", survivors, torch.full_like(survivors, 1 / (1 - RATE)), tolerance=1e-4)


def draws_are_new_and_seeded() -> None:
    """Two calls drop different numbers, and the same seed drops the same ones."""
    ones = torch.ones(1009)
    torch.manual_seed(3)
    first, second = dropout(ones, RATE), dropout(ones, RATE)
    torch.manual_seed(3)
    expect(not torch.equal(first, second), "two calls dropped the same numbers")
    expect(torch.equal(first, dropout(ones, RATE)), "the same seed dropped other numbers")


def gradient_follows_the_mask() -> float:
    """The gradient is the mask itself: zero where a number was dropped."""
    x = torch.full((211,), 2.0, requires_grad=True)
    output = dropout(x, RATE)
    output.sum().backward()
    return same("the gradient", x.grad, output.detach() / 2, tolerance=1e-6)


PROBES = (identity_in_eval_mode, the_rate_is_kept, draws_are_new_and_seeded, gradient_follows_the_mask)
