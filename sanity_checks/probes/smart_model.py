"""What the SMART probe perturbs: a small model behind the regularizers' door, whose dropout masks are fixed and whose passes are noted.

Letters: R rows, T tokens, C model width, k classes.
"""

from __future__ import annotations

import torch
from torch import Tensor

from sanity_checks.fingerprint import numbers

R, T, C, K = 2, 3, 5, 7
BEFORE = 0.25  # every parameter's .grad before the regularizer is called


def apart(a: Tensor, b: Tensor) -> Tensor:
    """A distance of two answers (R, k): the same both ways, 0 for equal ones, and none that a student writes."""
    return ((a.sinh() - b.sinh()) * (a - b)).sum() / len(a)


def apart_one_sided(a: Tensor, b: Tensor) -> Tensor:
    """Another one, which tells its arguments apart."""
    return (b.exp() * (a - b).square()).sum() / len(a)


class Model:
    """door(embeddings (R, T, C), masks="fresh") -> logits (R, k); asked: the masks that each pass asked for."""

    def __init__(self) -> None:
        self.mix, self.head = ((factor * numbers(*shape, seed=seed)).requires_grad_() for factor, shape, seed in ((0.5, (C, C), 91), (0.7, (C, K), 92)))
        self.asked: list[str] = []

    def __call__(self, embeddings: Tensor) -> Tensor:
        """The logits without dropout."""
        return self._with(embeddings, torch.ones((), dtype=torch.float64))

    def door(self, embeddings: Tensor, masks: str = "fresh") -> Tensor:
        """The logits with dropout; fresh masks differ from pass to pass, the same ones are those of the first pass."""
        self.asked.append(masks)
        number = len(self.asked) if masks == "fresh" else 1
        return self._with(embeddings, torch.ones(()) if masks == "off" else 2.0 * (numbers(C, seed=100 + number) > -0.3))

    def _with(self, embeddings: Tensor, mask: Tensor) -> Tensor:
        return (torch.tanh(embeddings @ self.mix) * mask).mean(1) @ self.head

    def keep_gradients(self) -> None:
        """Give every parameter a .grad, as after a backward that was not stepped on."""
        for parameter in (self.mix, self.head):
            parameter.grad = torch.full_like(parameter, BEFORE)

    def gradients_are_kept(self) -> bool:
        """Whether nothing was added to them, and nothing taken away."""
        return all(parameter.grad is not None and bool((parameter.grad == BEFORE).all()) for parameter in (self.mix, self.head))
