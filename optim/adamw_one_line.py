"""Both forms of AdamW as one line, the shape in which compilers and ready-made kernels take them.

Write alpha = lr sqrt(c2)/c1, the corrected step size, and keep = 1 - lr lam, what the decay leaves of a weight.

    course   keep (theta - alpha m/(sqrt(v) + eps))                = keep theta - (keep alpha) m/(sqrt(v) + eps)
    torch    keep theta - lr (m/c1) / (sqrt(v)/sqrt(c2) + eps)     = keep theta -       alpha  m/(sqrt(v) + eps sqrt(c2))

(the second by multiplying numerator and denominator by sqrt(c2)).  So the forms differ in two numbers, and no kernel needs to know about them.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple


class Scalars(NamedTuple):
    """The numbers of one step in   theta <- keep theta - step_size m/(sqrt(v) + eps)."""

    keep: float
    step_size: float
    eps: float


class TorchSettings(NamedTuple):
    """What torch's own kernel must be told so that it takes the step; step is infinite where the bias correction is off."""

    step: float
    lr: float
    weight_decay: float
    eps: float


def corrections_at(step: float, betas: tuple[float, float]) -> tuple[float, float]:
    """c1 and sqrt(c2) at `step`; both 1 at step infinity, which is how a switched-off correction is expressed here."""
    return 1 - betas[0] ** step, math.sqrt(1 - betas[1] ** step)  # b ** inf is 0.0, so infinity needs no case of its own


def one_line(form: str, step: int, settings: dict[str, Any]) -> Scalars:
    """The three numbers of `form` ("course" or "torch") at `step` (from 1), for settings as `AdamW` keeps them in a group."""
    c1, root = corrections_at(step if settings["correct_bias"] else math.inf, settings["betas"])
    keep = 1 - settings["lr"] * settings["weight_decay"]
    alpha = settings["lr"] * root / c1  # c1 is small at first, as m still holds much of its starting 0
    if form == "course":
        return Scalars(keep, keep * alpha, settings["eps"])
    return Scalars(keep, alpha, settings["eps"] * root)


def as_torch_settings(form: str, step: int, settings: dict[str, Any]) -> TorchSettings | None:
    """The settings under which torch's AdamW takes the step of `form`, or None where there are none.

    torch's kernel computes (1 - lr' lam') theta - lr' sqrt(c2)/c1 m/(sqrt(v) + eps' sqrt(c2)); comparing with the course's line above,

        lr' = keep lr      eps' = eps/sqrt(c2)      lam' = lr lam / lr'

    With lr lam = 1 the decay leaves nothing of the weight, lr' is 0 and there is no lam' to divide out.
    """
    told = step if settings["correct_bias"] else math.inf
    if form == "torch":
        return TorchSettings(told, settings["lr"], settings["weight_decay"], settings["eps"])
    keep = 1 - settings["lr"] * settings["weight_decay"]  # lam' below is lr lam / (keep lr) = lam / keep
    if keep == 0:
        return None
    _, root = corrections_at(told, settings["betas"])
    return TorchSettings(told, settings["lr"] * keep, settings["weight_decay"] / keep, settings["eps"] / root)
