"""Pairs: how two sentences become one feature vector.

    siamese  u = pool(BERT(a)), v = pool(BERT(b)), features = [u; v] or [u; v; |u - v|], ...   (Reimers & Gurevych 2019, SBERT)
    cross    features = pool(BERT([CLS] a [SEP] b [SEP])): attention compares the words itself, nothing is left to combine

A siamese batch holds all first sentences above all second ones, (2B, T): one pass of the encoder serves both, with shared weights by
construction.  Letters: B pairs, F width of one sentence vector, n number of parts.
"""

from __future__ import annotations

import torch
from torch import Tensor

from minbert.errors import UserError

# One part of a feature vector -> how it is made from u and v, both (B, F).
PARTS = {
    "u": lambda u, v: u,
    "v": lambda u, v: v,
    "difference": lambda u, v: (u - v).abs(),  # without |.| the order of the sentences would matter
    "product": lambda u, v: u * v,
}

# The sets of SBERT's table 6, with its dev score on NLI -> STS.  "concat" is the course baseline; "sbert" the paper's choice.
PAIR_FEATURES = {
    "concat": ("u", "v"),  # 66.04
    "difference": ("difference",),  # 69.78
    "product": ("product",),  # 70.54
    "difference-product": ("difference", "product"),  # 78.37
    "concat-product": ("u", "v", "product"),  # 77.44
    "sbert": ("u", "v", "difference"),  # 80.78
    "all": ("u", "v", "difference", "product"),  # 80.44
}


def combine(u: Tensor, v: Tensor, features: str = "concat") -> Tensor:
    """Join two sentence vectors: u (B, F), v (B, F) -> (B, n F), n = len(PAIR_FEATURES[features]).

    >>> combine(torch.tensor([[1.0]]), torch.tensor([[3.0]]), "sbert")
    tensor([[1., 3., 2.]])
    """
    return torch.cat([PARTS[part](u, v) for part in PAIR_FEATURES[features]], dim=-1)  # (B, n F)


def split_siamese(pooled: Tensor) -> tuple[Tensor, Tensor]:
    """Undo the stacking of a siamese batch: (2B, F) -> u (B, F), v (B, F).  `UserError` for an odd number of rows."""
    if len(pooled) % 2:
        raise UserError(f"a siamese batch has {len(pooled)} rows, expected an even number: all first sentences, then all second ones.")
    first, second = pooled.chunk(2)  # (B, F) each
    return first, second
