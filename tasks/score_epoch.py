"""After each epoch: score dev, keep the best model, write the epoch's line; and say it when something looks wrong."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

from tasks import checkpoint
from tasks.cosine_threshold import ThresholdHead
from tasks.evaluate import Evaluation, evaluate, judged
from tasks.exit_scores import exit_evaluations, told_of_exits
from tasks.logs import append_line, write_table
from tasks.metrics import OVERALLS, confusion_matrix
from tasks.progress import Progress, means
from tasks.registry import Task
from tasks.run_folder import RunFolder
from tasks.run_state import capture_model
from tasks.setup_run import Parts


def score_epoch(parts: Parts, say: Callable[[str], object], bar: Callable[..., Any] | None = None) -> dict[str, Any]:
    """Score every task on its whole dev split; changes nothing but thresholds of
    heads that have one. Returns {"dev": ..., "overall": ..., "score": ..., "seconds": ...}."""
    started = time.monotonic()
    below = exit_evaluations(parts, bar)
    found = {name: each[-1] for name, each in below.items()} or evaluate_split(parts, "dev", bar)
    warn_about_heads(parts, say)
    found = {name: with_threshold(parts, name, each) for name, each in found.items()}
    for evaluation in found.values():
        if evaluation.predictions.min() == evaluation.predictions.max():
            say(f"Warning: task {evaluation.task}: all {len(evaluation.ids)} dev predictions are {evaluation.predictions[0]:g}, so nothing was "
                "learned yet; if it stays so, lower or raise optimizer.lr")
        said = getattr(parts.model.heads[evaluation.task], "warning", lambda logits: "")(evaluation.logits)
        if said:
            say(f"Warning: task {evaluation.task}: {said}")
    overall = OVERALLS[parts.recipe.training.score]({name: (each.metric, each.score) for name, each in found.items()})
    return {"dev": {name: _summary(each, parts.tasks[name]) for name, each in found.items()},
            "overall": overall.value, "score": overall.name, **told_of_exits(parts, below), "seconds": time.monotonic() - started}


def with_threshold(parts: Parts, name: str, found: Evaluation) -> Evaluation:
    """The evaluation of a task on dev with the threshold that dev asks for, where its head has one; others as they are."""
    head = parts.model.heads[name]
    if not isinstance(head, ThresholdHead):
        return found
    return judged(head.tune(found.logits, found.labels), found.ids, parts.encoded["dev"][name], parts.tasks[name])


def evaluate_split(parts: Parts, split: str, bar: Callable[..., Any] | None = None) -> dict[str, Evaluation]:
    """Task name -> Evaluation over the whole split, for every task that has it."""
    # Cached features exist for dev; a test split is read once, so it goes through the encoder.
    model = parts.scorer if split == "dev" else parts.model
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # constant predictions are said in our own words, with the task's name
        return {name: evaluate(model, encoded, parts.tasks[name], parts.recipe.training.evaluate_batch_size, parts.device,
                               parts.precision.autocast(), partial(bar, desc=f"{split} {name}", leave=False) if bar else iter, parts.world)
                for name, encoded in parts.encoded[split].items()}


def record_epoch(parts: Parts, folder: RunFolder, progress: Progress, scored: dict[str, Any], train_seconds: float) -> dict[str, Any]:
    """Count the epoch, save the model if none was better, write metrics.jsonl, timings.jsonl and metrics.csv; returns the epoch's line.

    Of several processes the leader alone writes; all count.
    """
    progress.evaluated += 1
    # In the second of two stages the model stands still, and its exits alone tell one epoch from another.
    told = scored["exits_overall"] if parts.exits and parts.exits.second else scored["overall"]
    best = progress.best is None or told > progress.best
    if best:
        progress.best, progress.best_epoch = told, progress.evaluated
    if best and parts.world.leads:
        checkpoint.save(folder.best, {**capture_model(parts), "epoch": progress.evaluated, "overall": scored["overall"], "score": scored["score"]})
    seconds = scored.pop("seconds")
    record = {"kind": "epoch", "epoch": progress.evaluated, "step": progress.step, "updates": progress.updates,
              "loss": means(progress.since_epoch), **scored, "best": best}
    if parts.world.leads:
        progress.log_bytes = append_line(folder.metrics, record)
        append_line(folder.timings, {"epoch": progress.evaluated, "train_seconds": round(train_seconds, 3), "evaluate_seconds": round(seconds, 3)})
        write_table(folder.metrics, folder.table)
    return record


def warn_about_heads(parts: Parts, say: Callable[[str], object]) -> None:
    """Say which heads never had a gradient: their scores are those of random weights."""
    if parts.phases or (parts.recipe.optimizer.name == "sgd" and not parts.recipe.optimizer.momentum):
        return  # heads may wait for their phase; and plain SGD remembers nothing, of anybody
    for name, head in parts.model.heads.items():
        if list(head.parameters()) and not any(parts.optimizer.state.get(parameter) for parameter in head.parameters()):
            say(f"Warning: the head of task {name} has not had a gradient yet, so its scores are those of random weights; "
                "does the sampler ever choose this task?")


def _summary(evaluation: Evaluation, task: Task) -> dict[str, Any]:
    confusion = confusion_matrix(evaluation.predictions, evaluation.labels, task.num_classes).tolist() if task.num_classes else None
    return {"metric": evaluation.metric, "score": evaluation.score, "confusion": confusion}
