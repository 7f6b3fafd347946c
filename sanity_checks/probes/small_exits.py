"""A model of three small layers with an exit above each, under the state names of the real one: what the layer focus probe moves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn

from sanity_checks.fingerprint import numbers

B, T, C, L = 2, 3, 5, 3
LAYERS = tuple(f"bert.layers.{number}" for number in range(L))
NAMES = ("bert.embeddings", *LAYERS, "bert.pooler", "towers.sst.layers.2", "exits.sst.0", "exits.sst.1", "exits.sst.2", "heads.sst", "adapters")
STILL = "static"


class Part(nn.Module):
    """One matrix, drawn from its seed, and `dropout`, which is only a mode: nothing here is random."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.weight, self.dropout = nn.Parameter(0.6 * numbers(C, C, seed=seed)), nn.Module()

    def forward(self, x: Tensor) -> Tensor:
        """(..., C) -> (..., C)."""
        return x @ self.weight


class Encoder(nn.Module):
    """embeddings, layers and pooler; `calls` notes the layers that ran, from 1."""

    def __init__(self) -> None:
        super().__init__()
        self.embeddings, self.pooler = Part(1), Part(2)
        self.layers = nn.ModuleList(Part(3 + number) for number in range(L))
        self.calls: list[int] = []

    def walk(self, hidden: Tensor, attention_mask: Tensor | None = None, *_: Any, **__: Any) -> Iterator[SimpleNamespace]:
        """Yield each layer's states (B, T, C); tokens see the mean of the visible ones."""
        seen = torch.ones(hidden.shape[:2]) if attention_mask is None else attention_mask
        for below, layer in enumerate(self.layers):
            self.calls.append(below + 1)
            mean = (hidden * seen[..., None]).sum(1, keepdim=True) / seen.sum(1)[:, None, None]  # (B, 1, C)
            hidden = torch.tanh(layer(hidden + mean))
            yield SimpleNamespace(output=hidden, weights=None)


class SmallExits(nn.Module):
    """bert.*, towers.sst.*, exits.sst.*, heads.sst, adapters, and `static`, which never learns; float64, train mode, the same numbers each time."""

    def __init__(self) -> None:
        super().__init__()
        self.bert, self.heads, self.adapters, self.static = Encoder(), nn.ModuleDict({"sst": Part(11)}), Part(12), Part(13).requires_grad_(False)
        self.towers = nn.ModuleDict({"sst": nn.ModuleDict({"layers": nn.ModuleDict({"2": Part(14)})})})
        self.exits = nn.ModuleDict({"sst": nn.ModuleList(Part(15 + number) for number in range(L))})

    def loss(self, state: Tensor, layer: int) -> Tensor:
        """A scalar through exit `layer`, from 1, and through everything that could learn beside it."""
        above = self.heads["sst"](self.bert.pooler(state)) + self.towers["sst"]["layers"]["2"](state) + self.adapters(state)
        return (self.exits["sst"][layer - 1](state) + 0.1 * above).square().mean()

    def embedded(self) -> Tensor:
        """(B, T, C), through the embeddings' matrix."""
        return self.bert.embeddings(numbers(B, T, C, seed=19))


class Pushing:
    """Momentum and decay, of whatever has a gradient: what would move layers that rest."""

    def __init__(self, parameters: Iterable[nn.Parameter]) -> None:
        self.parameters = list(parameters)
        self.speeds: dict[nn.Parameter, Tensor] = {}

    @torch.no_grad()
    def step(self) -> None:
        """One step of rate 0.1, momentum 0.5 and decay 0.1."""
        for parameter in self.parameters:
            if parameter.grad is not None:
                self.speeds[parameter] = 0.5 * self.speeds.get(parameter, 0.0) + parameter.grad + 0.1 * parameter
                parameter -= 0.1 * self.speeds[parameter]

    def zero_grad(self, set_to_none: bool = True) -> None:
        """As torch's."""
        for parameter in self.parameters:
            parameter.grad = None if set_to_none or parameter.grad is None else torch.zeros_like(parameter)
