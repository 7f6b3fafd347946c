"""What the AdamW probe needs: a way to make an optimizer, and our own formulas where a layout has them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor
from torch.optim import Optimizer


@dataclass(frozen=True)
class AdamW:
    """make(parameters or groups, lr=, betas=, eps=, weight_decay=, correct_bias=) -> optimizer; nobody looks into its state, only at parameters;
    averages(gradient, mean, square, betas) moves the two averages in place; corrections(step, betas, correct_bias) -> (c1, c2);
    update(parameter, gradient, mean, square, step, lr, betas, eps, weight_decay, correct_bias) moves one tensor in place; None where a layout
    has none of these; torch_update and make_torch: the same two of the form that torch.optim.AdamW has."""

    make: Callable[..., Optimizer]
    averages: Callable[[Tensor, Tensor, Tensor, tuple[float, float]], None] | None = None
    corrections: Callable[[int, tuple[float, float], bool], tuple[float, float]] | None = None
    update: Callable[..., Any] | None = None
    torch_update: Callable[..., Any] | None = None
    make_torch: Callable[..., Optimizer] | None = None


def library() -> AdamW:
    """The subject made of optim/adamw.py."""
    import optim.adamw as ours  # here, so that a file that cannot be read is reported when its component is checked

    make, make_torch = (functools.partial(ours.AdamW, form=form, backend="eager") for form in ("course", "torch"))
    return AdamW(make, ours.moving_averages, ours.bias_corrections, ours.course_update, ours.torch_update, make_torch)
