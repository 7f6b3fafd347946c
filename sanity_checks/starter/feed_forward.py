"""The feed-forward network of a checkout, which no method of its own holds: it is what BertLayer.forward does around its two dense layers.

    with add_norm         its second call is handed the activations and the second dense layer
    merged into forward   with attention silent and both norms switched off, layer(x) - x is what the network adds
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from sanity_checks.starter.course import Desk, part
from sanity_checks.subjects.feed_forward import FeedForward
from sanity_checks.subjects.feed_forward import library as ours

MAPS = {"interm_dense": "expand", "out_dense": "contract"}


def feed_forward(desk: Desk) -> FeedForward | None:
    """The subject, or None when the layer has no interm_dense and out_dense."""
    theirs = desk.offers("bert", "BertLayer")
    if theirs is None:
        return None
    trial = theirs(desk.config(hidden_size=2, intermediate_size=3, num_attention_heads=1))
    if any(part(trial, name) is None for name in MAPS):
        return None

    def build(width: int, inner: int) -> nn.Module:
        module = theirs(desk.config(hidden_size=width, intermediate_size=inner, num_attention_heads=1)).double().eval()
        filled = ours().build(width, inner)
        for name, our_name in MAPS.items():
            getattr(module, name).load_state_dict(getattr(filled, our_name).state_dict())
        _silence(module)
        return module

    def run(module: nn.Module, x: Tensor) -> Tensor:
        nothing_hidden = x.new_zeros(x.size(0), 1, 1, x.size(1))
        given = _given_to_add_norm(module, x, nothing_hidden)
        if given is None:
            return module(x, nothing_hidden) - x
        desk.findings.called.add("add_norm")
        return given

    names = tuple(f"{name}.{which}" for name in MAPS for which in ("weight", "bias"))
    return FeedForward(build, run, None, names)  # type: ignore[arg-type]


class _Silent(nn.Module):
    def forward(self, x: Tensor, *others: Any) -> Tensor:
        return torch.zeros_like(x)


def _silence(module: Any) -> None:
    for name, quiet in {"self_attention": _Silent(), "attention_dense": _Silent(), "attention_layer_norm": nn.Identity(), "out_layer_norm": nn.Identity(),
                        "attention_dropout": nn.Identity(), "out_dropout": nn.Identity()}.items():  # fmt: skip
        if part(module, name) is not None:
            setattr(module, name, quiet)


def _given_to_add_norm(module: Any, x: Tensor, mask: Tensor) -> Tensor | None:
    """What the second call of the layer's add_norm would have added to the residual; None when the layer does not call it twice."""
    if not hasattr(type(module), "add_norm"):
        return None
    branches: list[Tensor] = []

    def add_norm(input: Tensor, output: Tensor, dense_layer: nn.Module, dropout: nn.Module, ln_layer: nn.Module) -> Tensor:
        branches.append(dense_layer(output))
        return input

    module.add_norm = add_norm
    try:
        module(x, mask)
    finally:
        del module.add_norm
    return branches[1] if len(branches) == 2 else None
