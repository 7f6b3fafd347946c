"""PCGrad: where two tasks pull against each other, each gives up the part that opposes the other (Yu et al. 2020, algorithm 1).

    p_i = g_i
    for each other task j, in random order:   if p_i . g_j < 0:   p_i <- p_i - (p_i . g_j) / |g_j|^2  g_j
    result = sum over i of p_i

g_j is always the original gradient, and i itself is skipped.  Every p_i stays a combination of the originals, p_i = sum_j w_ij g_j, so the
loop below changes K numbers instead of a hundred million: p_i . g_j = sum_k w_ik g_k . g_j needs the inner products alone.

"Shared" is meant pair by pair: task i meets task j on the parameters that both use. A head that one task uses keeps that task's gradient,
neither projected nor averaged.  Letters: K tasks, P parameters.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from .task_gradients import TaskGradient, combine, inner_products, presence


def pcgrad_weights(products: Tensor, present: Tensor, generator: torch.Generator) -> Tensor:
    """w (K, K) with p_i = sum_j w_ij g_j.  products (P, K, K): g_i . g_j for each parameter; present (P, K): which task uses which.

    generator: draws the order in which each task meets the others, anew for every task.
    """
    num_tasks = products.size(-1)
    weights = torch.eye(num_tasks, dtype=torch.float64)
    for i in range(num_tasks):
        # Over the parameters of task i alone: a head of task j would make |g_j| larger than what the two tasks share.
        gram = products[present[:, i]].sum(0)  # (K, K)
        for j in torch.randperm(num_tasks, generator=generator).tolist():
            agreement = weights[i] @ gram[:, j]  # p_i . g_j
            if j != i and agreement < 0:
                weights[i, j] -= agreement / gram[j, j]
    return weights


def pcgrad(gradients: Sequence[TaskGradient], generator: torch.Generator, reduction: str = "sum") -> list[Tensor | None]:
    """Merge K task gradients of P entries into one; the inputs are only read.

    reduction: "sum" (the paper) or "mean", over the tasks that use a parameter (GSE's first update).  Without a conflict "sum" is the plain
    sum bit for bit.  Raises ValueError for another reduction, no task, or gradients of different lengths.

        one, two = [torch.tensor([1.0, 0.0])], [torch.tensor([-1.0, 1.0])]
        pcgrad([one, two], generator)        # [tensor([0.5, 1.5])]
    """
    if reduction not in REDUCTIONS:
        raise ValueError(f"pcgrad got reduction={reduction!r}, expected one of {', '.join(map(repr, REDUCTIONS))}.")
    present = presence(gradients)  # (P, K)
    weights = pcgrad_weights(inner_products(gradients), present, generator)
    return combine(gradients, REDUCTIONS[reduction](merged_weights(weights, present), present))


def merged_weights(weights: Tensor, present: Tensor) -> Tensor:
    """How often each g_j counts in the sum of all p_i, for each parameter: w (K, K), present (P, K) -> (P, K).

    Only tasks that use a parameter contribute their p_i to it.
    """
    return present.double() @ weights


REDUCTIONS = {
    "sum": lambda merged, present: merged,
    "mean": lambda merged, present: merged / present.sum(1, keepdim=True).clamp(min=1),  # a head's own gradient is its mean
}
