"""Embedding order: join two sentences after they were embedded, not before ("BERTer: The Efficient One", a CS224N report).

    standard   x = embed([CLS] a [SEP] b [SEP])                      positions 0 ... n_a + n_b - 1
    altered    x = [embed([CLS] a [SEP]) ; embed([CLS] b [SEP])]     positions 0 ... n_a - 1, 0 ... n_b - 1

Looking a token up, and its LayerNorm, ask nothing of its neighbours.  So the two orders differ in position ids, in the second [CLS], and in
segment ids, and in nothing else: `altered` equals `standard` with the positions counted afresh for b.  Three things follow.  The joined
sequence may be longer than the table of positions.  Padding of a ends up in the middle, where only the mask keeps it from mattering.  And with
segment 0 for both, attention cannot tell token i of a from token i of b.  The report defines neither segments nor the second [CLS]: both are
options, and the readings are ours.

Letters: B pairs, R = 2B rows, all first sentences above all second ones, T tokens, C model width.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from minbert.bert import Bert
from minbert.errors import UserError, nearest
from minbert.side_by_side import SideBySide

TYPES = ("segments", "zeros")  # segment ids of (a, b): (0, 1), as in the standard order; or (0, 0)
SECOND_CLS = ("kept", "dropped")  # [CLS] a [SEP] [CLS] b [SEP], or [CLS] a [SEP] b [SEP]: the tokens of the standard order


class Joined(NamedTuple):
    """Pairs ready for the encoder: `bert.encode(*joined)` reads them."""

    embeddings: Tensor  # (B, T1 + T2, C)
    attention_mask: Tensor  # (B, T1 + T2), 0 on the pads between a and b too


def embed_then_join(
    bert: Bert | SideBySide, first_ids: Tensor, first_mask: Tensor, second_ids: Tensor, second_mask: Tensor, types: str = "segments", second_cls: str = "kept",
) -> Joined:  # fmt: skip
    """Embed each sentence by itself, then join: first_ids, first_mask (B, T1), second_ids, second_mask (B, T2), as a tokenizer gives single sentences.

    types: "segments" or "zeros"; second_cls: "kept" or "dropped", before it is embedded, so that b starts at position 0 either way.
    Raises `UserError` for other words, and for numbers of rows that differ.
    """
    _expect_words(types, second_cls)
    if len(first_ids) != len(second_ids):
        raise UserError(f"there are {len(first_ids)} first sentences and {len(second_ids)} second ones, expected as many: one of each makes a pair.")
    if second_cls == "dropped":
        second_ids, second_mask = second_ids[:, 1:], second_mask[:, 1:]  # (B, T2 - 1)
    second_types = torch.full_like(second_ids, int(types == "segments"))
    return join(bert.embed(first_ids, torch.zeros_like(first_ids)), first_mask, bert.embed(second_ids, second_types), second_mask)


def join(first: Tensor, first_mask: Tensor, second: Tensor, second_mask: Tensor) -> Joined:
    """Put b's embeddings behind a's, and its mask behind a's: (B, T1, C) and (B, T2, C) -> (B, T1 + T2, C)."""
    # The mask is joined as it is: made anew from the lengths n_a + n_b it would show a's padding and hide the end of b.
    return Joined(torch.cat([first, second], dim=1), torch.cat([first_mask, second_mask], dim=1))


def rows_to_embed(input_ids: Tensor, attention_mask: Tensor, types: str = "segments", second_cls: str = "kept") -> tuple[Tensor, Tensor, Tensor]:
    """The ids, mask and segment ids that the rows of a siamese batch (R, T) are to be embedded with, each (R, T) still.

    Between these rows and `join_rows` lie the embeddings (R, T, C), where a regularizer may move them.
    """
    _expect_words(types, second_cls)
    (first_ids, second_ids), (first_mask, second_mask) = halves(input_ids), halves(attention_mask)
    if second_cls == "dropped":  # everything one place to the left; what comes in from the right is masked
        second_ids = second_ids.roll(-1, dims=1)
        second_mask = torch.cat([second_mask[:, 1:], torch.zeros_like(second_mask[:, :1])], dim=1)
    ids = torch.cat([first_ids, second_ids])
    segments = torch.zeros_like(ids)
    segments[len(first_ids) :] = int(types == "segments")
    return ids, torch.cat([first_mask, second_mask]), segments


def join_rows(embeddings: Tensor, attention_mask: Tensor) -> Joined:
    """The rows of a siamese batch, first sentences above second ones, as pairs: (R, T, C) and (R, T) -> (B, 2T, C) and (B, 2T)."""
    (first, second), (first_mask, second_mask) = halves(embeddings), halves(attention_mask)
    return join(first, first_mask, second, second_mask)


def close_up(joined: Joined) -> Joined:
    """Move all padding behind the pair and cut off the columns that hold nothing else: the same answers at position 0, for less work.

    Embeddings carry their positions inside, so the encoder does not care where a token stands.
    """
    order = joined.attention_mask.ne(0).long().argsort(dim=1, descending=True, stable=True)  # (B, T): stable, so that tokens keep their order
    order = order[:, : max(1, int(joined.attention_mask.ne(0).sum(dim=1).max()))]  # (B, longest)
    embeddings = joined.embeddings.gather(1, order[..., None].expand(-1, -1, joined.embeddings.size(-1)))  # (B, longest, C)
    return Joined(embeddings, joined.attention_mask.gather(1, order))


def halves(rows: Tensor) -> tuple[Tensor, Tensor]:
    """(R, ...) -> first sentences (B, ...), second sentences (B, ...).  `UserError` for an odd number of rows."""
    if len(rows) % 2:
        raise UserError(f"a batch of pairs has {len(rows)} rows, expected an even number: all first sentences, then all second ones.")
    first, second = rows.chunk(2)
    return first, second


def _expect_words(types: str, second_cls: str) -> None:
    for name, got, known in (("types", types, TYPES), ("second_cls", second_cls, SECOND_CLS)):
        if got not in known:
            near = nearest(got, known)
            raise UserError(f"{name} is {got!r}, expected one of {', '.join(known)}" + (f"; did you mean {near!r}?" if near else "."))
