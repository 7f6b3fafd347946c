"""What the authors' own code (mt-dnn), and smart-pytorch after it, compute under the name of SMART. It is not the algorithm of the paper.

    delta = (noise + eta dl/d noise) / (|noise + eta dl/d noise|_inf + epsilon)      once, a norm for each token
    R     = KL(P | Q~) + KL(Q | P~)      with a tilde: held constant

The division makes the largest number of every token's delta almost 1, five orders of magnitude outside the paper's ball of 1e-5; epsilon only
guards that division.  The gradient is added without normalising, so that for usual slopes of 1e-4 the direction is mostly the noise's.
Both are described in mt-dnn's issues 214 and 224.  We keep it under its own name, so that a comparison can say which of the two it ran.
Letters: B batch, R rows, T tokens, C model width, k classes.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from .smart import LogitsOf


@dataclass(frozen=True)
class MtDnnSettings:
    """sigma: of the noise; eta: how much of the slope is added; epsilon: guard of the division, not a radius; reduction: "mean" over the batch
    (batchmean), or "sum", which multiplies lambda by B."""

    sigma: float = 1e-5
    eta: float = 1e-3
    epsilon: float = 1e-6
    reduction: str = "mean"

    def __post_init__(self) -> None:
        if self.reduction not in ("mean", "sum"):
            raise ValueError(f"mt-dnn SMART got reduction={self.reduction!r}, expected 'mean' or 'sum'.")


def as_classes(logits: Tensor, kind: str) -> Tensor:
    """Logits (B, k) as they are, and one logit (B,) of a yes-no answer as the two scores [0, a], (B, 2), whose softmax is [1 - s(a), s(a)]."""
    return torch.stack([torch.zeros_like(logits), logits], dim=-1) if kind == "binary" else logits


def stable_kl(a: Tensor, b: Tensor, guard: float = 1e-6) -> Tensor:
    """2 sum_c p_c (logit p_c - logit q_c), slope through p alone, averaged over B: the ascent's target there.

    a, b (B, k).  In spite of its name it is no divergence: it can be negative, -0.177 for .6 against .7.
    """
    p, q = a.softmax(-1), b.softmax(-1).detach()
    odds_p, odds_q = (-(1 / (each.detach() + guard) - 1 + guard).log() for each in (p, q))
    return (2 * p * (odds_p - odds_q)).sum(-1).mean()


def detached_symmetric_kl(a: Tensor, b: Tensor, reduction: str = "mean") -> Tensor:
    """KL(Q~ | P) + KL(P~ | Q) of (B, k) logits, the first of each pair held constant: the value of the symmetric KL, about half its slope."""
    log_p, log_q = (each.log_softmax(-1) for each in (a, b))
    reduce = {"mean": "batchmean", "sum": "sum"}[reduction]
    return F.kl_div(log_p, log_q.detach(), reduction=reduce, log_target=True) + F.kl_div(log_q, log_p.detach(), reduction=reduce, log_target=True)


class SmartMtDnn:
    """SMART as mt-dnn computes it, with dropout on and drawn afresh in every pass.  kind: "classes", "binary" or "regression"."""

    def __init__(self, kind: str, generator: torch.Generator, settings: MtDnnSettings = MtDnnSettings()) -> None:
        self.kind, self.generator, self.settings = kind, generator, settings

    def __call__(self, logits_of: LogitsOf, embeddings: Tensor, logits: Tensor) -> Tensor:
        """R, a scalar: embeddings (R, T, C) and logits (B, k) or (B,) are the clean ones, with their graph."""
        noise = self.settings.sigma * torch.randn(embeddings.shape, generator=self.generator, device=self.generator.device).to(embeddings)  # (R, T, C)
        noise.requires_grad_()
        answer = logits_of(embeddings.detach() + noise)
        (slope,) = torch.autograd.grad(self._inner(answer, logits.detach()), noise)
        raw = noise.detach() + self.settings.eta * slope
        delta = raw / (raw.abs().amax(-1, keepdim=True) + self.settings.epsilon)
        return self._outer(logits_of(embeddings + delta), logits)

    def _inner(self, answer: Tensor, clean: Tensor) -> Tensor:
        return F.mse_loss(answer, clean) if self.kind == "regression" else stable_kl(as_classes(answer, self.kind), as_classes(clean, self.kind))

    def _outer(self, answer: Tensor, clean: Tensor) -> Tensor:
        if self.kind == "regression":
            return F.mse_loss(answer, clean.detach(), reduction=self.settings.reduction)
        return detached_symmetric_kl(as_classes(answer, self.kind), as_classes(clean, self.kind), self.settings.reduction)
