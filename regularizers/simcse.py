"""SimCSE: two views of one sentence should be near each other, and far from every other sentence (Gao et al. 2021).

    loss_i = -log  exp(cos(z_i, z'_i) / tau)  /  sum_j [ exp(cos(z_i, z'_j) / tau)  (+ exp(cos(z_i, n_j) / tau), n_j a hard negative) ]

Unsupervised, the views z and z' are two passes over the same sentence in train mode: nothing but dropout tells them apart. Supervised, z' is a
sentence that means the same, and n one that looks alike and does not. Letters: B batch, C width of a sentence vector.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

TEMPERATURE = 0.05  # of the paper, for both kinds


def cosines(first: Tensor, second: Tensor) -> Tensor:
    """cos(z_i, z'_j) of every pair: (B, C), (M, C) -> (B, M). A vector of zeros has cosine 0 with everything."""
    return F.normalize(first, dim=-1) @ F.normalize(second, dim=-1).T  # (B, C) (C, M) -> (B, M)


def simcse_loss(
    first: Tensor, second: Tensor, negatives: Tensor | None = None, temperature: float = TEMPERATURE, hard_weight: float = 0.0,
    groups: Tensor | None = None,
) -> Tensor:
    """The mean of loss_i over a batch, a scalar; first, second and negatives are (B, C), and row i of each belongs to sentence i.

    hard_weight: added to the logit of a sentence's own hard negative, log 3 counts it three times; groups (B,): sentences with equal numbers
    are the same one and never each other's negatives (the questions of a paraphrase set come several times). ValueError for other shapes and
    for a temperature that is not above 0.
    """
    _expect(first, second, negatives, temperature, groups)
    logits = cosines(first, second) / temperature  # (B, B): row i, column j
    places = torch.arange(len(first), device=first.device)  # the positive of row i stands in column i; counted anew, as a last batch is smaller
    if groups is not None:
        logits = logits.masked_fill(_duplicates(groups), -torch.inf)
    if negatives is not None:
        hard = cosines(first, negatives) / temperature  # (B, B)
        logits = torch.cat([logits, hard + hard_weight * torch.eye(len(first), dtype=hard.dtype, device=hard.device)], 1)  # (B, 2 B)
    # One direction only: the 2B x 2B matrix of NT-Xent, which also compares views of the same pass, is another loss.
    return F.cross_entropy(logits, places)


def two_views(encode: Callable[..., Tensor], *inputs: Tensor) -> tuple[Tensor, Tensor]:
    """Encode every row twice in one pass: inputs (B, ...) -> two views (B, C) each.

    One pass over the doubled batch does it, since dropout draws each row's mask apart. In eval mode both views are equal, the positives give
    no gradient, and only the negatives still push.
    """
    first, second = encode(*(torch.cat([each, each]) for each in inputs)).chunk(2)  # (2 B, ...) -> (2 B, C) -> twice (B, C)
    return first, second


class SimcseHead(nn.Module):
    """tanh(h[CLS] W + b), between the encoder and the loss.

    train_only: the unsupervised recipe throws the head away at test time, where the [CLS] vector itself is the better sentence vector; the
    supervised one keeps it. Its weights start afresh, drawn from `generator`.
    """

    def __init__(self, width: int, train_only: bool = True, generator: torch.Generator | None = None) -> None:
        super().__init__()
        self.dense, self.train_only = nn.Linear(width, width), train_only
        nn.init.normal_(self.dense.weight, 0.0, 0.02, generator=generator)  # as BERT draws
        nn.init.zeros_(self.dense.bias)

    def forward(self, vectors: Tensor) -> Tensor:
        """vectors (B, C) -> (B, C), unchanged where the head is left out."""
        return vectors if self.train_only and not self.training else torch.tanh(self.dense(vectors))


def _duplicates(groups: Tensor) -> Tensor:
    same = groups[:, None] == groups[None]  # (B, B)
    return same & ~torch.eye(len(groups), dtype=torch.bool, device=groups.device)  # the positive itself stays


def _expect(first: Tensor, second: Tensor, negatives: Tensor | None, temperature: float, groups: Tensor | None) -> None:
    for name, each in (("second", second), ("negatives", negatives)):
        if each is not None and (first.dim() != 2 or each.shape != first.shape):
            raise ValueError(f"SimCSE got first of shape {tuple(first.shape)} and {name} of shape {tuple(each.shape)}, expected (B, C) twice.")
    if not len(first):
        raise ValueError("SimCSE got an empty batch, expected at least one sentence.")
    if not temperature > 0:
        raise ValueError(f"SimCSE got a temperature of {temperature}, expected one above 0: cosines are divided by it.")
    if groups is not None and groups.shape != first.shape[:1]:
        raise ValueError(f"SimCSE got groups of shape {tuple(groups.shape)}, expected ({len(first)},): one number per sentence.")
