"""Cached features: with a frozen encoder, encode each sentence once and train the heads on the result.

    features = combine(pool(encode(embed(ids))))   once per split          logits = head(features)   once per step

In "last-linear-layer" mode the encoder has no dropout and never changes, so its features are the same in every epoch.  Training for ten
epochs then costs one pass of the encoder instead of ten.
Letters: N examples, B batch, F feature width, k scores.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from functools import partial

import torch
from torch import Tensor, nn

from minbert.errors import UserError
from tasks.batching import Batch
from tasks.encoding import EncodedSplit
from tasks.evaluate import over_split
from tasks.model import MultitaskModel


def precompute_features(
    model: MultitaskModel,
    encoded: EncodedSplit,
    batch_size: int = 32,
    device: torch.device | str = "cpu",
    autocast: contextlib.AbstractContextManager[object] | None = None,
    progress: Callable[[list[list[int]]], Iterable[list[int]]] = iter,
) -> Tensor:
    """Encode a whole split: returns (N, F), row i belongs to example i of the file; arguments as in `evaluate`.

    Raises `UserError` unless the encoder is frozen.
    """
    if not model.frozen:
        raise UserError("features can be cached only for a frozen encoder (fine_tune_mode='last-linear-layer'): a trained one outgrows them.")
    # A frozen encoder is in eval mode already.  no_grad and not inference_mode: a head's backward must be allowed to keep these tensors.
    with torch.no_grad(), autocast or contextlib.nullcontext():
        return over_split(lambda batch: model.features(batch, model.embed(batch)), encoded, batch_size, device, progress)[0]


class CachedModel(nn.Module):
    """Looks like `MultitaskModel` (tasks, embed, logits_of, forward), but finds features in a table and computes the head alone.

    model: the frozen model, whose heads are used and trained; features: task name -> (N, F) of the split that the batches come from.
    What `embed` returns is the feature vector, so a regularizer would perturb features and not words: use the uncached model for that.
    """

    def __init__(self, model: MultitaskModel, features: Mapping[str, Tensor]) -> None:
        super().__init__()
        self.model, self.tasks, self.table = model, model.tasks, dict(features)

    def embed(self, batch: Batch, point: str = "output") -> Tensor:
        """The stored features of a batch: (B, F); there is no other point to enter at."""
        if batch.task not in self.table:
            raise UserError(f"no features of task {batch.task!r} are stored, only of {', '.join(self.table)}: call precompute_features for it.")
        table = self.table[batch.task]  # (N, F)
        return table[torch.tensor(batch.indices, device=table.device)]  # (B, F)

    def logits_of(self, batch: Batch, point: str = "output") -> Callable[[Tensor], Tensor]:
        """The head of the batch's task, and what heads share below it: (B, F) -> (B, k) or (B,)."""
        return partial(self.model.answer, batch.task)

    def loss(self, batch: Batch, logits: Tensor) -> Tensor:
        """The loss of a batch with labels, a scalar, as the model's."""
        return self.model.loss(batch, logits)

    def forward(self, batch: Batch) -> Tensor:
        """Logits (B, k) or (B,)."""
        return self.logits_of(batch)(self.embed(batch))
