"""The dev answers of finished runs, side by side: one array a task, examples down, runs across, lined up by id."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from minbert.errors import UserError
from tasks.compare_counts import rows_of
from tasks.compare_rows import Run
from tasks.data import Example
from tasks.predictions import prediction_path, read_predictions
from tasks.recipe_tasks import tasks_of
from tasks.registry import Task
from tasks.splits import dev_rows


@dataclass(frozen=True)
class Answers:
    """answers (N, S) of S runs in the order given, labels (N,), metric of the task."""

    answers: np.ndarray
    labels: np.ndarray
    metric: str


def answers_of(runs: Sequence[Run], name: str) -> Answers:
    """Task `name`'s answers of the best epoch of each run. `UserError` when a prediction file does not hold the ids of the dev file, or runs had others."""
    task, rows = _task_and_rows(runs[0], name)
    labels = {row.id: float(row.label or 0) for row in rows}
    for run in runs[1:]:
        others = _task_and_rows(run, name)[1]
        if others is not rows and {row.id: float(row.label or 0) for row in others} != labels:
            raise UserError(f"{run.title} has other dev examples of {name} than {runs[0].title}, so the two cannot be compared example by example; give both the same files.")
    columns = [_column(run, task, labels.keys()) for run in runs]
    return Answers(np.stack(columns, axis=1), np.array(list(labels.values())), task.metric)


def _task_and_rows(run: Run, name: str) -> tuple[Task, tuple[Example, ...]]:
    task = tasks_of(run.recipe)[name]
    return task, dev_rows(rows_of(run.recipe, task, "dev"), run.recipe.data, name).examples


def _column(run: Run, task: Task, ids: Collection[str]) -> np.ndarray:
    path = prediction_path(run.folder.predictions, task, "dev")
    found = read_predictions(path, task)
    by_id = dict(zip(found.ids, found.values))
    missing = [identity for identity in ids if identity not in by_id]
    if missing or len(by_id) != len(ids):
        raise UserError(f"{path} holds {len(by_id):,} answers and the dev file {len(ids):,} examples, {len(missing):,} of them without an answer; "
                        "the data changed since the run, so bring the old files back or compare into another folder.")
    return np.array([by_id[identity] for identity in ids])
