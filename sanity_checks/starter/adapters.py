"""The classes of a checkout as the subjects that probes look at. None where the checkout has no such part; then a larger part holds it.

Each function builds with the student's own constructors, in small sizes, and replaces what belongs to other components (isolation.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from sanity_checks.starter.course import EMBEDDING_PARTS, LAYER_PARTS, MODEL_PARTS, Desk, parts
from sanity_checks.starter.feed_forward import feed_forward
from sanity_checks.starter.helpers import get_extended_attention_mask
from sanity_checks.starter.isolation import MAPS, add_norm_stands_in, attention_stands_in, embeddings_stand_in, layers_stand_in
from sanity_checks.subjects.adamw import AdamW
from sanity_checks.subjects.add_norm import AddNorm
from sanity_checks.subjects.attention import Attention
from sanity_checks.subjects.attention import library as our_attention
from sanity_checks.subjects.embeddings import Embedded
from sanity_checks.subjects.layer import Layer
from sanity_checks.subjects.model import Model
from sanity_checks.subjects.sizes import Sizes


def added(mask: Tensor) -> Tensor:
    """The mask as the starter hands it to its layers: (B, T) of 1 and 0 -> (B, 1, 1, T) of 0 and -10000, in float64."""
    return get_extended_attention_mask(mask, torch.float64)


def attention(desk: Desk) -> Attention | None:
    """BertSelfAttention.forward, which splits, attends and merges; there is no output projection inside."""
    theirs = desk.offers("bert", "BertSelfAttention")
    if theirs is None or desk.offers("bert", "BertSelfAttention", "forward") is nn.Module.forward:
        return None

    def build(width: int, heads: int, dropout: float) -> nn.Module:
        config = desk.config(hidden_size=width, num_attention_heads=heads, attention_probs_dropout_prob=dropout)
        module, filled = theirs(config).double().eval(), our_attention().build(width, heads, dropout)
        for name in MAPS:
            getattr(module, name).load_state_dict(getattr(filled, name).state_dict())
        return module

    def mix(module: nn.Module, hidden: Tensor, mask: Tensor) -> Tensor:
        given = added(mask)
        kept = given.clone()
        mixed = module(hidden, given)
        if mixed is None:
            raise TypeError("BertSelfAttention returned nothing, so its `return` may be missing")
        if not torch.equal(kept, given):
            desk.findings.slips.add("attention writes into the mask that it is given, so that the next layer gets another one: make a new tensor instead")
        return mixed

    return Attention(build, mix)


def add_norm(desk: Desk) -> AddNorm | None:
    """BertLayer.add_norm(input, output, dense_layer, dropout, ln_layer)."""
    if desk.offers("bert", "BertLayer", "add_norm") is None:
        return None
    layer = desk.offers("bert", "BertLayer")(desk.config(**settings(Sizes()))).double()

    def run(residual: Tensor, output: Tensor, dense: nn.Module, dropout: nn.Module, norm: nn.Module) -> Tensor:
        layer.train(dropout.training)
        return layer.add_norm(residual, output, dense, dropout, norm)

    return AddNorm(run)


def layer(desk: Desk) -> Layer | None:
    """BertLayer.forward, with torch's attention and add-norm where it calls methods for them."""
    theirs = desk.offers("bert", "BertLayer")
    if theirs is None:
        return None

    def build(sizes: Sizes) -> nn.Module:
        module = theirs(desk.config(**settings(sizes)))
        attention_stands_in(module, sizes.heads, desk.findings)
        add_norm_stands_in(module, desk.findings)
        return module

    return Layer(build, lambda module: parts(module, LAYER_PARTS), lambda module, hidden, mask: module(hidden, added(mask)))


def embeddings(desk: Desk) -> Embedded | None:
    """BertModel.embed(input_ids); the starter offers neither token types nor positions of one's own."""
    theirs = desk.offers("bert", "BertModel")
    if theirs is None or desk.offers("bert", "BertModel", "embed") is None:
        return None

    def build(sizes: Sizes) -> nn.Module:
        return with_every_row(theirs(desk.config(**settings(sizes))))

    return Embedded(build, lambda module: parts(module, EMBEDDING_PARTS), lambda module, ids: module.embed(ids))  # type: ignore[operator]


def model(desk: Desk) -> Model | None:
    """BertModel.forward(input_ids, attention_mask), with torch's embeddings and layers in the place of the student's."""
    theirs = desk.offers("bert", "BertModel")
    if theirs is None:
        return None

    def build(sizes: Sizes) -> nn.Module:
        module = with_every_row(theirs(desk.config(**settings(sizes))))
        embeddings_stand_in(module, desk.findings)
        layers_stand_in(module, sizes.heads, desk.findings)
        return module

    def every_part(module: Any) -> dict[str, nn.Module]:
        inside = [parts(module, LAYER_PARTS, f"layers.{each}.", f"bert_layers.{each}.") for each in range(len(getattr(module, "bert_layers", ())))]
        return {name: each for found in (parts(module, MODEL_PARTS), *inside) for name, each in found.items()}

    return Model(build, every_part, lambda module, ids, mask: module(ids, mask))


def with_every_row(module: Any) -> Any:
    """The starter's word table gives its row for padding no gradient, which is as good: here every row has one, as in the stored answers."""
    table = getattr(module, "word_embedding", None)
    if isinstance(table, nn.Embedding):
        table.padding_idx = None
    return module


def adamw(desk: Desk) -> AdamW | None:
    """AdamW(params, lr, betas, eps, weight_decay, correct_bias); its state is nobody's business."""
    theirs = desk.offers("optimizer", "AdamW")
    return None if theirs is None else AdamW(theirs)


def settings(sizes: Sizes) -> dict[str, Any]:
    """The sizes of a probe as settings of the starter's configuration."""
    return {"hidden_size": sizes.width, "num_attention_heads": sizes.heads, "intermediate_size": sizes.inner, "num_hidden_layers": sizes.layers,
            "vocab_size": sizes.vocabulary, "max_position_embeddings": sizes.positions, "type_vocab_size": sizes.segments,
            "attention_probs_dropout_prob": sizes.attention_rate}  # fmt: skip


SUBJECTS: dict[str, Callable[[Desk], Any]] = {"attention": attention, "add_norm": add_norm, "feed_forward": feed_forward, "layer": layer,
                                                 "embeddings": embeddings, "model": model, "adamw": adamw}
