"""What the probe of the relational layer needs: directions, the features of a pair, and the layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor, nn

from sanity_checks.subjects.attention import fill


@dataclass(frozen=True)
class Relation:
    """direction(u (B, C)) -> (B, C); features(u, v) -> (B, 4C); layer(width, rate) -> module from (B, 4C) to (B, C), float64, filled with fixed
    numbers, in eval mode."""

    direction: Callable[[Tensor], Tensor]
    features: Callable[[Tensor, Tensor], Tensor]
    layer: Callable[[int, float], nn.Module]


def library() -> Relation:
    """The subject made of tasks/relation.py."""
    import tasks.relation as ours  # here, so that a file that cannot be read is reported when its component is checked

    return Relation(lambda u: ours.direction(u), lambda u, v: ours.relational_features(u, v), lambda width, rate: fill(ours.RelationalLayer(width, rate)))
