"""What the feed-forward probe needs: the activation alone, and the network of two linear maps around one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from unittest import mock

import torch.nn.functional as F
from torch import Tensor, nn

from sanity_checks.subjects.attention import fill


@dataclass(frozen=True)
class FeedForward:
    """build(width, inner width) -> module in float64 and eval mode, filled with fixed large numbers; run(module, x (B, T, C)) -> (B, T, C);
    gelu(x) -> x's shape, or None where a layout has no activation of its own; parameters: the module's names for the two maps' parameters."""

    build: Callable[[int, int], nn.Module]
    run: Callable[[nn.Module, Tensor], Tensor]
    gelu: Callable[[Tensor], Tensor] | None = None
    parameters: tuple[str, str, str, str] = ("expand.weight", "expand.bias", "contract.weight", "contract.bias")


def library() -> FeedForward:
    """The subject made of minbert/feed_forward.py."""
    import minbert.feed_forward as ours  # here, so that a file that cannot be read is reported when its component is checked

    def run(module: nn.Module, x: Tensor) -> Tensor:
        # torch's activation stands in for the module's own `gelu`, so that a mistake in that one shows once and not again in the network
        with mock.patch.object(ours, "gelu", F.gelu, create=True):
            return module(x)

    return FeedForward(lambda width, inner: fill(ours.FeedForward(width, inner), seed=3), run, lambda x: ours.gelu(x))
