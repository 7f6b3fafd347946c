"""Updates made of task gradients that were taken once: gradient surgery, and what one must compare it with.

    GSE (stale)     w <- step(w, mean of the projected g_i)    then   w <- step(w, sum g_i)      both at the g_i of the old w
    twice(merge)    w <- step(w, merge(g))                     then   w <- step(w, merge(g))

GSE is the "gradient surgery experiment" of Cortes, Hsieh and Fu, who do not say at which weights the second gradient is taken.  "Stale" is
our reading of "the original combined loss": exact, and no second pass.  tasks/surgery_updates.py adds the "fresh" reading, which passes again.
Its control, two plain steps, tells whether a gain comes from surgery or from stepping twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.optim import Optimizer

from .pcgrad import pcgrad
from .task_gradients import TaskGradient, put_gradients, take_gradients, total

Merge = Callable[[Sequence[TaskGradient]], list[Tensor | None]]  # K gradients -> the one that is stepped along


def steps_along(parameters: Sequence[Tensor], gradients: Sequence[TaskGradient], merges: Sequence[Merge], step: Callable[[], object]) -> None:
    """For each merge in turn: put the merged gradient into `.grad` of the parameters (P of them), then `step`.

    All merges see the same K gradients; nothing is differentiated again.
    """
    for merge in merges:
        put_gradients(parameters, merge(gradients))
        step()
        put_gradients(parameters, [None] * len(parameters))  # before the next is made: two merged gradients are never held together


def gse_merges(generator: torch.Generator) -> tuple[Merge, Merge]:
    """The two merges of GSE: the mean of the projected gradients, then the plain sum. generator: draws the projection order."""
    return (lambda gradients: pcgrad(gradients, generator, "mean")), total


class PCGrad:
    """Gradient surgery around any optimizer, with the habits of existing code: `zero_grad`, `pc_backward(losses)`, `step`.

    optimizer: any torch optimizer; reduction: "sum" or "mean", as in `pcgrad`; generator: draws the projection order, one of its own when
    None.  Its checkpoint is the optimizer's.

        optimizer = PCGrad(AdamW(model.parameters(), lr=1e-5))
        optimizer.zero_grad(); optimizer.pc_backward([loss_a, loss_b]); optimizer.step()
    """

    def __init__(self, optimizer: Optimizer, reduction: str = "sum", generator: torch.Generator | None = None) -> None:
        self.optimizer, self.reduction = optimizer, reduction
        self.generator = generator or torch.Generator().manual_seed(0)

    @property
    def param_groups(self) -> list[dict]:
        """Those of the optimizer, for schedules."""
        return self.optimizer.param_groups

    def zero_grad(self) -> None:
        """Forget all gradients: None, not zero."""
        self.optimizer.zero_grad(set_to_none=True)

    def pc_backward(self, losses: Sequence[Tensor]) -> None:
        """Differentiate each loss on its own, merge, and add to `.grad`, as backward does: accumulated batches are kept.

        losses: K scalars; they may share a graph, which is kept until the last one.  Raises ValueError for an empty list.
        """
        parameters = [parameter for group in self.param_groups for parameter in group["params"]]
        before, gradients = take_gradients(parameters), []
        for number, loss in enumerate(losses, start=1):
            loss.backward(retain_graph=number < len(losses))
            gradients.append(take_gradients(parameters))
        merged = pcgrad(gradients, self.generator, self.reduction)
        put_gradients(parameters, total([before, merged]))

    def step(self) -> None:
        """One step of the optimizer."""
        self.optimizer.step()

    def state_dict(self) -> dict:
        """The optimizer's state, as it is, so that a checkpoint opens with surgery and without."""
        return self.optimizer.state_dict()

    def load_state_dict(self, state: dict) -> None:
        """Load a state of the optimizer."""
        self.optimizer.load_state_dict(state)
