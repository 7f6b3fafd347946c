"""A noise that can be watched: every normal or uniform draw gives fixed numbers, and is noted with the generator that it was asked of.

So a random start has one right value, whichever of torch's functions draws it and in whatever dtype: the numbers are multiples of 1/64, which
float32 holds exactly. Each further draw gives other numbers, so that noise drawn anew is told from noise that is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import torch
from torch import Tensor

from sanity_checks.fingerprint import numbers

SEED = 90


@contextmanager
def recorded_noise() -> Iterator[list[torch.Generator | None]]:
    """Inside, torch.randn and its kin are `fixed`; the list holds the generator of every draw, None for the global one."""
    drawn: list[torch.Generator | None] = []

    def draw(shape: Any, generator: torch.Generator | None, dtype: torch.dtype | None, uniform: bool = False) -> Tensor:
        drawn.append(generator)
        values = (64 * numbers(*shape, seed=SEED + len(drawn))).round() / 64
        return (values.abs() % 1 if uniform else values).to(dtype or torch.get_default_dtype())

    with ExitStack() as patches:
        for owner, name, replacement in _replacements(draw):
            patches.enter_context(mock.patch.object(owner, name, replacement))
        yield drawn


def _replacements(draw: Callable[..., Tensor]) -> Iterator[tuple[Any, str, Callable[..., Tensor]]]:
    shape_of = lambda size: tuple(size[0]) if size and not isinstance(size[0], int) else size
    asks = lambda value, options: value.requires_grad_(options.get("requires_grad", False))
    for name, uniform in {"randn": False, "rand": True}.items():
        whole = lambda *size, generator=None, dtype=None, uniform=uniform, **options: asks(draw(shape_of(size), generator, dtype, uniform), options)
        like = lambda x, generator=None, dtype=None, uniform=uniform, **options: asks(draw(x.shape, generator, dtype or x.dtype, uniform), options)
        yield torch, name, whole
        yield torch, f"{name}_like", like
    yield torch.Tensor, "normal_", lambda self, mean=0.0, std=1.0, generator=None: self.copy_(mean + std * draw(self.shape, generator, torch.float64))
    yield torch.Tensor, "uniform_", lambda self, low=0.0, high=1.0, generator=None: self.copy_(low + (high - low) * draw(self.shape, generator, torch.float64, True))
    yield torch, "normal", _normal(draw)


def _normal(draw: Callable[..., Tensor]) -> Callable[..., Tensor]:
    def normal(mean: Any = 0.0, std: Any = 1.0, size: Any = None, generator: torch.Generator | None = None, dtype: torch.dtype | None = None, **options: Any) -> Tensor:
        tensors = [each for each in (mean, std) if isinstance(each, Tensor)]
        kind = dtype or (tensors[0].dtype if tensors else None)
        return mean + std * draw(size if size is not None else torch.broadcast_shapes(*(each.shape for each in tensors)), generator, kind)

    return normal
