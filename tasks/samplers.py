"""Which tasks take part in which step: the sixth door.

A step is a tuple of task names. Schedules of multitask training differ in this alone, and each is one function that draws the steps of one
epoch. What is inside a batch is the business of each task's own stream.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import torch

from minbert.errors import UserError, nearest
from tasks.sampling_plans import FOLLOWS_EPOCHS, PLANS
from tasks.streams import Endless

Step = tuple[str, ...]
Plan = Callable[[Mapping[str, int], int, int, int, torch.Generator], list[Step]]


def lock_step(sizes: Mapping[str, int], batch_size: int, iterations: int, epoch: int, generator: torch.Generator) -> list[Step]:
    """Every step holds one batch of every task; min over tasks of floor(N / B) steps, so the smallest set decides.

    With a batch size of 8 the three sets of the course give 6040 // 8 = 755 steps. A set smaller than one batch still gives one step.
    Nothing is drawn here: epoch and generator are taken because every sampler gets them.
    """
    own = max(1, min(size // batch_size for size in sizes.values()))
    return [tuple(sizes)] * (iterations or own)


def shuffled(sizes: Mapping[str, int], batch_size: int, iterations: int, epoch: int, generator: torch.Generator) -> list[Step]:
    """The ceil(N / B) batches of each task pooled and shuffled, one task a step: each set is seen exactly once an epoch.

    With `iterations` the pool is shuffled again as often as needed and cut after that many steps.
    """
    pool = [(name,) for name, size in sizes.items() for _ in range(-(-size // batch_size))]
    steps: list[Step] = []
    while len(steps) < (iterations or 1):
        steps += [pool[place] for place in torch.randperm(len(pool), generator=generator).tolist()]
    return steps[: iterations or None]


SAMPLERS: Mapping[str, Plan] = {"lock-step": lock_step, "shuffled": shuffled, **PLANS}


class Sampler:
    """An endless, resumable iterator of steps; after `steps_per_epoch` of them the next epoch is drawn.

    iterations: steps per epoch, 0 for the plan's own number; times: a multiple of that own number, 3 for "3x iterations".
    epochs: how many there will be, which annealing depends on and nothing else does.
    """

    def __init__(self, name: str, sizes: Mapping[str, int], batch_size: int, generator: torch.Generator | int = 0, iterations: int = 0, times: int = 1,
                 epochs: int = 1):
        _check(name, sizes, batch_size, iterations)
        sizes = dict(sizes)
        told = {"epochs": epochs} if name in FOLLOWS_EPOCHS else {}
        plan: Plan = functools.partial(SAMPLERS[name], **told)
        if times > 1:  # asked of the plan itself: its own number may depend on the sizes in any way
            iterations = times * len(plan(sizes, batch_size, 0, 0, torch.Generator()))

        def draw(epoch: int, own: torch.Generator) -> list[Step]:
            return plan(sizes, batch_size, iterations, epoch, own)

        self._walk = Endless(draw, generator, {"sampler": name, "sizes": sizes, "batch_size": batch_size, "iterations": iterations, **told})
        self.name = name
        self.steps_per_epoch = len(self._walk)

    def __iter__(self) -> Sampler:
        return self

    def __next__(self) -> Step:
        return next(self._walk)

    def state_dict(self) -> dict[str, Any]:
        """Where the sampler stands: a generator state, an epoch, a place in it, and what it was made of."""
        return self._walk.state_dict()

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on exactly where `state` was taken; UserError when tasks, sizes or settings are others."""
        self._walk.load_state_dict(state)


def sampler(
    name: str, sizes: Mapping[str, int], batch_size: int, generator: torch.Generator | int = 0, iterations: int = 0, epochs: int = 1
) -> Sampler:
    """The sampler called `name` (a key of `SAMPLERS`) over `sizes`: task name -> number of training examples."""
    return Sampler(name, sizes, batch_size, generator, iterations, epochs=epochs)


def _check(name: str, sizes: Mapping[str, int], batch_size: int, iterations: int) -> None:
    if name not in SAMPLERS:
        hint = nearest(name, SAMPLERS)
        raise UserError(f"there is no sampler {name!r}; there are {', '.join(SAMPLERS)}" + (f" (did you mean {hint!r}?)." if hint else "."))
    empty = [task for task, size in sizes.items() if size < 1]
    if not sizes or empty:
        raise UserError(f"a sampler needs tasks with at least one example; got {dict(sizes)}.")
    if batch_size < 1 or iterations < 0:
        raise UserError(f"batch_size is {batch_size} and iterations is {iterations}; expected 1 or more, and 0 (the sampler's own number) or more.")
