"""Stand-ins for the parts of a checkout: while one component is checked, torch's own modules do the work of the others where they have a method.

Where a method is gone, because the work was merged into another, nothing is replaced and the larger part is judged as it is.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn

from sanity_checks.stand_ins import STAND_INS
from sanity_checks.starter.course import EMBEDDING_PARTS, Findings, part

MULTI_HEAD = STAND_INS["minbert.attention", "MultiHeadAttention.forward"]
ADD_NORM = STAND_INS["minbert.layer", "add_norm"]
MAPS = ("query", "key", "value")


def attention_stands_in(layer: nn.Module, heads: int, findings: Findings) -> None:
    """From now on, calling `layer.self_attention` runs torch's attention on the student's query, key and value maps."""
    own = getattr(layer, "self_attention", None)
    if not isinstance(own, nn.Module) or not all(isinstance(getattr(own, name, None), nn.Linear) for name in MAPS):
        return

    def forward(hidden_states: Tensor, attention_mask: Tensor) -> Tensor:
        findings.called.add("attention")
        return attended(own, hidden_states, attention_mask, heads)

    own.forward = forward  # type: ignore[method-assign]


def attended(own: Any, hidden: Tensor, added: Tensor, heads: int) -> Tensor:
    """Self-attention (B, T, C) with the maps of `own` and the additive mask (B, 1, 1, T), by torch, without an output projection."""
    unchanged = SimpleNamespace(weight=torch.eye(hidden.size(-1), dtype=hidden.dtype), bias=None)
    rate = float(getattr(getattr(own, "dropout", None), "p", 0.0))
    this = SimpleNamespace(query=own.query, key=own.key, value=own.value, output=unchanged, num_heads=heads, dropout=rate, training=own.training)
    return MULTI_HEAD(this, hidden, hidden, added.to(hidden.dtype)).output


def add_norm_stands_in(layer: nn.Module, findings: Findings) -> None:
    """From now on, `layer.add_norm` runs torch's residual and norm; a layer without that method stays as it is."""
    if not hasattr(layer, "add_norm"):
        return

    def add_norm(input: Tensor, output: Tensor, dense_layer: nn.Module, dropout: nn.Module, ln_layer: nn.Module) -> Tensor:
        findings.called.add("add_norm")
        return ADD_NORM(input, dense_layer(output), dropout, ln_layer)

    layer.add_norm = add_norm  # type: ignore[assignment, operator]


def embeddings_stand_in(model: Any, findings: Findings) -> None:
    """From now on, `model.embed` adds up the three tables by torch; a model without that method, or without the tables, stays as it is."""
    if not hasattr(type(model), "embed") or any(part(model, name) is None for name in EMBEDDING_PARTS.values()):
        return

    def embed(input_ids: Tensor) -> Tensor:
        findings.called.add("embeddings")
        rows = ((model.word_embedding, input_ids), (model.pos_embedding, torch.arange(input_ids.size(1))), (model.tk_type_embedding, torch.zeros_like(input_ids)))
        return model.embed_dropout(model.embed_layer_norm(sum(table(numbers) for table, numbers in rows)))  # (B, T, C)

    model.embed = embed


def layers_stand_in(model: nn.Module, heads: int, findings: Findings) -> None:
    """From now on, every one of `model.bert_layers` runs torch's own layer on the student's parameters."""
    for layer in getattr(model, "bert_layers", ()):
        layer.forward = _whole_layer(layer, heads, findings)


def _whole_layer(layer: Any, heads: int, findings: Findings) -> Any:
    def forward(hidden_states: Tensor, attention_mask: Tensor) -> Tensor:
        findings.called |= {"attention", "add_norm", "feed_forward", "layer"}
        mixed = layer.attention_dense(attended(layer.self_attention, hidden_states, attention_mask, heads))  # (B, T, C)
        between = ADD_NORM(hidden_states, mixed, layer.attention_dropout, layer.attention_layer_norm)
        wide = nn.functional.gelu(layer.interm_dense(between))  # (B, T, inner)
        return ADD_NORM(between, layer.out_dense(wide), layer.out_dropout, layer.out_layer_norm)

    return forward
