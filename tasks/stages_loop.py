"""The loop of one stage before the tasks.

    look, then  for each step: step, log;  look now and then and in the end; save now and then

The stage itself (tasks/stages_simcse.py, tasks/stages_mlm.py) says what the loss is, and what there is to look at.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tasks.interrupt import Interrupt
from tasks.logs import append_line
from tasks.run_folder import RunFolder
from tasks.stages_run import StageRun

LINES = 50  # lines of losses a stage leaves in metrics.jsonl


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


def log_seconds(run: StageRun, folder: RunFolder, started: float) -> None:
    """How long the stage took since `started`, or this part of it: a line of timings.jsonl."""
    if run.world.leads:
        append_line(folder.timings, {"stage": run.name, "step": run.progress.step, "seconds": round(time.monotonic() - started, 3)})


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
    if run.world.leads:
        run.progress.log_bytes = append_line(folder.metrics, record)
