"""Fingerprints: a few numbers that stand for a tensor, enough to recognise an answer and too few to learn it from.

    print(x) = P x / sqrt(N)        x flattened to N numbers, P a fixed random matrix (5, N)

Two different answers agree in all five projections only by a coincidence that no test here has ever met; and a student's copy, which holds the
fingerprints of wrong answers, holds no way to produce them.
"""

from __future__ import annotations

import functools

import numpy as np
import torch
from torch import Tensor

from sanity_checks.look import Seen

LINES = 5
TOLERANCE = 1e-6  # relative to numbers above 1: right answers in float64 agree to 1e-13, answers computed in float32 to about 1e-7


def fingerprint(seen: Seen) -> dict[str, object]:
    """What is stored of an answer: {"text": ...} for words, else {"shape": ..., "print": five numbers at most}; NaN and infinities are counted."""
    if isinstance(seen, str):
        return {"text": seen}
    bad = int((~seen.isfinite()).sum())
    values = torch.nan_to_num(seen.double(), nan=0.0, posinf=0.0, neginf=0.0).clamp(-1e30, 1e30).flatten()  # (N,), so that sums stay finite
    numbers = _lines(values.numel()) @ values.numpy() / max(1, values.numel()) ** 0.5  # (5,)
    # eight digits: two machines agree on them, and they are finer than TOLERANCE
    stored: dict[str, object] = {"shape": list(seen.shape), "print": [float(f"{number:.8g}") for number in numbers]}
    return stored | ({"not finite": bad} if bad else {})


def match(one: dict[str, object], other: dict[str, object]) -> bool:
    """Whether two fingerprints are of the same answer: the same words, or the same shape and projections within TOLERANCE."""
    if "text" in one or "text" in other:
        return one.get("text") == other.get("text")
    if one["shape"] != other["shape"] or one.get("not finite") != other.get("not finite"):
        return False
    for a, b in zip(one["print"], other["print"]):  # type: ignore[call-overload]  # (a loop: this runs millions of times, and mostly ends at once)
        if not abs(a - b) <= TOLERANCE * max(1.0, abs(b)):
            return False
    return True


def equal(got: Seen, right: Seen) -> bool:
    """Whether an answer is the right one: the same words, or every number within TOLERANCE (relative above 1)."""
    if isinstance(got, str) or isinstance(right, str):
        return isinstance(got, str) and isinstance(right, str) and got == right
    if got.shape != right.shape or not got.isfinite().all():
        return False
    return not got.numel() or bool((got - right).abs().max() <= TOLERANCE * max(1.0, float(right.abs().max())))


@functools.cache
def _lines(numbers: int) -> np.ndarray:
    # RandomState and not default_rng: numpy has promised that this stream never changes
    lines = max(1, min(LINES, numbers))  # a few numbers need no more projections than they are
    return np.random.RandomState(20180524).standard_normal((lines, numbers))


def numbers(*shape: int, seed: int = 0) -> Tensor:
    """Normal float64 numbers that are the same on every machine and in every version, of the given shape: what probes are fed with."""
    return torch.from_numpy(_drawn(shape, seed).copy())


@functools.cache
def _drawn(shape: tuple[int, ...], seed: int) -> np.ndarray:
    # setting up a stream takes longer than a whole look at a small tensor, and probes ask for the same numbers again and again
    return np.random.RandomState(seed).standard_normal(shape)
