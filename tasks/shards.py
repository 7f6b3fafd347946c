"""Whose rows are whose: each batch is drawn whole on every process, from the same streams, and cut into equal parts.

    process r of N takes rows r b .. (r + 1) b - 1,   b = ceil(B / N)

At the end of an epoch a batch may be shorter and not divide: the last processes then lack rows. They read the last row once more, which keeps
all parts alike in shape and all processes in step, and what they make of it is left out, so it counts nothing, forward and backward.
Letters: N processes, B examples of a batch, b of its part, R rows of tensors (B, or 2B for siamese pairs), T tokens, C model width, k scores.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor, nn

from tasks.batching import Batch
from tasks.collectives import gather_with_gradient, take_rows
from tasks.processes import World


def places(count: int, world: World) -> list[int]:
    """Which of `count` rows this process reads: ceil(count / N) places, the last one again where there are too few.

    >>> [places(5, World(rank, 3)) for rank in range(3)]
    [[0, 1], [2, 3], [4, 4]]
    """
    part = -(-count // world.size)
    return [min(place, count - 1) for place in range(world.rank * part, (world.rank + 1) * part)]


def kept(count: int, world: World) -> int:
    """How many of `places` count: those that are not the last row once more. They come first.

    >>> [kept(5, World(rank, 4)) for rank in range(4)]
    [2, 2, 1, 0]
    """
    part = -(-count // world.size)
    return max(0, min(part, count - world.rank * part))


def part_of(batch: Batch, world: World) -> Batch:
    """This process's part of a batch, padded as the whole: SMART's noise is drawn for the whole, and no process waits for a longer part."""
    mine = places(batch.size, world)
    rows = [start + place for start in range(0, len(batch.input_ids), batch.size) for place in mine]  # siamese: firsts, then seconds
    return replace(
        batch, input_ids=batch.input_ids[rows], attention_mask=batch.attention_mask[rows], token_type_ids=batch.token_type_ids[rows],
        labels=None if batch.labels is None else batch.labels[mine], ids=tuple(batch.ids[place] for place in mine),
        indices=tuple(batch.indices[place] for place in mine),
    )  # fmt: skip


class Spread:
    """A model that computes its part of each batch and answers for the whole: the same doors, `embed`, `logits_of`, `loss`.

    So an objective, a loss and a regularizer see the whole batch on every process and need not know: a norm over the batch is over the whole
    batch, a mean or a sum is of all rows, and noise drawn in the shape of the embeddings is that of one process.
    model: a MultitaskModel or CachedModel; moves: whether somebody will move the embeddings, which must then be known to all processes.
    """

    def __init__(self, model: nn.Module, world: World, moves: bool = False) -> None:
        self.model, self.world, self.moves, self.tasks = model, world, moves, model.tasks

    def embed(self, batch: Batch, point: str = "output") -> Tensor:
        """Embeddings of the whole batch (R, T, C), or of the part where nobody moves them."""
        mine = self.model.embed(part_of(batch, self.world), point)
        return self._gathered(mine, batch.size) if self.moves else mine

    def logits_of(self, batch: Batch, point: str = "output", states: list[Tensor] | None = None) -> Callable[..., Tensor]:
        """Embeddings as `embed` gives -> logits of the whole batch, (B, k) or (B,); states: receives those of the part, for exits."""
        mine = self.model.logits_of(part_of(batch, self.world), point, *([] if states is None else [states]))

        def rest(embeddings: Tensor, **masks: str) -> Tensor:
            part = self._taken(embeddings, batch.size) if self.moves else embeddings
            return gather_with_gradient(mine(part, **masks), self.world, batch.size)

        return rest

    def loss(self, batch: Batch, logits: Tensor) -> Tensor:
        """The loss of the whole batch."""
        return self.model.loss(batch, logits)

    def __call__(self, batch: Batch) -> Tensor:
        return self.logits_of(batch)(self.embed(batch))

    def _gathered(self, mine: Tensor, size: int) -> Tensor:
        """Part to whole: siamese rows are firsts and seconds, of each part and then of the whole."""
        halves = mine.split(len(places(size, self.world)))  # (b, T, C), once or twice
        return torch.cat([gather_with_gradient(half, self.world, size) for half in halves])  # (R, T, C)

    def _taken(self, embeddings: Tensor, size: int) -> Tensor:
        mine = places(size, self.world)
        return torch.cat([take_rows(half, mine, self.world) for half in embeddings.split(size)])  # (R, T, C) -> (b or 2b, T, C)
