"""What the PCGrad probe needs: a wrapper around an optimizer, and the parts of gradient surgery where a layout has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

Gradients = Sequence[Sequence["Tensor | None"]]  # K tasks, P entries each


@dataclass(frozen=True)
class PCGrad:
    """wrap(optimizer, reduction="sum" or "mean") -> an object with zero_grad(), pc_backward([losses]) and step(); merge(gradients of K tasks,
    generator, reduction) -> P entries; weights(products (P, K, K), present (P, K), generator) -> (K, K); gse(parameters, gradients, step, generator)
    makes both steps of the gradient surgery experiment.  None where a layout has none; without merge, three tasks are not looked at."""

    wrap: Callable[..., Any]
    merge: Callable[[Gradients, torch.Generator, str], Sequence[Tensor | None]] | None = None
    weights: Callable[[Tensor, Tensor, torch.Generator], Tensor] | None = None
    gse: Callable[[Sequence[Tensor], Gradients, Callable[[], object], torch.Generator], object] | None = None


def library() -> PCGrad:
    """The subject made of optim/pcgrad.py and optim/surgery.py."""
    from optim import surgery  # here, so that a file that cannot be read is reported when its component is checked
    from optim.pcgrad import pcgrad, pcgrad_weights  # (the package calls the function like its file)

    def gse(parameters: Sequence[Tensor], gradients: Gradients, step: Callable[[], object], generator: torch.Generator) -> None:
        surgery.steps_along(parameters, gradients, surgery.gse_merges(generator), step)

    def wrap(optimizer: Optimizer, **settings: Any) -> Any:
        return surgery.PCGrad(optimizer, **settings)

    return PCGrad(wrap, pcgrad, pcgrad_weights, gse)
