"""Where one may step in between a token's id and the encoder: the stages of the embeddings, cut at a named point.

    words        word[id]                                     what a piece of text is, before its place is known
    summed       word[id] + position[t] + token_type[s]
    normalised   LayerNorm(summed)                            deterministic, even in train mode
    output       Dropout(normalised)                          what the first layer reads

For every point, `onward(up_to(ids)) == embeddings(ids)`.  A regularizer that moves embeddings a little must say at which point; the paper says
"the output of the first embedding layer", which each of the four could be called.  Letters: B batch, T tokens, C model width.
"""

from __future__ import annotations

import torch
from torch import Tensor

from minbert.embeddings import Embeddings
from minbert.errors import UserError, nearest

POINTS = ("words", "summed", "normalised", "output")


def up_to(embeddings: Embeddings, point: str, input_ids: Tensor, token_type_ids: Tensor | None = None) -> Tensor:
    """The embeddings at `point`: ids (B, T) -> (B, T, C).  Raises `UserError` for another point, and for ids as `Embeddings` does."""
    if point not in POINTS:
        near = nearest(point, POINTS)
        raise UserError(f"there is no point {point!r} in the embeddings, expected one of {', '.join(POINTS)}" + (f"; did you mean {near!r}?" if near else "."))
    if point == "output":
        return embeddings(input_ids, token_type_ids)
    if point == "normalised":
        return embeddings.normalised(input_ids, token_type_ids)
    words = embeddings.word(input_ids)  # (B, T, C)
    return words if point == "words" else words + places(embeddings, input_ids, token_type_ids)


def onward(embeddings: Embeddings, point: str, states: Tensor, input_ids: Tensor, token_type_ids: Tensor | None = None) -> Tensor:
    """From `point` to what the first layer reads: (B, T, C) -> (B, T, C); dropout as the module's mode says."""
    if point == "output":
        return states
    if point == "normalised":
        return embeddings.dropout(states)
    summed = states + places(embeddings, input_ids, token_type_ids) if point == "words" else states
    return embeddings.dropout(embeddings.norm(summed))


def places(embeddings: Embeddings, input_ids: Tensor, token_type_ids: Tensor | None) -> Tensor:
    """position[t] + token_type[s]: everything but the words, (B, T, C)."""
    types = torch.zeros_like(input_ids) if token_type_ids is None else token_type_ids
    return embeddings.position(torch.arange(input_ids.size(1), device=input_ids.device)) + embeddings.token_type(types)  # (T, C) + (B, T, C)
