"""Words for a difference that no mistake in the bank explains: which look, where in it, along which axis, and the two numbers."""

from __future__ import annotations

import torch
from torch import Tensor

from sanity_checks.fingerprint import TOLERANCE
from sanity_checks.look import Observation


def describe(name: str, got: Observation, right: Observation) -> str:
    """One sentence about how `got` differs from `right`; `name` is what the look is called."""
    a, b = got.seen, right.seen
    if isinstance(a, str) or isinstance(b, str):
        return f"{name}: {_got(a)}, expected {_wanted(b)}"
    if a.shape != b.shape:
        return f"{name} has shape {tuple(a.shape)}, expected {tuple(b.shape)}{_letters(right.axes)}"
    if not a.isfinite().all():
        return f"{name} holds NaN or infinity in {int((~a.isfinite()).sum())} of {a.numel()} numbers"
    apart = (a - b).abs() > TOLERANCE * max(1.0, float(b.abs().max()))
    place = [int(index) for index in torch.unravel_index((a - b).abs().argmax(), a.shape)]
    numbers = f"got {a[tuple(place)]:.6g}, expected {b[tuple(place)]:.6g}" + (f" at {_at(place, right.axes)}" if place else "")
    return f"{name} differs in {int(apart.sum())} of {a.numel()} numbers{_where(apart, right.axes)}: {numbers}{_relation(a, b)}"


def _got(seen: Tensor | str) -> str:
    if isinstance(seen, str) and seen.startswith("raised"):
        return "your code " + seen.partition(" Hint: ")[0].rstrip(".")  # torch's own hint is about debugging in general
    return f"got {seen}" if isinstance(seen, str) and len(seen) > 3 else _wanted(seen)


def _wanted(seen: Tensor | str) -> str:
    return seen if isinstance(seen, str) else f"a tensor of shape {tuple(seen.shape)}"


def _letters(axes: tuple[str, ...]) -> str:
    return f" ({', '.join(axes)})" if axes else ""


def _at(place: list[int], axes: tuple[str, ...]) -> str:
    # people count sentences and tokens as the code indexes them, from 0
    return ", ".join(f"{axis} {index}" for axis, index in zip(axes, place)) if len(axes) == len(place) else f"index {place}"


def _where(apart: Tensor, axes: tuple[str, ...]) -> str:
    """The axes along which only some places differ: ", only in sentence 1, token 3 to 4"."""
    if len(axes) != apart.dim():
        return ""
    told = []
    for number, axis in enumerate(axes):
        others = [other for other in range(apart.dim()) if other != number]
        hit = (apart.any(dim=tuple(others)) if others else apart).nonzero().flatten().tolist()
        if len(hit) < apart.size(number):
            run = hit == list(range(hit[0], hit[-1] + 1)) and len(hit) > 1
            told.append(f"{axis} {hit[0]} to {hit[-1]}" if run else f"{axis} {', '.join(map(str, hit))}")
    return ", only in " + "; ".join(told) if told else ", along every axis" if apart.dim() > 1 and bool(apart.all()) else ""


def _relation(a: Tensor, b: Tensor) -> str:
    """What simple thing turns one into the other, if one does; words to think with, never a verdict."""
    if a.numel() < 3:
        return ""
    scale = float((a * b).sum() / (b * b).sum().clamp(min=1e-30))
    near = lambda x, y: bool((x - y).abs().max() <= 1e-6 * max(1.0, float(y.abs().max())))
    if near(a, scale * b) and abs(scale - 1) > 1e-6:
        return f"; every number is {scale:.6g} times the expected one" if abs(scale) > 1e-9 else "; every number is 0"
    if near(a.flatten().sort().values, b.flatten().sort().values):
        return "; these are the right numbers in another order"
    shift = float((a - b).mean())
    return f"; every number is {shift:.6g} too large" if near(a, b + shift) else ""
