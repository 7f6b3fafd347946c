"""One step of training: draw the batches, build the losses, move the weights.

    loss -> backward -> (clip) -> optimizer -> schedule

Which tasks take part is the sampler's choice, how their gradients meet is the update's (tasks/updates.py); this file
puts the two together with precision, clipping and the checks that keep NaN out of the weights. Of several processes each draws
the same batches, computes its part of them (tasks/shards.py) and moves its own copy of the weights along the same summed gradient.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn

from tasks.batching import Batch
from tasks.collectives import reduce_gradients
from tasks.non_finite import expect_finite, gradient_norm
from tasks.objective import Regularizer, make_objective
from tasks.regularizers_of import regularizers_of
from tasks.replay import Replay
from tasks.samplers import Step
from tasks.setup_run import Parts
from tasks.shards import Spread
from tasks.surgery_updates import ALL_UPDATES, SURGERIES

# A factory, because a regularizer that draws noise must own its generator: it is handed the run's, which checkpoints hold.
MakeRegularizer = Callable[[torch.Generator], Regularizer]


class UpdateStep:
    """Callable: names of the tasks that take part -> their losses; the weights have moved when it returns.

    updates: optimizer steps so far. gradient_norm: before clipping, None while clipping is off.
    Raises NotFinite, before the weights are touched, when a loss or a gradient is not a number.
    """

    def __init__(self, parts: Parts, make_regularizer: MakeRegularizer | None = None, weight: float | None = None,
                 updates: int = 0) -> None:
        self.parts, self.updates, self.gradient_norm = parts, updates, None
        self._batches: list[Batch] = []  # of the update that is being made, for the case that it fails
        self._replays: dict[str, Replay] = {}  # of the iteration that is being made
        chosen, generator = parts.recipe.regularizer, parts.generators["regularizer"]
        regularizer = make_regularizer(generator) if make_regularizer else regularizers_of(chosen, parts.tasks, generator)
        weight = chosen.weight if weight is None else weight
        learner = self._spread(parts.learner, moves=regularizer is not None and weight != 0)
        pull = parts.teacher and partial(parts.teacher.pull, read=self._spread(parts.teacher.model))
        self._objective = make_objective(learner, self._next_batch, regularizer, weight, "output" if make_regularizer else chosen.point, pull, parts.exits)
        self._parameters = [parameter for group in parts.optimizer.param_groups for parameter in group["params"]]
        # Every gradient on its way down is summed into some bias, and all biases together are a thousandth of the model.
        self._watched = self._parameters if parts.recipe.training.clip else [each for each in self._parameters if each.dim() == 1]

    def __call__(self, names: Step) -> dict[str, float]:
        parts = self.parts
        self._replays = {name: Replay(partial(self._loss, name), partial(next, parts.streams[name])) for name in names}
        # Surgery sums each task's gradient over the processes before it looks at it; what it merges is the same on all of them.
        step = self._move if parts.recipe.update.name in SURGERIES else self._reduce_and_move
        losses = ALL_UPDATES[parts.recipe.update.name](self._replays, step, self._forget, parts.recipe.training.accumulation,
                                                       backward=self._backward, surgeon=parts.surgeon)
        return {name: float(loss) for name, loss in losses.items()}

    def _spread(self, model: nn.Module, moves: bool = False) -> nn.Module | Spread:
        return Spread(model, self.parts.world, moves) if self.parts.world.is_spread else model

    def _next_batch(self, name: str) -> Batch:
        self._batches.append(self._replays[name].batch())
        return self._batches[-1]

    def _loss(self, name: str) -> Tensor:
        with self.parts.precision.autocast():
            loss = self._objective(name)
        expect_finite("loss", float(loss.detach()), self._batches[-1:])
        return loss

    def _backward(self, loss: Tensor) -> None:
        self.parts.precision.scaler.scale(loss).backward()

    def _forget(self) -> None:
        # None and not zero: a head that took no part must neither move nor decay.
        self.parts.optimizer.zero_grad(set_to_none=True)
        self._batches.clear()

    def _reduce_and_move(self) -> None:
        reduce_gradients(self._parameters, self.parts.world)
        self._move()

    def _move(self) -> None:
        """Clip the gradients and let the optimizer and the schedule take one step."""
        scaler, limit = self.parts.precision.scaler, self.parts.recipe.training.clip
        scaler.unscale_(self.parts.optimizer)
        norm = float(gradient_norm(self._watched))
        # A scaler expects an overflow now and then and leaves that step out by itself; at a scale of 1 it can help no more.
        if not scaler.is_enabled() or scaler.get_scale() < 1:
            expect_finite("gradient", norm, self._batches)
        if limit:
            self.gradient_norm = norm
            self._shorten(limit / norm if norm > limit else 1.0)
        scaler.step(self.parts.optimizer)
        scaler.update()
        self.parts.schedule.step()
        self.updates += 1
        if self.parts.teacher:
            self.parts.teacher.after_update(self.updates)

    def _shorten(self, factor: float) -> None:
        # Most steps are within the limit, and multiplying a whole model by 1 takes as long as multiplying it by anything.
        if factor != 1.0:
            torch._foreach_mul_([parameter.grad for parameter in self._parameters if parameter.grad is not None], factor)
