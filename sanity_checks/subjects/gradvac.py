"""What the Gradient Vaccine probe needs: the merged gradient and the next targets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

Merged = Sequence["Tensor | None"]


@dataclass(frozen=True)
class GradVac:
    """merge(gradients of K tasks, targets (K, K), rate, or None for the code's own) -> (merged gradient, next targets (K, K))."""

    merge: Callable[[Sequence[Merged], Tensor, float | None], tuple[Merged, Tensor]]


def library() -> GradVac:
    """The subject made of optim/gradvac.py."""
    from optim.gradvac import gradvac  # here, so that a file that cannot be read is reported when its component is checked

    def merge(gradients: Sequence[Merged], targets: Tensor, rate: float | None) -> tuple[Merged, Tensor]:
        return gradvac(gradients, targets, torch.Generator().manual_seed(7), **({} if rate is None else {"rate": rate}))

    return GradVac(merge)
