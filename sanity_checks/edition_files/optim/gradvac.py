"""Gradient Vaccine, a neighbour of PCGrad (Wang et al. 2020), is left out of this edition: its loop is the one that you write in optim/pcgrad.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from .task_gradients import TaskGradient


def gradvac(gradients: Sequence[TaskGradient], targets: Tensor, generator: torch.Generator, rate: float = 1e-2) -> tuple[list[Any], Tensor]:
    """Raises ValueError: the library has it, this edition has not."""
    raise ValueError("Gradient Vaccine is left out of this edition, because it would spell out PCGrad; try [update] name = \"pcgrad\".")
