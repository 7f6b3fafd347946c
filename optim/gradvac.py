"""Gradient Vaccine: a neighbour of PCGrad that asks for more than "no conflict" (Wang et al. 2020).

Each pair of tasks has a target cosine, the running mean r_T of the cosines r seen so far.  Where r = cos(p_i, g_j) < r_T,

    p_i <- p_i + |p_i| (r_T sqrt(1 - r^2) - r sqrt(1 - r_T^2)) / (|g_j| sqrt(1 - r_T^2))  g_j

turns p_i until its cosine with g_j is r_T.  With r_T = 0 this is exactly the projection of PCGrad.
Letters: K tasks, P parameters.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from .pcgrad import merged_weights
from .task_gradients import TaskGradient, combine, inner_products, presence

RATE = 1e-2  # how fast a target follows the cosines, as in the authors' code


def gradvac(gradients: Sequence[TaskGradient], targets: Tensor, generator: torch.Generator, rate: float = RATE) -> tuple[list[Tensor | None], Tensor]:
    """Merge K task gradients of P entries; returns the sum of all p_i and the next targets (K, K). The inputs are only read.

    targets (K, K) float64: r_T of every ordered pair, zeros at the start; rate: how much of each new cosine goes into them, 0 keeps them.
    """
    present = presence(gradients)  # (P, K)
    products, targets = inner_products(gradients), targets.clone()
    weights = torch.eye(len(gradients), dtype=torch.float64)
    for i in range(len(gradients)):
        gram = products[present[:, i]].sum(0)  # (K, K), over the parameters of task i
        for j in torch.randperm(len(gradients), generator=generator).tolist():
            if j != i and gram[i, j] != 0 and gram[j, j] > 0:  # two tasks that share nothing have no cosine
                _vaccinate(weights[i], gram, j, float(targets[i, j]))
                cosine = float(gram[i, j] / (gram[i, i] * gram[j, j]).sqrt())  # of the originals, whatever happened to p_i before
                targets[i, j] += rate * (cosine - targets[i, j])
    return combine(gradients, merged_weights(weights, present)), targets


def _vaccinate(row: Tensor, gram: Tensor, j: int, target: float) -> None:
    """Turn p_i = sum_k row_k g_k towards g_j, in place, when its cosine is below `target`."""
    length, other = math.sqrt(max(float(row @ gram @ row), 0.0)), math.sqrt(float(gram[j, j]))
    if length == 0:
        return
    cosine = max(-1.0, min(1.0, float(row @ gram[:, j]) / (length * other)))
    if cosine < target < 1:
        sine, target_sine = math.sqrt(1 - cosine**2), math.sqrt(1 - target**2)
        row[j] += length * (target * sine - cosine * target_sine) / (other * target_sine)
