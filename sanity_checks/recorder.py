"""A dropout that can be watched: it notes what it was given and drops a fixed pattern instead of a random one.

Where dropout sits cannot be seen in eval mode, and in train mode chance hides it. With the pattern fixed, a train-mode output has one right
value. The pattern depends on the place of a number, so that a LayerNorm behind it cannot undo it.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import ModuleType
from unittest import mock

import torch
import torch.nn.functional as F
from torch import Tensor

import minbert.dropout  # noqa: F401  (found through sys.modules below)


@dataclass(frozen=True)
class Dropped:
    """One call of dropout in train mode: what went in, any shape, and the rate."""

    given: Tensor
    rate: float


def pattern(x: Tensor, rate: float) -> Tensor:
    """Dropout with a fixed choice: 2 of every 7 numbers become 0 whatever the rate, the others grow by 1 / (1 - rate)."""
    keep = (torch.arange(x.numel(), device=x.device) * 5 % 7 >= 2).view(x.shape)
    return x * keep / (1 - rate)


@contextmanager
def recorded_dropout() -> Iterator[list[Dropped]]:
    """Inside, every dropout, ours and torch's, module, function or inside fused attention, is `pattern` and is noted in the list."""
    calls: list[Dropped] = []

    def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
        if not training or p == 0:
            return input
        calls.append(Dropped(input.detach().clone(), p))
        return pattern(input, p)

    def attention(query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None = None, dropout_p: float = 0.0,
                  is_causal: bool = False, scale: float | None = None) -> Tensor:
        # The fused kernel draws its own random numbers, so inside the recorder its equation is written out.
        scores = query @ key.transpose(-2, -1) * (scale or 1 / math.sqrt(query.size(-1)))  # (B, H, Q, T)
        weights = (scores if attn_mask is None else scores + attn_mask).softmax(-1)
        return dropout(weights, dropout_p) @ value  # (B, H, Q, D)

    with ExitStack() as patches:
        patches.enter_context(mock.patch.object(F, "dropout", dropout))
        patches.enter_context(mock.patch.object(F, "scaled_dot_product_attention", attention))
        for module, name in _places_of_our_dropout():
            patches.enter_context(mock.patch.object(module, name, dropout))
        yield calls


def _places_of_our_dropout() -> list[tuple[ModuleType, str]]:
    # `from minbert.dropout import dropout as drop` makes a second name, and replacing the first would leave it as it was.
    ours = sys.modules["minbert.dropout"].dropout
    loaded = [module for name, module in list(sys.modules.items()) if name.startswith(("minbert.", "tasks.", "regularizers.")) and module]
    return [(module, name) for module in loaded for name, value in list(vars(module).items()) if value is ours]
