"""Batches formed by length inside a shuffled window, and the tensors of one batch.

Padding is computed like everything else and thrown away. Sorting all sentences by length would remove it, and would also show the model the
same batches every epoch. The middle way: shuffle, take `window` batches' worth of examples, sort those by length, cut them into batches; in
the end shuffle the order of the batches. With `window` 1 this is plain random batching.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch

from minbert.errors import UserError
from tasks.encoding import EncodedSplit


@dataclass(frozen=True)
class Batch:
    """B examples of one task. `input_ids`, `attention_mask`, `token_type_ids` are int64 of shape (R, T): R = B, or 2B for siamese pairs, all
    first sentences above all second ones. `labels` is (B,) or None; `indices` are positions in the split."""

    task: str
    input_ids: torch.Tensor
    attention_mask: torch.Tensor
    token_type_ids: torch.Tensor
    labels: torch.Tensor | None
    ids: tuple[str, ...]
    indices: tuple[int, ...]

    @property
    def size(self) -> int:
        """B, the number of examples (not of rows)."""
        return len(self.indices)

    def to(self, device: torch.device | str) -> Batch:
        """The same batch with its tensors on `device`."""
        moved = {name: value.to(device) for name, value in vars(self).items() if isinstance(value, torch.Tensor)}
        return replace(self, **moved)


def length_grouped_batches(lengths: Sequence[int], batch_size: int, window: int, generator: torch.Generator) -> list[list[int]]:
    """Positions 0..N-1, each once, in ceil(N / batch_size) batches; only one batch may be smaller, and it is kept."""
    if batch_size < 1 or window < 1:
        raise UserError(f"batch_size is {batch_size} and window is {window}; both must be 1 or more (window 1 = plain random batches).")
    shuffled = torch.randperm(len(lengths), generator=generator).tolist()
    batches = []
    for start in range(0, len(shuffled), batch_size * window):
        # sorted() is stable, so examples of one length stay in shuffled order.
        near = sorted(shuffled[start : start + batch_size * window], key=lengths.__getitem__)
        batches += [near[first : first + batch_size] for first in range(0, len(near), batch_size)]
    order = torch.randperm(len(batches), generator=generator).tolist()
    return [batches[position] for position in order]


def collate(encoded: EncodedSplit, indices: Sequence[int], device: torch.device | str = "cpu", swapped: Sequence[bool] = ()) -> Batch:
    """The examples at `indices` (at least one) as one batch on `device`, padded to its own longest sequence.

    swapped: for each example, whether its pair is read the other way round; none when empty.
    """
    sources = [encoded.swapped if turned else encoded for turned in swapped] or [encoded] * len(indices)
    per_example = len(encoded.sequences[0])
    places = [(source, index, part) for part in range(per_example) for source, index in zip(sources, indices)]  # siamese: all firsts, then all seconds
    rows = [source.sequences[index][part] for source, index, part in places]
    types = [source.token_types[index][part] for source, index, part in places]
    width = max(map(len, rows))
    return Batch(
        task=encoded.task,
        input_ids=_padded(rows, width, encoded.pad_id),  # (R, T)
        attention_mask=_padded([[1] * len(row) for row in rows], width, 0),  # (R, T)
        token_type_ids=_padded(types, width, 0),  # (R, T)
        labels=None if encoded.labels is None else encoded.labels[list(indices)],  # (B,)
        ids=tuple(encoded.ids[index] for index in indices),
        indices=tuple(indices),
    ).to(device)


def _padded(rows: list[list[int]], width: int, filler: int) -> torch.Tensor:
    return torch.tensor([row + [filler] * (width - len(row)) for row in rows], dtype=torch.int64)


def padding_ratio(encoded: EncodedSplit, batches: Sequence[Sequence[int]]) -> float:
    """Tokens computed divided by tokens meant, over all `batches`: 1.0 is no padding, 2.0 is half of the work thrown away."""
    computed = sum(max(encoded.lengths[index] for index in batch) * len(batch) * len(encoded.sequences[0]) for batch in batches)
    return computed / sum(len(row) for batch in batches for index in batch for row in encoded.sequences[index])
