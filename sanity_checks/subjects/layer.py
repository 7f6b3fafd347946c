"""What the layer probe needs: one encoder layer that can be built, filled and run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from sanity_checks.subjects.sizes import Sizes, leaves


@dataclass(frozen=True)
class Layer:
    """build(sizes) -> module; parts(module) -> its linear maps, norms and dropouts under this library's names;
    run(module, hidden (B, T, C), mask (B, T)) -> new states (B, T, C), or whatever else the layer returned.

    None where a layout has none: first, as run, for position 0 alone (B, 1, C); weights(module, hidden, mask, wanted) -> (B, H, T, T) or None;
    kind(module, hidden, mask) -> the name of the type that the layer returns.
    """

    build: Callable[[Sizes], nn.Module]
    parts: Callable[[nn.Module], Mapping[str, nn.Module]]
    run: Callable[[nn.Module, Tensor, Tensor], object]
    first: Callable[[nn.Module, Tensor, Tensor], object] | None = None
    weights: Callable[[nn.Module, Tensor, Tensor, bool], object] | None = None
    kind: Callable[[nn.Module, Tensor, Tensor], str] | None = None


def library() -> Layer:
    """The subject made of minbert/layer.py."""
    from minbert import attention  # here, so that a file that cannot be read is reported when its component is checked
    from minbert.config import BertConfig
    from minbert.layer import EncoderLayer

    def build(sizes: Sizes) -> nn.Module:
        return EncoderLayer(BertConfig(hidden_size=sizes.width, num_attention_heads=sizes.heads, intermediate_size=sizes.inner,
                                       attention_probs_dropout_prob=sizes.attention_rate))  # fmt: skip

    def call(module: nn.Module, hidden: Tensor, mask: Tensor, **switches: bool) -> object:
        return module(hidden, attention.attention_bias(mask, torch.float64), **switches)

    def run(module: nn.Module, hidden: Tensor, mask: Tensor, **switches: bool) -> object:
        returned = call(module, hidden, mask, **switches)
        return getattr(returned, "output", returned)

    def first(module: nn.Module, hidden: Tensor, mask: Tensor) -> object:
        return run(module, hidden, mask, first_only=True)

    def weights(module: nn.Module, hidden: Tensor, mask: Tensor, wanted: bool) -> object:
        return getattr(call(module, hidden, mask, need_weights=wanted), "weights", None)

    def kind(module: nn.Module, hidden: Tensor, mask: Tensor) -> str:
        return type(call(module, hidden, mask)).__name__

    return Layer(build, leaves, run, first, weights, kind)
