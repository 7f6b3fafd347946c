"""What the unfreezing probe needs: when a part joins, and who learns in an epoch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from torch import Tensor, nn


@dataclass(frozen=True)
class Unfreezing:
    """rung(name, layers) -> epochs after which a part joins, or None; begin(model, tensors that will learn in the end, layers, layers an epoch,
    epoch from 0): afterwards requires_grad and train mode are those of that epoch."""

    rung: Callable[[str, int], int | None]
    begin: Callable[[nn.Module, Sequence[Tensor], int, int, int], object]


def library() -> Unfreezing:
    """The subject made of tasks/unfreezing.py."""
    import tasks.unfreezing as ours  # here, so that a file that cannot be read is reported when its component is checked

    def begin(model: nn.Module, learning: Sequence[Tensor], depth: int, layers: int, epoch: int) -> None:
        ours.Unfreezing(model, learning, depth, layers, lambda sentence: None).begin(epoch, 9)

    return Unfreezing(lambda name, depth: ours.rung(name, depth), begin)
