"""The losses of exits inside a run: which of them count in this step, and what they add to the objective of a task.

    loss = sum_k w_k L_k  (+ lte_weight * certainty loss)  (+ lambda * regularizer and teacher, on the final exit alone)

The final exit is computed exactly as without exits, dropout included: those below read the states of the same pass once it is done.  A turn is
told from the number of batches that the task's own stream has given, so each task alternates for itself whatever the sampler does, a pass over the
same batches again is in the same turn, and a resumed run goes on in step.  Letters: B batch, b this process's part of it, n exits, k scores.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch
from torch import Tensor

from tasks.alternating import Alternating
from tasks.batching import Batch
from tasks.collectives import gather_with_gradient
from tasks.exit_certainty import certainty_loss
from tasks.exit_training import ExitStep, exit_step
from tasks.exit_weights import combine_losses
from tasks.exits import AtExit, depth, walk_exits
from tasks.joined_path import mask_of
from tasks.losses import task_loss
from tasks.model import MultitaskModel
from tasks.processes import ALONE, World
from tasks.recipe_settings import Recipe
from tasks.shards import part_of
from tasks.streams import BatchStream
from tasks.trainable import only


# How exits are trained -> the words of tasks/alternating.py for it; all other ways are "all": every exit in every step.
WHERE_SMART = {"alternating": "parity", "two-stage": "final"}


@dataclass(frozen=True)
class Turn:
    """What one batch trains: step, whose losses count; smart, whether there is a regularizer; states receives those of the layers below the last."""

    step: ExitStep
    smart: bool
    states: list[Tensor] = field(default_factory=list)

    @property
    def below(self) -> list[int]:
        """The exits below the last whose losses count, from 1."""
        return sorted(self.step.wanted - {len(self.step.weights)})

    @property
    def final(self) -> bool:
        """Whether the model's own head learns."""
        return self.step.weights[-1] > 0


class ExitTraining:
    """The losses of exits, for `tasks.objective.make_objective`, and who learns in which epoch.

    recipe: with its [exits]; model: with exits; streams: task -> the batches it trains on; world: the processes that share a batch;
    layer: the one whose turn it is, when layers learn one after the other.
    """

    def __init__(self, recipe: Recipe, model: MultitaskModel, streams: Mapping[str, BatchStream], world: World = ALONE,
                 layer: int | None = None) -> None:
        self.settings, self.model, self.streams, self.world, self.layer = recipe.exits, model, streams, world, layer
        self.accumulation, self.first_stage, self.second = recipe.training.accumulation, self.settings.first_stage(recipe.training.epochs), False
        self._smart = Alternating(WHERE_SMART.get(self.settings.train, "all"), self.settings.smart_on)

    def turn(self, task: str) -> Turn:
        """The turn of the batch that the stream of `task` gave last."""
        taken = (self.streams[task].drawn - 1) // self.accumulation
        exits = depth(self.model.paths.of(task))
        if self.settings.train == "two-stage":
            step = exit_step("two-stage", exits, 0, first_stage=0 if self.second else 1, reduce=self.settings.reduce)
        else:
            step = exit_step(self.settings.train, exits, taken, reduce=self.settings.reduce)
        return Turn(step, self._smart.at(taken).smart and step.weights[-1] > 0)

    def loss(self, batch: Batch, final: Tensor, turn: Turn) -> Tensor:
        """The loss of a batch, a scalar; final: that of the model's own head; `turn.states` as the pass left them."""
        losses: list[Tensor | None] = [None] * (len(turn.step.weights) - 1) + [final]
        if not turn.below:
            return combine_losses(losses, turn.step.weights)
        kind = self.model.tasks[batch.task].kind
        found = self._found(batch, turn)
        for layer, each in zip(turn.below, found):
            losses[layer - 1] = task_loss(kind, each.logits, batch.labels)
        loss = combine_losses(losses, turn.step.weights)
        if not self.settings.lte:
            return loss
        # Here `features` are certainties already: with several processes the layer must see its own rows alone, or its gradient would count twice.
        return loss + self.settings.lte_weight * certainty_loss(lambda certain: certain, found, kind, batch.labels, self.settings.lte_scale)

    def loss_of_turn(self, batch: Batch) -> Tensor:
        """The loss of the exit of `layer`, a scalar; the layers above are never called."""
        mine = part_of(batch, self.world) if self.world.is_spread else batch
        found = list(walk_exits(self.model, self.model.exits[batch.task], mine, wanted={self.layer}))
        logits = self._whole(found[self.layer - 1].logits, batch)  # (B, k) or (B,)
        if self.layer == len(found):
            return self.model.loss(batch, logits)
        return task_loss(self.model.tasks[batch.task].kind, logits, batch.labels)

    def _found(self, batch: Batch, turn: Turn) -> list[AtExit]:
        """What the exits that count say of the whole batch: logits (B, k) or (B,), and instead of features certainties (B,)."""
        mine = part_of(batch, self.world) if self.world.is_spread else batch
        exits, mask = self.model.exits[batch.task], mask_of(self.model.paths.of(batch.task), mine.attention_mask)
        answers = [exits[layer - 1](turn.states[layer - 1], mask) for layer in turn.below]
        logits = self._whole(torch.stack([each.logits for each in answers], dim=1), batch)  # (B, n, k) or (B, n)
        if not self.settings.lte:
            return [AtExit(each, each) for each in logits.unbind(1)]
        certain = self._whole(torch.stack([self.model.certainty[batch.task](each.features) for each in answers], dim=1), batch)  # (B, n)
        return [AtExit(*each) for each in zip(certain.unbind(1), logits.unbind(1))]

    def _whole(self, rows: Tensor, batch: Batch) -> Tensor:
        return gather_with_gradient(rows, self.world, batch.size) if self.world.is_spread else rows

    @contextmanager
    def epoch(self, number: int) -> Iterator[None]:
        """Epoch `number`, from 0: in the second of two stages exits alone learn, and encoder and model are at rest, bit for bit.

        Enter it after `model.train()`.
        """
        self.second = number >= self.first_stage
        if not self.second:
            yield
            return
        layers = max(depth(path) for path in self.model.paths.by_task.values())
        with only(self.model, "heads", layers):
            yield
