"""The feed-forward network of an encoder layer: widen, bend, narrow, the same for every token (Vaswani et al. 2017, section 3.3).

    FFN(x) = GELU(x W_1 + b_1) W_2 + b_2

Letters: B batch, T tokens, C model width; the inner width is usually 4 C.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def gelu(x: Tensor) -> Tensor:
    """GELU(x) = x P(Z <= x) = x/2 (1 + erf(x / sqrt 2)) for standard normal Z (Hendrycks and Gimpel 2016); any shape.

    BERT uses this exact form.  The tanh approximation differs by up to 4.7e-4 per number, enough to miss released outputs at 1e-5.

    >>> gelu(torch.tensor([1.0, -1.0, 0.5]))
    tensor([ 0.8413, -0.1587,  0.3457])
    """
    return 0.5 * x * (1 + torch.erf(x / math.sqrt(2)))


class FeedForward(nn.Module):
    """Two linear maps with a GELU between them."""

    def __init__(self, width: int, inner_width: int) -> None:
        super().__init__()
        self.expand = nn.Linear(width, inner_width)  # at 4 C wide these two maps hold 8 C^2 of a layer's 12 C^2 weights
        self.contract = nn.Linear(inner_width, width)

    def forward(self, x: Tensor) -> Tensor:
        """x (B, T, C) -> (B, T, C)."""
        # torch's kernel computes `gelu` above in one pass over memory; tests/minbert/test_feed_forward.py holds the two equal.
        return self.contract(F.gelu(self.expand(x)))  # (B, T, C) -> (B, T, 4C) -> (B, T, C)
