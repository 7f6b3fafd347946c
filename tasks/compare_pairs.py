"""Each row against the first: which runs can be paired, and their bootstrap, per task and for the overall score."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tasks.compare_answers import answers_of
from tasks.compare_bootstrap import resampled_scores
from tasks.compare_rows import Row, Run
from tasks.compare_verdict import compare
from tasks.metrics import OVERALLS
from tasks.seeds import named_seed

RESAMPLES = 10_000


def against_first(runs: Sequence[Run], facts: dict[Run, dict[str, Any]], formula: str, resamples: int = RESAMPLES) -> dict[str, dict[str, Any]]:
    """Row name -> {"overall": comparison or None, "tasks": {name: comparison}, "seeds": [...]} for each row but the first that shares a seed and a task with it.

    runs: all of the comparison; facts: as in tasks/compare_costs.py; formula: "normalised" or "plain". A comparison is as in tasks/compare_verdict.py;
    the overall one is None where a row learned other tasks, since means over different tasks do not compare.
    """
    finished = [run for run in runs if facts[run]["state"] == "finished"]
    rows = list({id(run.row): run.row for run in runs}.values())
    first, others = rows[0], rows[1:]
    shared = {row.name: _shared_seeds(first, row, finished) for row in others}
    wanted = [run for run in finished if run.row is first or run.recipe.seed in shared.get(run.row.name, ())]
    scores = {task: _resampled([run for run in wanted if task in run.recipe.tasks], task, resamples) for task in first.recipe.tasks}
    return {row.name: _compare_rows(_of(wanted, first, shared[row.name]), _of(wanted, row, shared[row.name]), facts, scores, formula)
            for row in others if shared[row.name] and set(row.recipe.tasks) & set(first.recipe.tasks)}


def _shared_seeds(first: Row, row: Row, finished: Sequence[Run]) -> list[int]:
    seeds = [{run.recipe.seed for run in finished if run.row is each} for each in (first, row)]
    return sorted(seeds[0] & seeds[1])


def _of(runs: Sequence[Run], row: Row, seeds: Sequence[int]) -> list[Run]:
    by_seed = {run.recipe.seed: run for run in runs if run.row is row}
    return [by_seed[seed] for seed in seeds]


def _resampled(runs: Sequence[Run], task: str, resamples: int) -> dict[str, np.ndarray]:
    """Folder of each run -> its scores (R,) in the draws that all runs share."""
    if not runs:
        return {}
    found = answers_of(runs, task)
    # Seeded by the task's name alone: a row more or less in the table leaves the draws of the others as they were.
    table = resampled_scores(found.metric, found.answers, found.labels, resamples, named_seed(0, f"bootstrap.{task}"))  # (R, S)
    return {str(run.folder.path): table[:, place] for place, run in enumerate(runs)}


def _compare_rows(first: Sequence[Run], row: Sequence[Run], facts: dict[Run, dict[str, Any]], scores: dict[str, dict[str, np.ndarray]], formula: str) -> dict[str, Any]:
    shared = [task for task in first[0].recipe.tasks if task in row[0].recipe.tasks]

    def drawn(run: Run) -> np.ndarray:
        entries = facts[run]["scores"]
        return OVERALLS[formula]({task: (entries[task]["metric"], scores[task][str(run.folder.path)]) for task in shared}).value  # (R,): the formula is plain arithmetic

    tasks = {task: _comparison(first, row, lambda run, task=task: scores[task][str(run.folder.path)], lambda run, task=task: facts[run]["scores"][task]["score"])
             for task in shared}
    same = set(first[0].recipe.tasks) == set(row[0].recipe.tasks)
    overall = _comparison(first, row, drawn, lambda run: facts[run]["overall"][formula]) if same else None
    return {"seeds": [run.recipe.seed for run in row], "overall": overall, "tasks": tasks}


def _comparison(first: Sequence[Run], row: Sequence[Run], in_draws: Callable[[Run], np.ndarray], on_all: Callable[[Run], float]) -> dict[str, Any]:
    by_draw = np.mean([in_draws(new) - in_draws(old) for old, new in zip(first, row)], axis=0)  # (R,), averaged over seeds
    return compare(by_draw, [on_all(new) - on_all(old) for old, new in zip(first, row)])
