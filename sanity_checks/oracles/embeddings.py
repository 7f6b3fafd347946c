"""Embeddings: three tables added, normalised, dropped, in this order. Letters: B batch, T tokens, C width."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from minbert.embeddings import Embeddings
from sanity_checks.judge import expect, refuses, same
from sanity_checks.recorder import pattern, recorded_dropout
from sanity_checks.reference import CONFIG, filled, inputs, part, reference


def built() -> Embeddings:
    """Embeddings with the reference weights, in eval mode."""
    return filled(Embeddings(CONFIG), "embeddings")  # type: ignore[return-value]


def expected(ids: Tensor, types: Tensor, positions: Tensor) -> Tensor:
    """The embeddings by torch's own functions: (B, T) ids, types and positions -> (B, T, C)."""
    weights = part("embeddings")
    rows = zip((ids, types, positions), ("word", "token_type", "position"))
    summed = sum(F.embedding(index, weights[f"{table}.weight"]) for index, table in rows)
    return F.layer_norm(summed, (CONFIG.hidden_size,), weights["norm.weight"], weights["norm.bias"], CONFIG.layer_norm_eps)


def equals_reference() -> float:
    """Words, positions and token types give what transformers' BertModel computed."""
    ids, _, types = inputs()
    return same("the embedding", built()(ids, types), reference()["hidden.0"])


def equals_torch() -> float:
    """LayerNorm(word + position + token type) by torch's functions; positions count from 0 and may be given."""
    ids, _, types = inputs()
    counted = torch.arange(ids.size(1)).expand_as(ids)
    moved = counted.flip(1) + 2
    return max(same("the embedding", built()(ids, types), expected(ids, types, counted)),
               same("the embedding with positions given", built()(ids, types, moved), expected(ids, types, moved)))


def segment_zero_is_added() -> float:
    """Without token types every token gets the learned vector of segment 0, which is not zero."""
    ids, _, _ = inputs()
    return same("the embedding without token types", built()(ids), built()(ids, torch.zeros_like(ids)))


def dropout_comes_last() -> float:
    """While training, dropout is applied once, after the LayerNorm, at the hidden rate."""
    ids, _, types = inputs()
    with recorded_dropout() as calls:
        output = built().train()(ids, types)
    expect(len(calls) == 1, f"dropout is applied {len(calls)} times in train mode, expected once")
    expect(calls[0].rate == CONFIG.hidden_dropout_prob, f"the dropout rate is {calls[0].rate}, expected hidden_dropout_prob")
    return max(same("what dropout is given", calls[0].given, reference()["hidden.0"]),
               same("the output in train mode", output, pattern(reference()["hidden.0"], CONFIG.hidden_dropout_prob)))


def gradients_reach_all_tables() -> None:
    """Each row that was looked up is trained, and no other."""
    ids, _, types = inputs()
    embeddings = built()
    embeddings(ids, types).pow(3).sum().backward()
    for table, used in ((embeddings.word, ids), (embeddings.token_type, types), (embeddings.position, torch.arange(ids.size(1)))):
        touched = table.weight.grad.abs().sum(-1) > 1e-12
        rows = torch.zeros_like(touched).index_fill(0, used.unique(), True)
        expect(touched == rows, "gradients reach other rows of a table than those looked up")


def too_long_is_refused() -> None:
    """A sequence longer than the learned positions is refused in words."""
    refuses("a sequence longer than the positions", built(), torch.ones(1, CONFIG.max_position_embeddings + 1, dtype=torch.int64))


PROBES = (equals_reference, equals_torch, segment_zero_is_added, dropout_comes_last, gradients_reach_all_tables, too_long_is_refused)
