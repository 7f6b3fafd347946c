"""Attention: every token gathers, from all the others, what it asks for (Vaswani et al. 2017, section 3.2).

    Attention(Q, K, V) = softmax(Q K^T / sqrt(D) + mask) V

Letters: B batch, T tokens (Q of them ask, T of them answer), H heads, D head width, C = H D model width.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from minbert.dropout import dropout as drop
from minbert.errors import UserError


def attention_bias(attention_mask: Tensor, dtype: torch.dtype) -> Tensor | None:
    """Turn the public mask into the number that is added to the scores: 0 keeps a key, a hugely negative one hides it.

    attention_mask: (B, T), 1 keeps, 0 hides.  Returns (B, 1, 1, T), ready to broadcast over heads and queries, or None when nothing is hidden.
    dtype: the precision of the scores.
    """
    if attention_mask.dim() != 2:
        raise UserError(f"attention_mask has shape {tuple(attention_mask.shape)}, expected (B, T): one row per sentence, 1 keeps and 0 hides.")
    hidden = attention_mask == 0  # (B, T)
    if not hidden.any():
        return None  # an addition of zeros, left out: batches formed by length often have no padding at all
    # Finite, not -inf: a row that hides everything then becomes uniform instead of NaN.  Half of the lowest number, so that a negative score
    # added to it cannot overflow in half precision.
    bias = torch.zeros(attention_mask.shape, dtype=dtype, device=attention_mask.device).masked_fill(hidden, torch.finfo(dtype).min / 2)
    return bias[:, None, None, :]  # (B, 1, 1, T)


def formula_attention(query: Tensor, key: Tensor, value: Tensor, bias: Tensor | None, dropout: float = 0.0) -> tuple[Tensor, Tensor]:
    """Scaled dot-product attention, written as in the paper: score, mask, normalise, drop, mix.

    query (B, H, Q, D), key and value (B, H, T, D), bias (B, 1, 1, T) or None, dropout the rate on the probabilities.
    Returns the mixed values (B, H, Q, D) and the probabilities that mixed them (B, H, Q, T); each of their rows sums to 1 before dropout.
    """
    scores = query @ key.transpose(-2, -1) / math.sqrt(query.size(-1))  # (B, H, Q, T)
    if bias is not None:
        scores = scores + bias
    probabilities = scores.softmax(dim=-1)  # over the keys: each query's weights sum to one
    # Dropping a probability makes a query ignore one token now and then; dropping a score would not, since softmax renormalises.
    probabilities = drop(probabilities, dropout)
    return probabilities @ value, probabilities  # (B, H, Q, D)


def fused_attention(query: Tensor, key: Tensor, value: Tensor, bias: Tensor | None, dropout: float = 0.0) -> tuple[Tensor, None]:
    """The same equation by torch's fused kernel, which never stores the (B, H, Q, T) probabilities and so cannot return them.

    Equal to `formula_attention` in output and gradient (tests/minbert/test_attention.py holds both to 1e-12 in float64).
    """
    return F.scaled_dot_product_attention(query, key, value, attn_mask=bias, dropout_p=dropout), None  # (B, H, Q, D)


KERNELS = {"formula": formula_attention, "fused": fused_attention}


class Attended(NamedTuple):
    """What attention returns: `output` (B, Q, C) and `weights` (B, H, Q, T), or None when nobody asked for them."""

    output: Tensor
    weights: Tensor | None


class MultiHeadAttention(nn.Module):
    """H attentions side by side, each D wide, followed by the output projection (Vaswani et al. 2017, section 3.2.2).

        head_h = Attention(x W_h^Q + b_h^Q, y W_h^K + b_h^K, y W_h^V + b_h^V),   output = [head_1; ...; head_H] W^O + b^O

    The rows that ask (x) and the rows that answer (y) are separate arguments, so that one layer can compute [CLS] alone; self-attention
    passes the same tensor twice.
    """

    def __init__(self, width: int, num_heads: int, dropout: float, kernel: str = "fused") -> None:
        super().__init__()
        if kernel not in KERNELS:
            raise UserError(f"attention={kernel!r} is unknown, expected one of {', '.join(sorted(KERNELS))}.")
        self.num_heads, self.dropout, self.kernel = num_heads, dropout, kernel
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.output = nn.Linear(width, width)

    def forward(self, asking: Tensor, answering: Tensor, bias: Tensor | None, need_weights: bool = False) -> Attended:
        """asking (B, Q, C), answering (B, T, C), bias (B, 1, 1, T) or None; returns output (B, Q, C) and, if asked, weights (B, H, Q, T)."""
        query = self.split_heads(self.query(asking))  # (B, H, Q, D)
        key = self.split_heads(self.key(answering))  # (B, H, T, D)
        value = self.split_heads(self.value(answering))  # (B, H, T, D)
        rate = self.dropout if self.training else 0.0
        # The fused kernel never holds the weights; and on a CPU it has no dropout of its own and falls back to a slower formula than ours.
        by_formula = need_weights or (rate > 0 and query.device.type == "cpu")
        mixed, weights = KERNELS["formula" if by_formula else self.kernel](query, key, value, bias, rate)  # (B, H, Q, D)
        return Attended(self.output(self.merge_heads(mixed)), weights)  # (B, Q, C)

    def split_heads(self, states: Tensor) -> Tensor:
        """(B, T, C) -> (B, H, T, D): cut the width into heads, then bring heads in front of tokens."""
        return states.unflatten(-1, (self.num_heads, -1)).transpose(1, 2)  # (B, T, H, D) -> (B, H, T, D)

    def merge_heads(self, states: Tensor) -> Tensor:
        """(B, H, T, D) -> (B, T, C): the way back; without the transpose the shape would be right and the numbers shuffled."""
        return states.transpose(1, 2).flatten(-2)  # (B, T, H, D) -> (B, T, C)
