"""What the attention probe needs: a self-attention that can be built, filled and run, without its output projection and with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from sanity_checks.fingerprint import numbers


@dataclass(frozen=True)
class Attention:
    """build(width, heads, dropout rate) -> module in float64, with query, key and value maps filled with fixed large numbers, in eval mode;
    mix(module, hidden (B, T, C), mask (B, T)) -> (B, T, C), heads side by side, before any output projection;
    output(module, hidden, mask) -> (B, T, C) after it; ask(module, rows (B, Q, C), hidden, mask) -> (output (B, Q, C), weights (B, H, Q, T)),
    where only `rows` ask; formula(query, key, value, bias, dropout) -> (mixed, weights); bias(mask) -> (B, 1, 1, T): None where a layout has none."""

    build: Callable[[int, int, float], nn.Module]
    mix: Callable[[nn.Module, Tensor, Tensor], Tensor]
    output: Callable[[nn.Module, Tensor, Tensor], Tensor] | None = None
    ask: Callable[[nn.Module, Tensor, Tensor, Tensor], tuple[Tensor, Tensor]] | None = None
    formula: Callable[..., tuple[Tensor, Tensor]] | None = None
    bias: Callable[[Tensor], Tensor | None] | None = None


def fill(module: nn.Module, seed: int = 0, scale: float = 0.6) -> nn.Module:
    """Give every parameter of `module` fixed numbers, in the order of their names, and make it float64 and eval."""
    module = module.double().eval()
    with torch.no_grad():
        for place, (_, parameter) in enumerate(sorted(module.named_parameters())):
            parameter.copy_(scale * numbers(*parameter.shape, seed=1000 * seed + place))
    return module


def library() -> Attention:
    """The subject made of minbert/attention.py."""
    import minbert.attention as ours  # here, so that a file that cannot be read is reported when its component is checked

    def build(width: int, heads: int, dropout: float) -> nn.Module:
        return fill(ours.MultiHeadAttention(width, heads, dropout, "formula"))

    def bias(mask: Tensor) -> Tensor | None:
        return ours.attention_bias(mask, torch.float64)

    def course_bias(mask: Tensor) -> Tensor | None:
        # -10000 hides in course starters: with the same number here, the same mistake gives the same wrong answer in both
        given = bias(mask)
        return given.clamp(min=-1e4) if isinstance(given, Tensor) else given

    def output(module: nn.Module, hidden: Tensor, mask: Tensor) -> Tensor:
        return module(hidden, hidden, course_bias(mask)).output

    def mix(module: nn.Module, hidden: Tensor, mask: Tensor) -> Tensor:
        kept = module.output
        module.output = nn.Identity()
        try:
            return output(module, hidden, mask)
        finally:
            module.output = kept

    def ask(module: nn.Module, rows: Tensor, hidden: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        module.kernel = "fused"  # which keeps no weights: they must be computed because they are asked for
        return tuple(module(rows, hidden, course_bias(mask), need_weights=True))

    return Attention(build, mix, output, ask, ours.formula_attention, bias)
