"""Dropout: while training, each number is set to zero with probability p, and the survivors grow by 1 / (1 - p) (Srivastava et al. 2014).

    Dropout(x) = x * keep / (1 - p),   keep ~ Bernoulli(1 - p)

The formula is short and drawing is what costs: on a CPU, torch draws one 64-bit random number for each number it may drop, a tenth of a whole
training step.  Sixteen bits are plenty to decide a coin toss, so here each draw serves four numbers.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SIDES = 2**16  # the coin has this many sides, so the rate is rounded to the nearest 1 / 65536


def dropout(x: Tensor, rate: float, training: bool = True) -> Tensor:
    """x of any shape -> the same shape; the mask comes from torch's default generator of x's device.

    The survivors are scaled by the rounded rate, so the expected output is x exactly.
    """
    if not training or rate == 0.0:
        return x
    if x.device.type != "cpu":
        return F.dropout(x, rate)  # accelerators draw in parallel: their kernel is already fast
    dropped_sides = round(rate * SIDES)
    draws = torch.empty((x.numel() + 3) // 4, dtype=torch.int64).random_(-(2**63), None)  # all 64 bits random
    sides = draws.view(torch.int16)[: x.numel()].view(x.shape)  # four 16-bit numbers, -32768..32767, from each draw
    keep = (sides >= dropped_sides - SIDES // 2).to(x.dtype)
    return x * keep.mul_(SIDES / (SIDES - dropped_sides))


class Dropout(nn.Module):
    """`dropout` as a module: active in train mode, the identity in eval mode."""

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p  # the name that torch's module uses

    def forward(self, x: Tensor) -> Tensor:
        """x of any shape -> the same shape."""
        return dropout(x, self.p, self.training)

    def extra_repr(self) -> str:
        """What print(model) shows."""
        return f"p={self.p}"
