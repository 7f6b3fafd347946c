"""From examples to token ids: every sentence is tokenised once per run, not once per batch and epoch.

Ways to show a pair to the encoder: "siamese" gives each sentence its own sequence [CLS] a [SEP], "cross" joins them,
[CLS] a [SEP] b [SEP]. A task with one text column has one sequence either way. "joined" and "cross-attention" meet later, in the
model, so their sequences are those of "siamese".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from minbert.errors import UserError, nearest
from tasks.data import Split
from tasks.registry import Task

if TYPE_CHECKING:
    from minbert.tokenizer import Tokenizer

PAIRS = ("siamese", "cross", "joined", "cross-attention")


@dataclass(frozen=True)
class EncodedSplit:
    """One split as token ids, in file order, N examples.

    `sequences[i]` holds the one or two sequences of example i (two for a siamese pair), `token_types[i]` the segment of each token, `lengths[i]`
    the tokens of its longest sequence; `labels` is (N,), int64 for classes and float32 otherwise, or None; `truncated` counts the examples that
    lost tokens to `max_length`; `swapped` is the same split with the two texts of each crossed pair the other way round, where that was asked for.
    """

    task: str
    sequences: tuple[tuple[list[int], ...], ...]
    token_types: tuple[tuple[list[int], ...], ...]
    labels: torch.Tensor | None
    ids: tuple[str, ...]
    lengths: tuple[int, ...]
    truncated: int
    pad_id: int
    swapped: EncodedSplit | None = None

    def __len__(self) -> int:
        return len(self.ids)


def encode_split(split: Split, tokenizer: Tokenizer, task: Task, max_length: int = 128, pairs: str = "siamese",
                 truncation: str = "longest-first", both_orders: bool = False) -> EncodedSplit:
    """Tokenise all sentences of `split` in one call, then put [CLS] and [SEP] around them; `max_length` counts those too.

    both_orders: encode crossed pairs as (b, a) too; segment 1 is then a and its [SEP], as it is b in (a, b).
    """
    if pairs not in PAIRS:
        hint = nearest(pairs, PAIRS)
        raise UserError(f"pairs is {pairs!r}; expected one of {', '.join(PAIRS)}" + (f" (did you mean {hint!r}?)." if hint else "."))
    pieces = _pieces_by_example(split, tokenizer)
    swapped = None
    if both_orders and pairs == "cross" and task.is_pair:
        swapped = _assembled(split, [found[::-1] for found in pieces], tokenizer, task, max_length, pairs, truncation)
    return _assembled(split, pieces, tokenizer, task, max_length, pairs, truncation, swapped)


def _assembled(split: Split, pieces: list[list[list[int]]], tokenizer: Tokenizer, task: Task, max_length: int, pairs: str, truncation: str,
               swapped: EncodedSplit | None = None) -> EncodedSplit:
    # A group becomes one sequence: both sentences of a crossed pair, a single sentence otherwise.
    grouped = [(tuple(found),) if pairs == "cross" else tuple((one,) for one in found) for found in pieces]
    assembled = [[tokenizer.assemble(*group, max_length=max_length, truncation=truncation) for group in groups] for groups in grouped]
    sequences = tuple(tuple(ids for ids, _ in built) for built in assembled)
    return EncodedSplit(
        task=task.name, sequences=sequences, token_types=tuple(tuple(types for _, types in built) for built in assembled),
        labels=_labels(split, task), ids=tuple(example.id for example in split.examples),
        lengths=tuple(max(map(len, built)) for built in sequences),
        truncated=sum(map(_was_cut, grouped, sequences)), pad_id=tokenizer.pad_id, swapped=swapped,
    )


def _pieces_by_example(split: Split, tokenizer: Tokenizer) -> list[list[list[int]]]:
    width = len(split.examples[0].texts)
    flat = tokenizer.pieces([text for example in split.examples for text in example.texts])
    return [flat[start : start + width] for start in range(0, len(flat), width)]


def _was_cut(groups: tuple[tuple[list[int], ...], ...], built: tuple[list[int], ...]) -> bool:
    # Uncut, a sequence is its pieces, one [CLS], and one [SEP] after each sentence.
    return any(len(ids) < 1 + sum(len(pieces) + 1 for pieces in group) for group, ids in zip(groups, built))


def _labels(split: Split, task: Task) -> torch.Tensor | None:
    labels = [example.label for example in split.examples]
    if any(label is None for label in labels):
        return None
    return torch.tensor(labels, dtype=torch.int64 if task.kind == "classes" else torch.float32)
