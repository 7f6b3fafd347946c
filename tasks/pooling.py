"""Pooling: from one vector per token to one vector per sequence.

    pooler  tanh(h[CLS] W + b)          cls  h[CLS]
    mean    sum_t m_t h_t / sum_t m_t   max  max over t with m_t = 1, number by number

The mask m is 1 on real tokens, [CLS] and [SEP] included, and 0 on padding.  Every rule gives the same vector however much padding follows.
Letters: R sequences, T tokens, C model width.
"""

from __future__ import annotations

import torch
from torch import Tensor

from minbert.bert import BertOutput


def masked_mean(hidden: Tensor, mask: Tensor) -> Tensor:
    """Average the real tokens: hidden (R, T, C), mask (R, T) -> (R, C); a row without real tokens gives zeros.

    >>> masked_mean(torch.tensor([[[2.0], [4.0], [9.0]]]), torch.tensor([[1, 1, 0]]))
    tensor([[3.]])
    """
    hidden = hidden.masked_fill((mask == 0)[..., None], 0.0)  # filled, not multiplied: 0 * inf on a pad would be NaN
    counts = mask.ne(0).sum(dim=1, keepdim=True)  # (R, 1); dividing by T instead would shrink short sentences
    return hidden.sum(dim=1) / counts.clamp(min=1).to(hidden.dtype)  # (R, C)


def masked_max(hidden: Tensor, mask: Tensor) -> Tensor:
    """Largest value of the real tokens: hidden (R, T, C), mask (R, T) -> (R, C); a row without real tokens gives zeros.

    >>> masked_max(torch.tensor([[[-2.0], [-4.0], [9.0]]]), torch.tensor([[1, 1, 0]]))
    tensor([[-2.]])
    """
    pads = (mask == 0)[..., None]  # (R, T, 1)
    largest = hidden.masked_fill(pads, -torch.inf).amax(dim=1)  # (R, C); a fill of 0 would hide every negative maximum
    return largest.masked_fill(pads.all(dim=1), 0.0)  # all padding: 0, for -inf would poison the loss of the whole batch


def pooler_output(output: BertOutput, mask: Tensor) -> Tensor:
    """The encoder's own pooled vector (R, C); trained by next-sentence prediction in the released weights."""
    return output.pooler_output


def cls_state(output: BertOutput, mask: Tensor) -> Tensor:
    """The raw [CLS] state (R, C), before the pooler."""
    return output.last_hidden_state[:, 0]  # (R, C)


def mean_state(output: BertOutput, mask: Tensor) -> Tensor:
    """`masked_mean` of the last layer (R, C)."""
    return masked_mean(output.last_hidden_state, mask)


def max_state(output: BertOutput, mask: Tensor) -> Tensor:
    """`masked_max` of the last layer (R, C)."""
    return masked_max(output.last_hidden_state, mask)


# Name -> (BertOutput, mask (R, T)) -> (R, C).
POOLINGS = {"pooler": pooler_output, "cls": cls_state, "mean": mean_state, "max": max_state}

# These read position 0 alone, so the last layer need not compute any other row: `first_only` saves most of that layer.
FIRST_ONLY = frozenset({"pooler", "cls"})
