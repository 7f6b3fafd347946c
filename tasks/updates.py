"""Updates: from the tasks' losses to a change of the weights.

    separate  for each task in turn: w <- step(w, grad L_task(w))      K optimizer steps, the course baseline
    summed    w <- step(w, sum over tasks of grad L_task(w))           one optimizer step

Losses arrive as thunks, functions that build a loss when called.  Gradients add up by themselves, so the summed update differentiates one
task after the other and never holds two graphs: grad (L_1 + L_2) = grad L_1 + grad L_2.
Letters: K tasks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

Thunk = Callable[[], Tensor]  # builds one task's loss, on that task's next batch
Losses = dict[str, Tensor]  # task name -> its loss, without a graph


def accumulate(thunk: Thunk, times: int = 1, backward: Callable[[Tensor], None] = torch.Tensor.backward) -> Tensor:
    """Call `thunk` `times` times and add the gradient of the mean loss to every `.grad`; returns that mean loss, a scalar without a graph.

    Each call takes a batch of its own, so `times` batches of B examples give the gradient of one batch of times * B.
    """
    mean = torch.zeros(())
    for _ in range(times):
        loss = thunk() / times
        backward(loss)  # frees what this graph stored, before the next one is built
        mean = mean.to(loss.device) + loss.detach()
    return mean


def separate(
    thunks: Mapping[str, Thunk],
    step: Callable[[], object],
    zero_grad: Callable[[], object],
    accumulation: int = 1,
    backward: Callable[[Tensor], None] = torch.Tensor.backward,
    surgeon: object = None,
) -> Losses:
    """One optimizer step per task, in the order of `thunks`: later tasks see the weights that earlier ones left behind.

    step, zero_grad: of the optimizer, without arguments; accumulation: batches per step and task; backward: takes the loss (a place for a
    gradient scaler); surgeon: taken because every update gets one, and not used.  `zero_grad` must set gradients to None, as torch does: a head that took no part then neither moves nor decays.
    """
    losses: Losses = {}
    for task, thunk in thunks.items():
        zero_grad()
        losses[task] = accumulate(thunk, accumulation, backward)
        step()
    return losses


def summed(
    thunks: Mapping[str, Thunk],
    step: Callable[[], object],
    zero_grad: Callable[[], object],
    accumulation: int = 1,
    backward: Callable[[Tensor], None] = torch.Tensor.backward,
    surgeon: object = None,
) -> Losses:
    """One optimizer step along the sum of all tasks' gradients; arguments as in `separate`."""
    zero_grad()
    losses = {task: accumulate(thunk, accumulation, backward) for task, thunk in thunks.items()}
    step()
    return losses


@dataclass(frozen=True)
class Update:
    """One way to turn losses into steps."""

    run: Callable[..., Losses]  # (thunks, step, zero_grad, accumulation=1, backward=...) -> losses
    optimizer_steps: Callable[[int], int]  # number of tasks K in an iteration -> optimizer steps that it takes

    def __call__(
        self, thunks: Mapping[str, Thunk], step: Callable[[], object], zero_grad: Callable[[], object], accumulation: int = 1, **options: object
    ) -> Losses:
        """Run one iteration; arguments as in `separate`.  Returns each task's loss, to be logged."""
        return self.run(thunks, step, zero_grad, accumulation, **options)


# A schedule must know how many steps a run will take: `optimizer_steps` says how many an iteration of K tasks is.
UPDATES = {
    "separate": Update(separate, optimizer_steps=lambda num_tasks: num_tasks),
    "summed": Update(summed, optimizer_steps=lambda num_tasks: 1),
}
