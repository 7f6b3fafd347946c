"""A split read by several processes: each batch by one of them, the rows of all gathered on every one.

    process r of N reads batches r, r + N, r + 2N, ...

Batches come longest first, so all have about the same work. They are the batches that one process would read, so every score is the same to the
bit; and no row is read twice for the sake of equal parts, as a padded sampler does, whose copies then count double in a metric.
Letters: N processes, M rows of the split.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from minbert.errors import UserError
from tasks.collectives import gather_uneven
from tasks.processes import World


def own_turns(batches: Sequence[list[int]], world: World) -> list[list[int]]:
    """The batches that this process reads. All get equally many, so that they can stop together: who lacks one reads the last batch again,
    and `whole_split` leaves that out."""
    turns = -(-len(batches) // world.size)
    return [batches[min(place, len(batches) - 1)] for place in range(world.rank, turns * world.size, world.size)]


def whole_split(rows: Tensor, places: Tensor, count: int, batch_size: int, world: World) -> tuple[Tensor, Tensor]:
    """Rows of the own turns and their places in the split -> those of all processes: (m, ...), (m,) -> (M, ...), (M,).

    `UserError` unless each of the `count` = M examples is there once.
    """
    if world.is_spread:
        counts = counts_of_processes(count, batch_size, world.size)
        own = counts[world.rank]
        rows, places = gather_uneven(rows[:own], counts, world), gather_uneven(places[:own], counts, world)
    if not torch.equal(places.sort().values, torch.arange(count)):
        raise UserError(f"{len(places)} rows came back for a split of {count}: the processes do not read the same files.")
    return rows, places


def counts_of_processes(count: int, batch_size: int, size: int) -> list[int]:
    """How many of `count` rows each of `size` processes reads.

    >>> counts_of_processes(13, 4, 3)
    [5, 4, 4]
    """
    batches = [min(batch_size, count - start) for start in range(0, count, batch_size)]
    return [sum(batches[rank::size]) for rank in range(size)]
