"""What the SimCSE probe needs: the loss, the two views of a batch, and the head."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor, nn

from sanity_checks.subjects.attention import fill


@dataclass(frozen=True)
class Simcse:
    """loss(first, second (B, C), negatives, temperature, weight of hard negatives, groups) -> scalar; views(encode, *inputs) -> two (B, C);
    head(width, train only) -> module in float64, filled with fixed numbers, in eval mode."""

    loss: Callable[..., Tensor]
    views: Callable[..., tuple[Tensor, Tensor]]
    head: Callable[[int, bool], nn.Module]


def library() -> Simcse:
    """The subject made of regularizers/simcse.py."""
    import regularizers.simcse as ours  # here, so that a file that cannot be read is reported when its component is checked

    def loss(first: Tensor, second: Tensor, negatives: Tensor | None = None, temperature: float = 0.5, weight: float = 0.0, groups: Tensor | None = None) -> Tensor:
        return ours.simcse_loss(first, second, negatives, temperature, weight, groups)

    return Simcse(loss, lambda encode, *inputs: ours.two_views(encode, *inputs), lambda width, train_only: fill(ours.SimcseHead(width, train_only)))
