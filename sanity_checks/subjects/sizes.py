"""The sizes of the small models that probes build, and the numbers that fill them, the same in every layout of the code.

A layout offers its own modules under this library's names ("layers.0.attention.query"); each is then filled by its name, so that two layouts
with other orders and other words hold the same model.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import nn

from sanity_checks.fingerprint import numbers


@dataclass(frozen=True)
class Sizes:
    """All pairwise different, so that no mistake of shape fits by chance; attention_rate: dropout on the attention probabilities."""

    heads: int = 3
    head_width: int = 5
    inner: int = 11
    layers: int = 3
    vocabulary: int = 29
    positions: int = 13
    segments: int = 17  # more than there are positions: ids that go through the wrong table then give numbers to compare, and no crash
    attention_rate: float = 0.375

    @property
    def width(self) -> int:
        """C = H D."""
        return self.heads * self.head_width


# Every dropout gets a rate of its own and every norm an epsilon large enough to show, so that exchanged modules are seen.
RATES = {"dropout": 0.125, "attention_dropout": 0.25, "feed_forward_dropout": 0.5}
EPSILONS = {"norm": 0.3, "attention_norm": 0.5, "feed_forward_norm": 0.7}


def settle(module: nn.Module, parts: Mapping[str, nn.Module]) -> nn.Module:
    """Fill the parts of `module` by their names, set rates and epsilons, and return it in float64 and eval mode."""
    module = module.double().eval()
    for name, part in parts.items():
        kind = name.rpartition(".")[2]
        with torch.no_grad():
            for which, parameter in part.named_parameters(recurse=False):
                drawn = numbers(*parameter.shape, seed=zlib.crc32(f"{name}.{which}".encode()))
                parameter.copy_(1 + 0.4 * drawn if which == "weight" and kind in EPSILONS else 0.4 * drawn)
        if kind in EPSILONS:
            part.eps = EPSILONS[kind]  # type: ignore[assignment]
        if kind in RATES:
            part.p = RATES[kind]  # type: ignore[assignment]
    return module


def leaves(module: nn.Module) -> dict[str, nn.Module]:
    """The parts of a module of this library: all that have no parts of their own, under their own names."""
    return {name: part for name, part in module.named_modules() if name and not any(part.children())}
