"""Divergences: how far apart two answers to the same example are, from raw scores; 0 for equal answers, never negative.

    symmetric                                                   one-sided
    classes     KL(P|Q) + KL(Q|P) = sum_c (P_c - Q_c)(a_c - b_c)   KL(P|Q) = sum_c P_c (log P_c - log Q_c)
    binary      (s(a) - s(b)) (a - b)                              s(a)(a - b) - log(1 + e^a) + log(1 + e^b)
    regression  (a - b)^2                                          the same

a and b are logits, P and Q their softmax, s the sigmoid.  In the symmetric sums the logarithms' normalisers cancel, so no probability is ever
divided by another and differences of 1e-5 survive in float32.  A single score needs the binary form: softmax over one number is 1 whatever the
number, and its KL is 0 with no gradient.  Each is averaged over the batch.  Letters: B batch, k classes.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

Divergence = Callable[[Tensor, Tensor], Tensor]


def symmetric_categorical(a: Tensor, b: Tensor) -> Tensor:
    """KL(P|Q) + KL(Q|P) of two (B, k) logits, averaged over B."""
    return ((a.softmax(-1) - b.softmax(-1)) * (a - b)).sum(-1).mean()


def categorical(a: Tensor, b: Tensor) -> Tensor:
    """KL(P|Q) of two (B, k) logits, averaged over B."""
    log_p, log_q = a.log_softmax(-1), b.log_softmax(-1)
    return (log_p.exp() * (log_p - log_q)).sum(-1).mean()


def symmetric_bernoulli(a: Tensor, b: Tensor) -> Tensor:
    """KL(P|Q) + KL(Q|P) of two yes-no answers with one logit each, (B,), averaged over B.

    >>> symmetric_bernoulli(torch.tensor([0.6]).logit(), torch.tensor([0.7]).logit())
    tensor(0.0442)
    """
    return ((a.sigmoid() - b.sigmoid()) * (a - b)).mean()


def bernoulli(a: Tensor, b: Tensor) -> Tensor:
    """KL(P|Q) of two yes-no answers with one logit each, (B,), averaged over B."""
    return (a.sigmoid() * (a - b) - F.softplus(a) + F.softplus(b)).mean()


def squared_error(a: Tensor, b: Tensor) -> Tensor:
    """Squared difference of two predictions (B,), averaged over B, in squared units of the label."""
    return (a - b).square().mean()


# kind of task -> (symmetric, one-sided)
DIVERGENCES: dict[str, tuple[Divergence, Divergence]] = {
    "classes": (symmetric_categorical, categorical),
    "binary": (symmetric_bernoulli, bernoulli),
    "regression": (squared_error, squared_error),
}


def divergence(kind: str, symmetric: bool = True) -> Divergence:
    """The divergence for a kind of task, of logits in float32 or better; refuses logits of the wrong number of dimensions.

    kind: "classes" (B, k), "binary" (B,) or "regression" (B,).  Raises ValueError for another kind, and when called with (B, 1) or unequal shapes.
    """
    if kind not in DIVERGENCES:
        raise ValueError(f"there is no divergence for kind {kind!r}, expected one of {', '.join(map(repr, DIVERGENCES))}.")
    formula, dimensions = DIVERGENCES[kind][0 if symmetric else 1], 2 if kind == "classes" else 1

    def checked(a: Tensor, b: Tensor) -> Tensor:
        if a.dim() != dimensions or a.shape != b.shape:
            wanted = "(B, k)" if dimensions == 2 else "(B,)"
            raise ValueError(f"a divergence of kind {kind!r} got logits of shape {tuple(a.shape)} and {tuple(b.shape)}, expected {wanted} for both.")
        # bfloat16 carries three digits, and what is measured here is smaller than that
        precise = torch.promote_types(a.dtype, torch.float32)
        return formula(a.to(precise), b.to(precise))

    return checked
