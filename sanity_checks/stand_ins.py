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
                if (body.module, body.name) in STAND_INS:
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
            elif isinstance(value, dict) and any(entry is original for entry in value.values()):
                patches.enter_context(mock.patch.dict(value, {name: function for name, entry in value.items() if entry is original}))


def _our_modules() -> list[ModuleType]:
    return [module for name, module in list(sys.modules.items()) if name.partition(".")[0] in ROOMS and module is not None]


def _multi_head(self: nn.Module, asking: Tensor, answering: Tensor, bias: Tensor | None, need_weights: bool = False) -> Any:
    from minbert.attention import Attended

    maps = (self.query, self.key, self.value)
    width, rows = asking.size(-1), (asking.size(0) * self.num_heads, asking.size(1), answering.size(1))
    mask = None if bias is None else bias.expand(-1, self.num_heads, asking.size(1), -1).reshape(rows)
    output, weights = F.multi_head_attention_forward(
        asking.transpose(0, 1), answering.transpose(0, 1), answering.transpose(0, 1), width, self.num_heads,
        torch.cat([each.weight for each in maps]), torch.cat([each.bias for each in maps]), None, None, False, self.dropout,
        self.output.weight, self.output.bias, training=self.training, need_weights=need_weights, attn_mask=mask, average_attn_weights=False)  # fmt: skip
    return Attended(output.transpose(0, 1), weights)


def _feed_forward(self: nn.Module, x: Tensor) -> Tensor:
    return nn.Sequential(self.expand, nn.GELU(), self.contract)(x)


def _add_norm(residual: Tensor, branch: Tensor, dropout: nn.Module, norm: nn.Module) -> Tensor:
    # torch's own post-norm encoder layer, with a branch that is ready in the place of its attention and with no feed-forward network
    theirs = nn.TransformerEncoderLayer
    layer = SimpleNamespace(training=True, norm_first=False, dropout1=dropout, norm1=norm, norm2=nn.Identity(), _ff_block=torch.zeros_like,
                            self_attn=lambda *_, **__: (branch, None))  # fmt: skip
    layer._sa_block = functools.partial(theirs._sa_block, layer)
    return theirs.forward(layer, residual)  # type: ignore[arg-type]


STAND_INS: dict[tuple[str, str], Callable[..., Any]] = {
    ("minbert.attention", "MultiHeadAttention.forward"): _multi_head,
    ("minbert.feed_forward", "FeedForward.forward"): _feed_forward,
    ("minbert.layer", "add_norm"): _add_norm,
}
