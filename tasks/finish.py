"""The end of a run: predictions of the best model, the table beside the baselines, report and pictures."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from minbert.files import write_text
from tasks import checkpoint
from tasks.agreement import everyones, leaders
from tasks.baselines import bag_of_words_baseline, majority_baseline
from tasks.checkpoint import copy_tensors
from tasks.evaluate import Evaluation
from tasks.plots import write_plots
from tasks.predictions import prediction_path, preflight, write_predictions
from tasks.progress import Progress
from tasks.put_to_use import put_to_use
from tasks.report import write_report
from tasks.results import run_results, task_results
from tasks.run_folder import RunFolder
from tasks.score_epoch import evaluate_split
from tasks.setup_run import Parts


def finish(parts: Parts, progress: Progress, folder: RunFolder, say: Callable[[str], object], bar: Callable[..., Any] | None) -> dict[str, Any]:
    """Go back to the best epoch's weights and write predictions/, results.json, report.html and the pictures; returns the results.

    Several processes share the evaluation; the leader alone writes, and all return what it found.
    """
    everyones(None, parts.world)  # the leader may still be writing the best model
    best = checkpoint.load(folder.best)
    with put_to_use(str(folder.best)):
        copy_tensors(best["model"], dict(parts.model.state_dict()), str(folder.best))
    evaluated = {split: evaluate_split(parts, split, bar) for split in ("dev", "test") if parts.encoded[split]}
    return leaders(lambda: write_results(parts, folder, evaluated, say), parts.world)


def write_results(parts: Parts, folder: RunFolder, evaluated: dict[str, dict[str, Evaluation]], say: Callable[[str], object]) -> dict[str, Any]:
    """All files of the end of a run, from split name -> task name -> evaluation of the best model; returns the results."""
    for split, by_task in evaluated.items():
        for name, evaluation in by_task.items():
            write_checked_predictions(parts, folder, split, name, evaluation)
    results = collect_results(parts, evaluated["dev"])
    write_text(folder.results, json.dumps(results, indent=1) + "\n")
    for drawn in write_plots(folder.path):
        if not drawn.endswith(".png"):
            say(drawn)  # no picture but a sentence: how to get matplotlib
    write_report(folder.path)
    return results


def write_checked_predictions(parts: Parts, folder: RunFolder, split: str, name: str, evaluation: Evaluation) -> None:
    """Write one prediction file and read it back against the ids of its split, as the course's grader would."""
    path = prediction_path(folder.predictions, parts.tasks[name], split)
    write_predictions(path, parts.tasks[name], evaluation.ids, evaluation.predictions.tolist())
    preflight(path, parts.tasks[name], parts.encoded[split][name].ids)


def collect_results(parts: Parts, dev: dict[str, Evaluation]) -> dict[str, Any]:
    """What tasks/results.py describes, from the best model's evaluations of dev."""
    return run_results({name: _task_entry(parts, name, each) for name, each in dev.items()})


def _task_entry(parts: Parts, name: str, evaluation: Evaluation) -> dict[str, Any]:
    task, train, dev = parts.tasks[name], parts.splits["train"][name], parts.splits["dev"][name]
    texts = [example.texts for example in dev.examples]
    return task_results(task, evaluation, texts, majority_baseline(train, dev, task), bag_of_words_baseline(train, dev, task))
