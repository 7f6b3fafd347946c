"""What the pooling probe needs: a mean and a maximum over the real tokens, as functions of hidden states and mask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

Pool = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Pooling:
    """mean and largest: (hidden (R, T, C), mask (R, T) of 0 and 1, int64) -> (R, C); None where a layout has none."""

    mean: Pool | None = None
    largest: Pool | None = None


def library() -> Pooling:
    """The subject made of tasks/pooling.py."""
    import tasks.pooling as ours  # here, so that a file that cannot be read is reported when its component is checked

    return Pooling(ours.masked_mean, ours.masked_max)
