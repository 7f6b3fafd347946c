"""Gradients of several tasks side by side: one list a task, one entry a parameter, None where the task does not use it.

    products[p, i, j] = g_i[p] . g_j[p]          total[p] = sum over tasks that use p of g_i[p]

Nothing is flattened: the lists hold the very tensors that backward wrote, so K tasks cost K gradients of memory and no copy.
Letters: K tasks, P parameters.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

TaskGradient = Sequence[Tensor | None]  # one task's gradient: P entries, None where the task does not use the parameter


def take_gradients(parameters: Sequence[Tensor]) -> list[Tensor | None]:
    """Take every `.grad` away from its parameter, leaving None: P entries. Nothing is copied, and the next backward starts afresh."""
    taken = [parameter.grad for parameter in parameters]
    for parameter in parameters:
        parameter.grad = None
    return taken


def put_gradients(parameters: Sequence[Tensor], gradient: TaskGradient) -> None:
    """Make `gradient` the `.grad` of the parameters; an entry of None stays None, so that Adam neither moves nor decays it."""
    for parameter, entry in zip(parameters, gradient, strict=True):
        parameter.grad = entry


def presence(gradients: Sequence[TaskGradient]) -> Tensor:
    """Which task uses which parameter: (P, K) of bool."""
    _expect_equal_lengths(gradients)
    return torch.tensor([[entry is not None for entry in entries] for entries in zip(*gradients)]).reshape(-1, len(gradients))


def inner_products(gradients: Sequence[TaskGradient]) -> Tensor:
    """products[p, i, j] = g_i[p] . g_j[p], (P, K, K) float64 on the CPU; 0 where either task does not use the parameter."""
    _expect_equal_lengths(gradients)
    products = torch.zeros(len(gradients[0]), len(gradients), len(gradients), dtype=torch.float64)  # (P, K, K)
    for place, entries in enumerate(zip(*gradients)):
        used = [task for task, entry in enumerate(entries) if entry is not None]
        for first, i in enumerate(used):
            for j in used[first:]:
                products[place, i, j] = products[place, j, i] = torch.dot(entries[i].flatten(), entries[j].flatten()).double()
    return products


def combine(gradients: Sequence[TaskGradient], weights: Tensor) -> list[Tensor | None]:
    """sum_j weights[p, j] g_j[p] for every parameter, P new tensors: weights (P, K). Tasks are added in their order, absent ones left out.

    A weight of 1 is exact, so a row of ones gives the same bits as letting backward add the gradients up.
    """
    return [_weighted(entries, row) for entries, row in zip(zip(*gradients), weights.tolist())]


def _weighted(entries: tuple[Tensor | None, ...], weights: list[float]) -> Tensor | None:
    total = None
    for entry, weight in zip(entries, weights):
        if entry is not None:
            total = entry * weight if total is None else total.add_(entry, alpha=weight)
    return total


def total(gradients: Sequence[TaskGradient]) -> list[Tensor | None]:
    """The gradient of the summed loss: sum over tasks of g_i[p], P new tensors."""
    return combine(gradients, torch.ones(len(gradients[0]), len(gradients)))


def _expect_equal_lengths(gradients: Sequence[TaskGradient]) -> None:
    lengths = sorted({len(gradient) for gradient in gradients})
    if len(lengths) != 1:
        raise ValueError(f"the tasks' gradients have {' and '.join(map(str, lengths)) or 'no'} entries, expected one for each parameter, None where a task has none.")
