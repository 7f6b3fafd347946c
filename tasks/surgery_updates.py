"""Updates that look at each task's gradient before they step: surgery, and two steps an iteration.

    pcgrad         w <- step(w, merged projected g_i)                              one optimizer step
    gradvac        the same with Gradient Vaccine
    gse            w <- step(w, mean of projected g_i), w <- step(w, sum g_i)      two
    summed-twice   w <- step(w, sum g_i), twice                                    two: what stepping twice does without surgery
    pcgrad-twice   w <- step(w, merged projected g_i), twice                       two

For the second step of a pair, "stale" takes the gradients at the weights before the first (no further pass), "fresh" passes over the same
batches again with the moved weights.  The paper leaves that open; both readings are ours.  Memory: one task's graph at a time, one gradient per
task, and the merged one.  Letters: K tasks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from optim.gradvac import gradvac
from optim.pcgrad import pcgrad
from optim.surgery import Merge, gse_merges, steps_along
from optim.task_gradients import TaskGradient, take_gradients, total
from tasks.collectives import reduce_gradients
from tasks.processes import ALONE, World
from tasks.updates import UPDATES, Losses, Thunk, Update, accumulate

READINGS = ("stale", "fresh")


@dataclass
class Surgeon:
    """What surgery needs beside the losses, and the one thing it remembers.

    parameters: those that learn; generator: draws projection orders; reading: "stale" or "fresh"; targets: GradVac's (K, K), made when first used;
    world: the processes whose rows make up a task's gradient.
    """

    parameters: Sequence[Tensor]
    generator: torch.Generator
    reading: str = "stale"
    targets: Tensor | None = None
    world: World = ALONE


def task_gradients(thunks: Mapping[str, Thunk], surgeon: Surgeon, accumulation: int, backward: Callable[[Tensor], None], again: bool = False) -> tuple[Losses, list[TaskGradient]]:
    """Differentiate one task after the other: losses, and K gradients that are taken off the parameters without a copy.

    again: on the batches of the call before, through the thunk's own `again`.
    """
    losses, gradients = {}, []
    for task, thunk in thunks.items():
        losses[task] = accumulate(thunk.again if again else thunk, accumulation, backward)  # type: ignore[attr-defined]
        # Before anything is projected: a projection is not linear, so projecting parts and adding them up would be another method.
        reduce_gradients(surgeon.parameters, surgeon.world)
        gradients.append(take_gradients(surgeon.parameters))
    return losses, gradients


MergesOf = Callable[[Surgeon], tuple[Merge, ...]]


def steps_of(merges_of: MergesOf, thunks: Mapping[str, Thunk], step: Callable[[], object], zero_grad: Callable[[], object], accumulation: int = 1,
             backward: Callable[[Tensor], None] = torch.Tensor.backward, *, surgeon: Surgeon) -> Losses:
    """One step along each of the merges, all of the same batches; returns the losses of the first pass."""
    zero_grad()
    losses, gradients = task_gradients(thunks, surgeon, accumulation, backward)
    first, *rest = merges_of(surgeon)
    steps_along(surgeon.parameters, gradients, [first], step)
    for merge in rest:
        if surgeon.reading == "fresh":
            gradients.clear()  # their memory is free before new graphs are built
            gradients = task_gradients(thunks, surgeon, accumulation, backward, again=True)[1]
        steps_along(surgeon.parameters, gradients, [merge], step)
    return losses


def _projected(surgeon: Surgeon) -> Merge:
    return lambda gradients: pcgrad(gradients, surgeon.generator)


def _vaccinated(surgeon: Surgeon) -> Merge:
    def merge(gradients: Sequence[TaskGradient]) -> list[Tensor | None]:
        if surgeon.targets is None:
            surgeon.targets = torch.zeros(len(gradients), len(gradients), dtype=torch.float64)
        merged, surgeon.targets = gradvac(gradients, surgeon.targets, surgeon.generator)
        return merged

    return merge


def _pcgrad(surgeon: Surgeon) -> tuple[Merge, ...]:
    return (_projected(surgeon),)


def _gradvac(surgeon: Surgeon) -> tuple[Merge, ...]:
    return (_vaccinated(surgeon),)


def _gse(surgeon: Surgeon) -> tuple[Merge, ...]:
    return gse_merges(surgeon.generator)


def _summed_twice(surgeon: Surgeon) -> tuple[Merge, ...]:
    return total, total


def _pcgrad_twice(surgeon: Surgeon) -> tuple[Merge, ...]:
    return _projected(surgeon), _projected(surgeon)


# name -> (its merges, how many they are)
_MERGES: dict[str, tuple[MergesOf, int]] = {
    "pcgrad": (_pcgrad, 1), "gradvac": (_gradvac, 1), "gse": (_gse, 2), "summed-twice": (_summed_twice, 2), "pcgrad-twice": (_pcgrad_twice, 2),
}  # fmt: skip
SURGERIES = {name: Update(partial(steps_of, merges_of), optimizer_steps=lambda num_tasks, steps=steps: steps) for name, (merges_of, steps) in _MERGES.items()}
ALL_UPDATES = UPDATES | SURGERIES
TOGETHER = frozenset(ALL_UPDATES) - {"separate"}  # these need the tasks of one step together
TWICE = frozenset({"gse", "summed-twice", "pcgrad-twice"})
