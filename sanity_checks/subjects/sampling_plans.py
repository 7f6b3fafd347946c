"""What the probe of the sampling plans needs: the probabilities, the annealed exponent, and the plans of an epoch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

Steps = Sequence[Sequence[str]]
Plan = Callable[..., Steps]


@dataclass(frozen=True)
class SamplingPlans:
    """probabilities(sizes, alpha) -> (K,); alpha(epoch from 0, epochs) -> exponent; steps(sizes, batch size) -> number of steps of an epoch;
    round_robin and proportional(sizes, batch size, iterations, epoch, generator), proportional also with alpha, annealed also with epochs -> steps."""

    probabilities: Callable[[Mapping[str, int], float], Tensor]
    alpha: Callable[[int, int], float]
    steps: Callable[[Mapping[str, int], int], int]
    round_robin: Plan
    proportional: Callable[[Mapping[str, int], int, int, int, torch.Generator, float], Steps]
    annealed: Callable[[Mapping[str, int], int, int, int, torch.Generator, int], Steps]


def library() -> SamplingPlans:
    """The subject made of tasks/sampling_plans.py."""
    import tasks.sampling_plans as ours  # here, so that a file that cannot be read is reported when its component is checked

    return SamplingPlans(ours.probabilities, ours.annealed_alpha, ours.own_steps, ours.round_robin, ours.proportional, ours.annealed)
