"""What the unfreezing probe needs: when a part joins, and who learns in an epoch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from torch import Tensor, nn


@dataclass(frozen=True)
class Unfreezing:
    """rung(name, layers) -> epochs after which a part joins, or None; begin(model, tensors that will learn in the end, layers, layers an epoch,
    epoch from 0, epochs of the run): afterwards requires_grad and train mode are those of that epoch; gives the sentences that a person is told."""

    rung: Callable[[str, int], int | None]
    begin: Callable[[nn.Module, Sequence[Tensor], int, int, int, int], Sequence[str]]


def library() -> Unfreezing:
    """The subject made of tasks/unfreezing.py."""
    import tasks.unfreezing as ours  # here, so that a file that cannot be read is reported when its component is checked

    def begin(model: nn.Module, learning: Sequence[Tensor], depth: int, layers: int, epoch: int, epochs: int) -> list[str]:
        told: list[str] = []
        ours.Unfreezing(model, learning, depth, layers, told.append).begin(epoch, epochs)
        return told

    return Unfreezing(lambda name, depth: ours.rung(name, depth), begin)
