"""The oracles of the AdamW check: golden numbers, the algorithm in plain Python floats, and settings under which mistakes show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

GRADIENTS = (0.5, -0.25, 0.125)
# One number, theta = 1, three gradients, rate 0.01, decay 0.1, epsilon 1e-6: the settings that differ -> theta after the third step.
GOLDEN: tuple[tuple[str, dict[str, Any], float], ...] = (
    ("the course's form", {}, 0.9809750043313575),
    ("torch's form", {"form": "torch"}, 0.980958027481048),
    ("the course's form without bias correction", {"correct_bias": False}, 0.9373477555760142),
    ("the course's form without decay", {"weight_decay": 0.0}, 0.9839333093371669),
)
HARD = {"lr": 0.1, "betas": (0.5, 0.8), "eps": 0.1, "weight_decay": 0.3}


def by_hand(theta: float, gradients: Sequence[float | None], lr: float, betas: tuple[float, float], eps: float, weight_decay: float,
            correct_bias: bool = True) -> list[float]:
    """The course's AdamW on one number in plain floats; a gradient of None leaves the number alone. Returns theta after each step."""
    m = v = 0.0
    step, path = 0, []
    for gradient in gradients:
        if gradient is not None:
            step += 1
            m = betas[0] * m + (1 - betas[0]) * gradient
            v = betas[1] * v + (1 - betas[1]) * gradient * gradient
            rate = lr * math.sqrt(1 - betas[1] ** step) / (1 - betas[0] ** step) if correct_bias else lr
            theta -= rate * m / (math.sqrt(v) + eps)
            theta -= lr * weight_decay * theta
        path.append(theta)
    return path


def numbers(shape: tuple[int, ...], seed: int) -> Tensor:
    """A parameter of normal float64 numbers."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).requires_grad_()


def walk(optimizer: torch.optim.Optimizer, parameters: Sequence[Tensor], steps: Sequence[Sequence[Tensor | None]]) -> list[list[Tensor]]:
    """Take `steps` (one gradient or None for each parameter); returns copies of the parameters after each."""
    path = []
    for gradients in steps:
        for parameter, gradient in zip(parameters, gradients):
            parameter.grad = None if gradient is None else gradient.clone()
        optimizer.step()
        path.append([parameter.detach().clone() for parameter in parameters])
    return path
