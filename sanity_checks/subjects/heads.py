"""What the heads probe needs: dropout and one linear map, from features to raw scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor, nn

from sanity_checks.subjects.attention import fill


@dataclass(frozen=True)
class Heads:
    """build(features, scores, dropout rate) -> module in float64, filled with fixed large numbers, in eval mode; run(module, features (B, F)) ->
    (B, k), or (B,) for one score; linear(module) -> the map whose gradients are looked at, None where a layout has no single one."""

    build: Callable[[int, int, float], nn.Module]
    run: Callable[[nn.Module, Tensor], Tensor]
    linear: Callable[[nn.Module], nn.Linear] | None = None


def library() -> Heads:
    """The subject made of tasks/heads.py."""
    import tasks.heads as ours  # here, so that a file that cannot be read is reported when its component is checked

    return Heads(lambda features, scores, rate: fill(ours.LinearHead(features, scores, rate)), lambda module, x: module(x), lambda module: module.linear)
