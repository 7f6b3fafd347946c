"""One stage with everything that moves, and its step: loss -> backward -> clip -> optimizer -> schedule."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import nn

from minbert.errors import UserError
from optim import AdamW, Schedule, parameter_groups
from tasks.collectives import reduce_gradients
from tasks.non_finite import gradient_norm
from tasks.precision import Precision, make_precision
from tasks.recipe_settings import Recipe
from tasks.seeds import named_generator
from tasks.stages_mlm import MlmStage
from tasks.stages_simcse import SimcseStage
from tasks.stages_texts import Ground
from tasks.streams import BatchStream


@dataclass
class StageProgress:
    """How far a stage is: steps taken, the step of the last look (-1: none yet), the log's length, the losses since its last line."""

    step: int = 0
    looked: int = -1
    log_bytes: int = 0
    loss_sum: float = 0.0
    loss_count: int = 0

    def mean_loss(self) -> float:
        """The mean since the last line; the next one starts afresh."""
        mean = self.loss_sum / self.loss_count
        self.loss_sum, self.loss_count = 0.0, 0
        return mean


class StageRun:
    """A stage with everything that moves: optimizer, schedule, stream of batches, progress. total: steps of the whole stage."""

    def __init__(self, name: str, stage: SimcseStage | MlmStage, ground: Ground, progress: StageProgress) -> None:
        self.name, self.stage, self.settings, self.progress = name, stage, stage.settings, progress
        recipe, self.device, self.world = ground.recipe, ground.device, ground.world
        self.recipe = recipe
        self.stream = BatchStream(stage.texts, self.settings.batch_size, self.settings.window, named_generator(recipe.seed, f"stage.{name}.stream"))
        self.total: int = self.settings.steps or self.settings.epochs * self.stream.batches_per_epoch
        self.optimizer = make_optimizer(recipe, name, stage.model)
        self.schedule = Schedule(self.optimizer, self.settings.schedule, total=self.total, warmup=self.settings.warmup)
        self.precision: Precision = make_precision(recipe.training.precision, ground.device)

    def step(self) -> float | None:
        """Take one step; returns the length of the gradient before clipping. UserError, before the weights are touched, for a loss of NaN."""
        batch, scaler = next(self.stream), self.precision.scaler
        self.optimizer.zero_grad(set_to_none=True)
        with self.precision.autocast():
            loss = self.stage.loss(batch, self.stream.epoch)
        self._expect_finite("loss", value := float(loss.detach()))
        if loss.requires_grad:  # the last batch of an epoch may be one sentence alone, which nothing is told apart from
            scaler.scale(loss).backward()  # of several processes, each through its own rows
        reduce_gradients(self.stage.model.parameters(), self.world)
        norm = self._move()
        self.schedule.step()
        self.progress.step += 1
        self.progress.loss_sum += value
        self.progress.loss_count += 1
        return norm

    def _move(self) -> float:
        scaler, limit = self.precision.scaler, self.settings.clip
        scaler.unscale_(self.optimizer)
        learning = [parameter for parameter in self.stage.model.parameters() if parameter.grad is not None]
        norm = float(gradient_norm(learning))
        if not scaler.is_enabled() or scaler.get_scale() < 1:  # a scaler leaves out a step that overflows by itself
            self._expect_finite("gradient", norm)
        if limit and norm > limit:
            torch._foreach_mul_([parameter.grad for parameter in learning], limit / norm)
        scaler.step(self.optimizer)
        scaler.update()
        return norm

    def _expect_finite(self, what: str, value: float) -> None:
        if not math.isfinite(value):
            raise UserError(f"the stage {self.name} stopped at step {self.progress.step + 1}: the {what} is {value}; the weights were not touched by it, so lower "
                            f"{self.name}.lr or set {self.name}.clip to 1, and resume or start again.")


def make_optimizer(recipe: Recipe, name: str, model: nn.Module) -> AdamW:
    """AdamW in the form that [optimizer] says, with the stage's own rate and decay."""
    chosen, shared = getattr(recipe, name), recipe.optimizer
    try:
        groups = parameter_groups(model.named_parameters(), chosen.lr, chosen.weight_decay, layer_decay=chosen.layer_decay)
        return AdamW(groups, lr=chosen.lr, betas=shared.betas, eps=shared.eps, weight_decay=chosen.weight_decay, correct_bias=shared.correct_bias,
                     form=shared.form, backend=shared.backend)
    except ValueError as error:  # optim/ knows nothing of ours, UserError included
        raise UserError(f"[{name}]: {error}.") from None
