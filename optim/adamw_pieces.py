"""Working through a large tensor in pieces that stay in the processor's cache.

One AdamW step is six operations, each a pass over its tensors.  Word embeddings hold 23 million numbers: by the time the second operation
starts, what the first one read and wrote has left the cache, and every pass waits for memory.  A piece of 2^17 numbers takes 5 x 512 kB
(theta, g, m, v and the denominator), spread over the cores; all six operations run on it before it is left, and memory is
read and written once.  The update is elementwise, so pieces change no result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import torch
from torch import Tensor

PIECE = 2**17  # numbers; 2^16 .. 2^19 measured, see tests/benchmarks/adamw.py


class Tensors(NamedTuple):
    """What one update reads and writes, all of one shape: theta, g, m and v."""

    parameter: Tensor
    gradient: Tensor
    mean: Tensor
    square: Tensor


def are_contiguous(tensors: Tensors) -> bool:
    """Whether all four tensors lie in memory row by row, so that flat views of them line up."""
    return all(tensor.is_contiguous() for tensor in tensors)


def pieces_of(tensors: Tensors, size: int) -> Iterator[tuple[Tensor, ...]]:
    """Flat views of at most `size` numbers each, theta, g, m and v side by side, that together cover four contiguous tensors."""
    return zip(*(tensor.view(-1).split(size) for tensor in tensors))


def update_in_pieces(
    update: Callable[..., None], work: Iterable[Tensors], step: int, settings: Mapping[str, Any], size: int = PIECE
) -> None:
    """Apply `update` to every element of `work` in place: whole, or in pieces of `size` numbers where the tensors allow it.

    update: `course_update` or `torch_update`; step: the number of this step, from 1; settings: their keyword arguments; the tensors of
    `work` share one device and dtype.
    """
    scratch = None
    for tensors in work:
        # other devices have many more cores and start each operation slowly: there one call on the whole tensor is best
        if tensors.parameter.device.type != "cpu" or not are_contiguous(tensors):
            update(*tensors, step, **settings)
            continue
        if scratch is None:  # one denominator for all pieces: memory asked for anew each time is memory that is never in the cache
            scratch = torch.empty(size, dtype=tensors.parameter.dtype)
        for piece in pieces_of(tensors, size):
            update(*piece, step, **settings, scratch=scratch[: piece[0].numel()])  # (at most size,)
