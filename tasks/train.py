"""The training loop.

    for each epoch
        for names in sampler: update(names)
        score dev, keep the best, save

    train(recipe, "runs/first")                  a new run
    train(recipe, "runs/first", resume=True)     go on where it stopped, as if it never had
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch

from tasks.agreement import expect_same_weights, fetch_once, leaders, watch
from tasks.console import epoch_line
from tasks.epoch_bounds import epoch_end, epoch_length, epochs_of, goes_on, learning, update_step
from tasks.finish import finish
from tasks.interrupt import Interrupt, Interrupted
from tasks.joining import joined
from tasks.logs import append_line
from tasks.non_finite import NotFinite, explain
from tasks.processes import World
from tasks.progress import Progress, means
from tasks.recipe_settings import Recipe
from tasks.run_folder import RunFolder
from tasks.samplers import Step
from tasks.score_epoch import record_epoch, score_epoch
from tasks.setup_run import Parts
from tasks.stages import run_stages
from tasks.start_run import save, start_or_resume
from tasks.update_step import MakeRegularizer, UpdateStep

LINES_PER_EPOCH = 20  # "train" lines in metrics.jsonl: enough for a curve, few enough to read


@dataclass(frozen=True)
class Result:
    """What a run came to: its folder, how far it got, and the final table.

    results: as in tasks/results.py, None when the run was stopped; stopped_by: number of the signal that did it, or None.
    """

    folder: RunFolder
    progress: Progress
    results: dict[str, Any] | None
    stopped_by: int | None


def train(recipe: Recipe, run_folder: str | Path, resume: bool = False, make_regularizer: MakeRegularizer | None = None,
          weight: float | None = None, say: Callable[[str], object] = print, bar: Callable[..., Any] | None = None) -> Result:
    """Train as `recipe` says and leave everything in `run_folder`.

    make_regularizer: generator -> regularizer (door 3), weight: its lambda, the recipe's when None; say: receives sentences for the user;
    bar: makes progress bars as `tqdm` does, None for silence. SIGINT and SIGTERM save and return; every other problem is a UserError.
    Under torchrun the processes share the work; the first of them alone says, draws and writes, and all return the same.
    """
    with joined() as world:
        say, bar = world.voice(say), bar if world.leads else None
        return train_here(recipe, RunFolder(Path(run_folder)), resume, make_regularizer, weight, say, bar, world)


def train_here(recipe: Recipe, folder: RunFolder, resume: bool, make_regularizer: MakeRegularizer | None, weight: float | None,
               say: Callable[[str], object], bar: Callable[..., Any] | None, world: World) -> Result:
    """The same in a world that this process has joined, with its own voice."""
    # Dropout draws from torch's own generator. The run seeds it, and gives the caller's numbers back in the end.
    with torch.random.fork_rng(), watch(world) as interrupt:
        if not resume:
            fetch_once(recipe.weights, world)
        try:
            pretrained = run_stages(recipe, folder, resume, interrupt, say, bar)
        except Interrupted as stopped:
            return Result(folder, Progress(), None, stopped.signal_number)
        parts, progress = start_or_resume(recipe, folder, resume, make_regularizer is None, say, pretrained)
        update = update_step(parts, make_regularizer, weight, progress)
        try:
            while goes_on(parts, progress):
                interrupt.check()
                seconds = train_epoch(parts, folder, progress, update, interrupt, bar)
                with interrupt.at_once():  # nothing changes while dev is scored, so that may be broken off anywhere
                    scored = score_epoch(parts, say, interrupt.between(bar))
                expect_same_weights(parts.model, world)
                decision = parts.phases.observe(parts, scored) if parts.phases else None
                told = epoch_line(record_epoch(parts, folder, progress, scored, seconds), epochs_of(parts))
                if decision:
                    parts = parts.phases.follow(decision, parts)
                    update = update_step(parts, make_regularizer, weight, progress) if decision.action == "advance" else update
                save(parts, progress, folder)
                say(told)
            interrupt.check()
        except Interrupted as stopped:
            save(parts, progress, folder)
            say(f"Stopped after step {progress.step}, everything is saved. Go on with: minbert train --resume {folder.path}")
            return Result(folder, progress, None, stopped.signal_number)
        except NotFinite as stopped:
            raise leaders(partial(explain, stopped, parts.learner, parts.encoded["train"], progress.step + 1, folder.stopped), world) from stopped
    return Result(folder, progress, finish(parts, progress, folder, say, bar), None)


def train_epoch(parts: Parts, folder: RunFolder, progress: Progress, update: UpdateStep, interrupt: Interrupt,
                bar: Callable[..., Any] | None = None) -> float:
    """Take the steps that are left of this epoch; returns the seconds that took."""
    started, every = time.monotonic(), parts.recipe.training.save_every
    log_every = max(1, epoch_length(parts) // LINES_PER_EPOCH)
    parts.learner.train()
    if parts.unfreezing:
        parts.unfreezing.begin(progress.evaluated, parts.recipe.training.epochs)
    with learning(parts, progress, folder):
        for names in steps_left(parts, progress, bar):
            progress.add(update(names))
            progress.updates = update.updates
            if progress.step % log_every == 0 and parts.world.leads:
                _log_losses(parts, folder, progress, update)
            interrupt.check()
            if every and progress.step % every == 0:
                save(parts, progress, folder)
    return time.monotonic() - started


def steps_left(parts: Parts, progress: Progress, bar: Callable[..., Any] | None) -> Iterator[Step]:
    """The sampler's steps up to the end of this epoch, behind a progress bar."""
    length, end = epoch_length(parts), epoch_end(parts, progress)
    title = f"epoch {progress.evaluated + 1}/{epochs_of(parts)}"
    shown = bar(total=length, initial=length - end + progress.step, desc=title, unit="step") if bar else None
    try:
        while progress.step < end:
            yield next(parts.sampler)
            if shown is not None:
                shown.update()
    finally:
        if shown is not None:
            shown.close()


def _log_losses(parts: Parts, folder: RunFolder, progress: Progress, update: UpdateStep) -> None:
    record = {"kind": "train", "epoch": progress.evaluated + 1, "step": progress.step, "updates": progress.updates,
              "rate": parts.optimizer.param_groups[0]["lr"], "gradient_norm": update.gradient_norm, "loss": means(progress.since_line)}
    progress.log_bytes = append_line(folder.metrics, record)
