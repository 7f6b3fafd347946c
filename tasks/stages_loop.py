"""The loop of one stage before the tasks.

    look, then  for each step: loss -> backward -> clip -> optimizer -> schedule,  look now and then and in the end

The stage itself (tasks/stages_simcse.py, tasks/stages_mlm.py) says what the loss is, and what there is to look at.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from minbert.errors import UserError
from optim import AdamW, Schedule, parameter_groups
from tasks.interrupt import Interrupt
from tasks.logs import append_line
from tasks.non_finite import gradient_norm
from tasks.precision import Precision, make_precision
from tasks.recipe_settings import Recipe
from tasks.run_folder import RunFolder
from tasks.seeds import named_generator
from tasks.stages_mlm import MlmStage
from tasks.stages_simcse import SimcseStage
from tasks.streams import BatchStream

LINES = 50  # lines of losses a stage leaves in metrics.jsonl


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

    def __init__(self, name: str, stage: SimcseStage | MlmStage, recipe: Recipe, device: torch.device, progress: StageProgress) -> None:
        self.name, self.stage, self.settings, self.recipe, self.device, self.progress = name, stage, stage.settings, recipe, device, progress
        self.stream = BatchStream(stage.texts, self.settings.batch_size, self.settings.window, named_generator(recipe.seed, f"stage.{name}.stream"))
        self.total: int = self.settings.steps or self.settings.epochs * self.stream.batches_per_epoch
        self.optimizer = make_optimizer(recipe, name, stage.model)
        self.schedule = Schedule(self.optimizer, self.settings.schedule, total=self.total, warmup=self.settings.warmup)
        self.precision: Precision = make_precision(recipe.training.precision, device)

    def step(self) -> float | None:
        """Take one step; returns the length of the gradient before clipping. UserError, before the weights are touched, for a loss of NaN."""
        batch, scaler = next(self.stream), self.precision.scaler
        self.optimizer.zero_grad(set_to_none=True)
        with self.precision.autocast():
            loss = self.stage.loss(batch, self.stream.epoch)
        self._expect_finite("loss", value := float(loss.detach()))
        if loss.requires_grad:  # the last batch of an epoch may be one sentence alone, which nothing is told apart from
            scaler.scale(loss).backward()
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


def run_loop(run: StageRun, folder: RunFolder, save: Callable[[], None], interrupt: Interrupt, say: Callable[[str], object],
             bar: Callable[..., Any] | None) -> None:
    """Take the steps that are left, log, look and save. A signal raises Interrupted between two steps, or in the middle of a look."""
    progress, every = run.progress, run.recipe.training.save_every or run.stream.batches_per_epoch
    lines = max(1, run.total // LINES)
    shown = bar(total=run.total, initial=progress.step, desc=run.name, unit="step") if bar else None
    try:
        while _look_if_due(run, folder, interrupt, say) and progress.step < run.total:
            run.stage.model.train()
            norm = run.step()
            if progress.step % lines == 0 or progress.step == run.total:
                _log(run, folder, {"rate": run.optimizer.param_groups[0]["lr"], "gradient_norm": norm, "loss": progress.mean_loss()})
            if shown is not None:
                shown.update()
            interrupt.check()
            if progress.step % every == 0 and progress.step < run.total:
                save()
    finally:
        if shown is not None:
            shown.close()


def _look_if_due(run: StageRun, folder: RunFolder, interrupt: Interrupt, say: Callable[[str], object]) -> bool:
    progress, every = run.progress, run.settings.evaluate_every
    is_due = progress.step in (0, run.total) or (every and progress.step % every == 0)
    if is_due and progress.looked != progress.step:
        with interrupt.at_once():  # nothing changes while one looks, so that may be broken off anywhere
            seen = run.stage.look()
        progress.looked = progress.step
        if seen:
            _log(run, folder, {"seen": seen})
            say(f"{run.name}, step {progress.step:,} of {run.total:,}: {figures_in_words(seen)}")
    return True


def figures_in_words(seen: dict[str, dict[str, float]]) -> str:
    """The figures of one look in a phrase: "sts pearson 0.701, spearman 0.693"."""
    return "; ".join(f"{what} " + ", ".join(f"{name} {value:.3f}" for name, value in figures.items()) for what, figures in seen.items())


def _log(run: StageRun, folder: RunFolder, figures: dict[str, Any]) -> None:
    record = {"kind": "stage", "stage": run.name, "step": run.progress.step, "of": run.total, **figures}
    run.progress.log_bytes = append_line(folder.metrics, record)
