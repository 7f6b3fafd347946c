"""What the masking probe needs: the choosers, the mask of a batch, and the masks that texts keep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor

Pair = tuple[Tensor, Tensor]


@dataclass(frozen=True)
class Masking:
    """choose(name, order (B, T), lengths (B,), **settings) -> (B, T) True where chosen; mask(ids (B, T), vocabulary, generator, **settings) and
    keep(ids, places, epoch, vocabulary, seed, **settings) -> (ids to read, labels with -100 where nothing is asked), (B, T) each.

    vocabulary: pad_id, unk_id, cls_id, sep_id, mask_id and vocab_size; settings: rate, masked, replaced, choose, most, copies.
    """

    choose: Callable[..., Tensor]
    mask: Callable[..., Pair]
    keep: Callable[..., Pair]


def library() -> Masking:
    """The subject made of tasks/masking.py."""
    import tasks.masking as ours  # here, so that a file that cannot be read is reported when its component is checked

    def mask(ids: Tensor, vocabulary: SimpleNamespace, generator: torch.Generator, **settings: Any) -> Pair:
        found = ours.mask_words(ids, vocabulary, generator, ours.MaskSettings(**settings) if settings else None)
        return found.input_ids, found.labels

    def keep(ids: Tensor, places: Sequence[int], epoch: int, vocabulary: SimpleNamespace, seed: int, **settings: Any) -> Pair:
        found = ours.static_masks(ids, places, epoch, vocabulary, seed, ours.MaskSettings(**settings) if settings else None)
        return found.input_ids, found.labels

    choosers = {"each": ours.each_word, "count": ours.by_count}
    return Masking(lambda name, order, lengths, **settings: choosers[name](order, lengths, ours.MaskSettings(**settings)), mask, keep)
