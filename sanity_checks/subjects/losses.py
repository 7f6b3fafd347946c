"""What the losses probe needs: three losses as functions of raw scores and labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

Loss = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Losses:
    """classes: (scores (B, k), labels (B,) int64) -> scalar; binary and squared: (scores (B,), labels (B,) of the same dtype) -> scalar.

    None where a layout has none, or has it inside a training loop.
    """

    classes: Loss | None = None
    binary: Loss | None = None
    squared: Loss | None = None


def library() -> Losses:
    """The subject made of tasks/losses.py."""
    import tasks.losses as ours  # here, so that a file that cannot be read is reported when its component is checked

    return Losses(ours.cross_entropy, ours.binary_cross_entropy, ours.squared_error)
