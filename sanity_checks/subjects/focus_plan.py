"""What the focus plan probe needs: the turns of the layers, the stages that they make, and what all of it costs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

Turn = tuple[int, int]  # layer from 1, steps


@dataclass(frozen=True)
class FocusPlan:
    """plan(layers, steps, order, generator) -> turns; stages(turns) -> one line of words for each stage, stage 2 the last; cost(turns, layers),
    joint_cost(layers, steps) and unfreezing_cost(layers, steps) -> (batches, forward, backward, full steps); affordable(budget, layers) -> steps per layer."""

    plan: Callable[[int, int, str, torch.Generator | None], Sequence[Turn]]
    stages: Callable[[Sequence[Turn]], list[str]]
    cost: Callable[[Sequence[Turn], int], Tensor]
    joint_cost: Callable[[int, int], Tensor]
    unfreezing_cost: Callable[[int, int], Tensor]
    affordable: Callable[[float, int], int]


def library() -> FocusPlan:
    """The subject made of tasks/focus_plan.py."""
    import tasks.focus_plan as plans  # here, so that a file that cannot be read is reported when its component is checked
    from tasks.stage_plan import Stage

    visits = lambda turns: [plans.Visit(*turn) for turn in turns]

    def cost(work: Iterable[plans.Work], layers: int) -> Tensor:
        found = plans.cost_of(iter(work), layers)  # which can be walked through once
        return torch.tensor([found.batches, found.forward, found.backward, found.full_steps], dtype=torch.float64)

    def stages(turns: Sequence[Turn]) -> list[str]:
        found = plans.focus_stages(visits(turns), Stage("together", steps=9), 0.5)
        return [f"{each.name}: {each.trainable} by {each.loss}, {each.steps} steps at {each.lr:g}, leaves the {each.restore}" for each in found]

    return FocusPlan(
        lambda layers, steps, order, generator: [(visit.layer, visit.steps) for visit in plans.focus_plan(layers, steps, order, generator)],
        stages, lambda turns, layers: cost(plans.focus_work(visits(turns)), layers), lambda layers, steps: cost(plans.joint_work(layers, steps), layers),
        lambda layers, steps: cost(plans.unfreezing_work(layers, steps), layers), lambda budget, layers: plans.affordable_steps(budget, layers),
    )  # fmt: skip
