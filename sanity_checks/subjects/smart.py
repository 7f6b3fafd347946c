"""What the SMART probe needs: the regularizer, and its two parts where a layout has them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

Distance = Callable[[Tensor, Tensor], Tensor]
Regularizer = Callable[[Callable[..., Tensor], Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Smart:
    """make(distance, generator, **settings) -> regularizer(logits_of, embeddings (R, T, C), logits) -> scalar; project(delta, **settings) -> delta;
    perturb(delta -> logits, clean logits, like (R, T, C), distance, generator, **settings) -> delta.  settings: epsilon, sigma, eta, steps,
    norm "inf" or "2", scope "token", "sentence" or "batch", dropout "same", "independent" or "off"."""

    make: Callable[..., Regularizer]
    project: Callable[..., Tensor] | None = None
    perturb: Callable[..., Tensor] | None = None


def library() -> Smart:
    """The subject made of regularizers/smart.py."""
    import regularizers.smart as ours  # here, so that a file that cannot be read is reported when its component is checked

    def perturb(respond: Callable[[Tensor], Tensor], clean: Tensor, like: Tensor, distance: Distance, generator: torch.Generator, **settings: Any) -> Tensor:
        return ours.perturbation(respond, clean, like, distance, ours.SmartSettings(**settings), generator)

    return Smart(lambda distance, generator, **settings: ours.Smart(distance, generator, ours.SmartSettings(**settings)),
                 lambda delta, **settings: ours.project(delta, ours.SmartSettings(**settings)), perturb)
