"""Stand-ins: while one component is checked, torch's own modules do the work of the others.

So a mistake in attention shows in the check of attention and nowhere else, and a layer can be checked before attention is written. Only
parts that other components call need one. Each is made of a ready-made torch module, so that nothing here is the solution of an exercise.
"""

from __future__ import annotations

import functools
import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest import mock

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sanity_checks.bodies import BODIES, Body

ROOMS = ("minbert", "optim", "regularizers", "tasks")


@contextmanager
def others_standing_in(component: str) -> Iterator[None]:
    """Inside, every body of another component that has a stand-in is replaced by it, wherever it was imported to."""
    with ExitStack() as patches:
        for other, bodies in BODIES.items():
            for body in bodies if other != component else ():
                # (a module that cannot be loaded stands in sys.modules as None: there is nothing to stand in for)
                if (body.module, body.name) in STAND_INS and sys.modules.get(body.module, True):
                    replace(patches, body, STAND_INS[body.module, body.name])
        yield


def replace(patches: ExitStack, body: Body, function: Callable[..., Any]) -> None:
    """Put `function` in the place of `body` until `patches` closes: in its class, or in every module and table that holds it."""
    module = importlib.import_module(body.module)
    owner, _, name = body.name.rpartition(".")
    if owner:
        patches.enter_context(mock.patch.object(getattr(module, owner), name, function))
        return
    original = getattr(module, name)
    for place in _our_modules():
        for key, value in list(vars(place).items()):
            if value is original:
                patches.enter_context(mock.patch.object(place, key, function))
            elif isinstance(value, dict) and key != "__builtins__" and any(entry is original for entry in value.values()):
                patches.enter_context(mock.patch.dict(value, {name: function for name, entry in value.items() if entry is original}))


def _our_modules() -> list[ModuleType]:
    # startswith goes first: of two thousand names, few are ours
    return [module for name, module in list(sys.modules.items()) if name.startswith(ROOMS) and name.partition(".")[0] in ROOMS and module is not None]


def _multi_head(self: nn.Module, asking: Tensor, answering: Tensor, bias: Tensor | None, need_weights: bool = False) -> Any:
    from minbert.attention import Attended

    maps = (self.query, self.key, self.value)
    width, rows = asking.size(-1), (asking.size(0) * self.num_heads, asking.size(1), answering.size(1))
    mask = None if bias is None else bias.expand(-1, self.num_heads, *rows[1:]).reshape(rows)
    out = self.output if isinstance(self.output, nn.Linear) else SimpleNamespace(weight=torch.eye(width).to(asking), bias=None)  # a PAL's attention has none
    output, weights = F.multi_head_attention_forward(
        asking.transpose(0, 1), answering.transpose(0, 1), answering.transpose(0, 1), width, self.num_heads,
        torch.cat([each.weight for each in maps]), torch.cat([each.bias for each in maps]), None, None, False, self.dropout,
        out.weight, out.bias, training=self.training, need_weights=need_weights, attn_mask=mask, average_attn_weights=False)  # fmt: skip
    return Attended(output.transpose(0, 1), weights)


def _attention_bias(attention_mask: Tensor, dtype: torch.dtype) -> Tensor:
    # what torch's own transformer does with a mask before it attends
    return F._canonical_mask(attention_mask == 0, "attention_mask", None, "", dtype)[:, None, None, :]  # (B, 1, 1, T)


def _feed_forward(self: nn.Module, x: Tensor) -> Tensor:
    return nn.Sequential(self.expand, nn.GELU(), self.contract)(x)


def _add_norm(residual: Tensor, branch: Tensor, dropout: nn.Module, norm: nn.Module) -> Tensor:
    # torch's own post-norm encoder layer, with a branch that is ready in the place of its attention and with no feed-forward network
    theirs = nn.TransformerEncoderLayer
    layer = SimpleNamespace(training=True, norm_first=False, dropout1=dropout, norm1=norm, norm2=nn.Identity(), _ff_block=torch.zeros_like,
                            self_attn=lambda *_, **__: (branch, None))  # fmt: skip
    layer._sa_block = functools.partial(theirs._sa_block, layer)
    return theirs.forward(layer, residual)  # type: ignore[arg-type]


def _encoder_layer(self: nn.Module, hidden: Tensor, bias: Tensor | None, first_only: bool = False, need_weights: bool = False) -> Any:
    # torch's own again, with the parts of ours; it asks for as many positions as it is given, so one of them may answer to all
    from minbert.attention import Attended

    theirs, network = nn.TransformerEncoderLayer, self.feed_forward
    asking = hidden.narrow(1, 0, 1 if first_only else hidden.size(1))
    attended = _multi_head(self.attention, asking, hidden, bias, need_weights)
    layer = SimpleNamespace(training=True, norm_first=False, self_attn=lambda *_, **__: attended, activation=F.gelu, dropout=nn.Identity(), linear1=network.expand,
                            linear2=network.contract, dropout1=self.attention_dropout, norm1=self.attention_norm, dropout2=self.feed_forward_dropout,
                            norm2=self.feed_forward_norm)  # fmt: skip
    layer._sa_block, layer._ff_block = (functools.partial(block, layer) for block in (theirs._sa_block, theirs._ff_block))
    return Attended(theirs.forward(layer, asking), attended.weights)  # type: ignore[arg-type]


def _bias(attention_mask: Tensor, dtype: torch.dtype) -> Tensor | None:
    return attention_mask.to(dtype=dtype).log()[:, None, None, :]  # (B, 1, 1, T): log 1 = 0 keeps, log 0 hides


def _normalised(self: nn.Module, input_ids: Tensor, token_type_ids: Tensor | None = None, position_ids: Tensor | None = None) -> Tensor:
    # all tables one below the other, and every token a bag of three rows
    tables = self.word, self.position, self.token_type
    counted = torch.ones_like(input_ids).cumsum(1) - 1 if position_ids is None else position_ids.expand_as(input_ids)
    rows = input_ids, counted + len(tables[0].weight), (input_ids * 0 if token_type_ids is None else token_type_ids) + sum(len(each.weight) for each in tables[:2])
    bags = F.embedding_bag(torch.stack(rows, -1).flatten(0, 1), torch.cat([each.weight for each in tables]), mode="sum").unflatten(0, input_ids.shape)
    return F.layer_norm(bags, self.norm.normalized_shape, self.norm.weight, self.norm.bias, self.norm.eps)


def _embeddings(self: nn.Module, *ids: Tensor | None) -> Tensor:
    return F.dropout(_normalised(self, *ids), self.dropout.p, self.training)  # type: ignore[arg-type]


STAND_INS: dict[tuple[str, str], Callable[..., Any]] = {
    ("minbert.attention", "attention_bias"): _attention_bias,
    ("minbert.attention", "MultiHeadAttention.forward"): _multi_head,
    ("minbert.feed_forward", "FeedForward.forward"): _feed_forward,
    ("minbert.layer", "add_norm"): _add_norm,
    ("minbert.attention", "attention_bias"): _bias,
    ("minbert.layer", "EncoderLayer.forward"): _encoder_layer,
    ("minbert.embeddings", "Embeddings.normalised"): _normalised,
    ("minbert.embeddings", "Embeddings.forward"): _embeddings,
}
