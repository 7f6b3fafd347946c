"""What a probe says: nothing, or one sentence about the first thing that differs."""

from __future__ import annotations

import torch
from torch import Tensor

from minbert.errors import UserError

TOLERANCE = 1e-10  # for float64; right answers that add in another order agree to about 1e-14


class CheckFailed(ValueError):
    """Something differs from the reference; the message is one sentence that says what."""


def same(what: str, got: object, expected: Tensor, tolerance: float = TOLERANCE) -> float:
    """The largest difference between two tensors of one shape; `CheckFailed` when it is above `tolerance`, relative to numbers above 1.

    what: how the sentence calls the tensor. The place named is that of the largest difference.
    """
    if not isinstance(got, Tensor):
        raise CheckFailed(f"{what} is {type(got).__name__}, expected a tensor: is the `return` missing?")
    if got.shape != expected.shape:
        raise CheckFailed(f"{what} has shape {tuple(got.shape)}, expected {tuple(expected.shape)}")
    if not got.numel():
        return 0.0
    got, expected = got.detach().double(), expected.detach().double()
    if not got.isfinite().all():
        raise CheckFailed(f"{what} holds NaN or infinity")
    apart = (got - expected).abs()
    worst = float(apart.max())
    if worst > tolerance * max(1.0, float(expected.abs().max())):
        place = [int(index) for index in torch.unravel_index(apart.argmax(), apart.shape)]
        numbers = f"got {got[tuple(place)]:.6g}, expected {expected[tuple(place)]:.6g}"
        wrong = int((apart > tolerance).sum())
        raise CheckFailed(f"{what} differs by up to {worst:.2g} in {wrong} of {got.numel()} numbers, most at {place} ({numbers})")
    return worst


def expect(condition: object, sentence: str) -> None:
    """Raise `CheckFailed(sentence)` unless `condition` holds; a tensor of booleans must hold everywhere."""
    holds = bool(condition.all()) if isinstance(condition, Tensor) else bool(condition)
    if not holds:
        raise CheckFailed(sentence)


def refuses(what: str, function: object, *arguments: object, error: type[ValueError] = UserError, **named: object) -> None:
    """Raise `CheckFailed` unless calling `function` raises `error`: a wrong input must be refused, not computed with."""
    try:
        function(*arguments, **named)  # type: ignore[operator]
    except error:
        return
    raise CheckFailed(f"{what} was accepted, expected {error.__name__}")


class Skipped(ValueError):
    """This check cannot be made on this machine; the message says why."""
