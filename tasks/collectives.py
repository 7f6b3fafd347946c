"""What several processes tell each other. Every function here is called by all of them, in the same order, or they wait for ever.

    gather_with_gradient   rows of each -> rows of all, on every process;  backward: each takes the slopes of its own rows
    take_rows              rows of all -> rows of each;                    backward: the slopes of all rows, on every process
    reduce_gradients       .grad <- the sum over processes of .grad

The first two undo each other, forward and backward. With them every process computes the loss of the whole batch, each differentiates it
through its own rows, and the sum of what they find is the gradient of one process that read every row:

    L = l(f(x_1), ..., f(x_B))        dL/dw = sum over processes  sum over i of its rows  dL/df_i  df_i/dw

Letters: N processes, B rows of the whole batch, b = ceil(B / N) rows of one process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

import torch
from torch import Tensor, distributed

from tasks.processes import World

BUCKET = 25 * 2**20  # bytes that are sent at once: many small messages wait on each other, one huge one is a second copy of all gradients


def gather_with_gradient(rows: Tensor, world: World, count: int | None = None) -> Tensor:
    """The rows of all processes in the order of their ranks: (b, ...) -> (N b, ...), cut after `count` rows when it is given.

    What a process receives are numbers without a history: through them no gradient flows. So its own rows are put back in their place, and
    backward gives each process the slopes of its rows. Every process must then compute the same loss of all rows, and gradients must be
    summed: `reduce_gradients`.  (A mean, as torch's DistributedDataParallel takes, would make them N times too small.)
    """
    if not world.is_spread:
        return rows[:count]
    everyones = gather(rows.detach(), world)
    everyones[world.rank] = rows
    return torch.cat(everyones)[:count]  # (N b, ...) -> (B, ...)


def gather(rows: Tensor, world: World) -> list[Tensor]:
    """The tensors of all processes, N of them, each of the shape of this one's; numbers only, no gradient."""
    rows = rows.contiguous()
    everyones = [torch.empty_like(rows) for _ in range(world.size)]
    distributed.all_gather(everyones, rows)
    return everyones


def gather_uneven(rows: Tensor, counts: Sequence[int], world: World) -> Tensor:
    """As `gather` in one tensor, where process r has counts[r] rows: (n_r, ...) -> (sum n_r, ...)."""
    padded = rows.new_zeros(max(counts), *rows.shape[1:])  # messages must be of one size
    padded[: len(rows)] = rows
    return torch.cat([each[:count] for each, count in zip(gather(padded, world), counts)])


def take_rows(rows: Tensor, places: Sequence[int], world: World) -> Tensor:
    """rows[places] of rows (B, ...) that all processes hold alike, whose slopes come back to all of them; places: as `shards.places` gives."""
    everyones = rows.view_as(rows)
    if everyones.requires_grad:
        # Indexing gives each process the slopes of its own rows, and zeros for the others.
        everyones.register_hook(partial(summed, world=world))
    return everyones[list(places)]


def summed(numbers: Tensor, world: World) -> Tensor:
    """The sum of the processes' tensors of one shape, a new one."""
    total = numbers.clone()
    if world.is_spread:
        distributed.all_reduce(total)
    return total


def reduce_gradients(parameters: Iterable[Tensor], world: World) -> None:
    """Replace every `.grad` by its sum over all processes; None stays None, on all of them, since all compute the same tasks."""
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    for bucket in buckets(gradients) if world.is_spread else ():
        flat = torch.cat([gradient.reshape(-1) for gradient in bucket])
        distributed.all_reduce(flat)  # sums, where nothing else is said
        for gradient, piece in zip(bucket, flat.split([gradient.numel() for gradient in bucket])):
            gradient.copy_(piece.view_as(gradient))


def buckets(gradients: Iterable[Tensor], limit: int = BUCKET) -> Iterator[list[Tensor]]:
    """Neighbours of one type, together at most `limit` bytes (a larger tensor goes alone), in order."""
    bucket: list[Tensor] = []
    for gradient in gradients:
        size = sum(each.nbytes for each in bucket) + gradient.nbytes
        if bucket and (size > limit or gradient.dtype != bucket[0].dtype):
            yield bucket
            bucket = []
        bucket.append(gradient)
    if bucket:
        yield bucket


def largest(number: int, world: World) -> int:
    """The largest of the processes' numbers: whether anybody was told to stop, for example."""
    if not world.is_spread:
        return number
    told = torch.tensor(number)
    distributed.all_reduce(told, distributed.ReduceOp.MAX)
    return int(told)
