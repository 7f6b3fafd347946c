"""Candidates of an ensemble: run folders, folders of prediction files, and single prediction files.

    runs/sst-7                              a run: its best checkpoint answers, or its stored files where these hold all that is averaged
    runs/compare-x/pals/seed-3              the same without a checkpoint (`minbert compare --slim`): its stored files
    predictions/                            prediction files of the course's names, sst-dev-output.csv and so on
    predictions/sts-dev-output.csv          one of them; the test file is looked for beside it

Prediction files hold scores of a regression as they are, but classes rounded to one answer: those can vote and cannot be averaged.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import torch

from minbert.errors import UserError
from tasks.data import Split, read_split
from tasks.ensemble import SPACES, Member
from tasks.load_run import LoadedRun, load_run
from tasks.predictions import prediction_path, preflight
from tasks.recipe import load_recipe
from tasks.recipe_tasks import tasks_of
from tasks.registry import PRACTICE_FOLDER, TASKS, Task
from tasks.run_folder import RunFolder

ENDING = "-dev-output.csv"


@dataclass(frozen=True)
class Asked:
    """What all candidates are asked alike: what is averaged (a key of `SPACES`), on which device, and the folder of data files (None: their own)."""

    space: str = "probabilities"
    device: str = "auto"
    data: str | None = None


@dataclass(frozen=True)
class Candidate:
    """One model, or the answers that one left: name as typed, its tasks, the folder of its data, of its prediction files, and its run if it has weights."""

    name: str
    tasks: dict[str, Task]
    data: Path | None
    files: Path
    run: RunFolder | None

    def rows(self, task: Task, split: str) -> Split:
        """The examples that are answered; those of a test split without labels, whatever its file holds."""
        return read_split(self._folder(task), task, split, split_has_labels=split != "test")

    def cannot_answer(self, task: Task, split: str) -> str | None:
        """Why there can be no answers to that split, or None: some courses hand out no test file, and some files are of dev alone."""
        file, answers = task.files.get(split), prediction_path(self.files, task, split)
        if file is None or not os.path.isfile(self._folder(task) / file):
            return f"there is no {split} file in {self._folder(task)}"
        return None if self.run or os.path.isfile(answers) else f"{self.name} has no {answers.name}"

    def _folder(self, task: Task) -> Path:
        folder = self.data or (PRACTICE_FOLDER if task.name.startswith("practice_") else os.environ.get("MINBERT_DATA"))
        if not folder:
            raise UserError(f"{self.name} holds answers to {task.name} and no examples; say where the data files lie with --data DIR.")
        return Path(folder)


def find_candidate(path: str, asked: Asked) -> Candidate:
    """What lies at `path`, without reading any answer yet.  Raises `UserError` when that is neither a run nor a prediction file."""
    place, data = Path(path), Path(asked.data) if asked.data else None
    if not os.path.exists(place):
        raise UserError(f"there is no {path}; expected a run folder, such as runs/practice, a folder with prediction files, or one such as sst{ENDING}.")
    if os.path.isfile(place):
        tasks = {name: task for name, task in TASKS.items() if place.name == f"{task.prediction_name}{ENDING}"}
        if not tasks:
            raise UserError(f"{path} is no dev file of predictions: expected a name such as sst{ENDING}, or a run folder.")
        return Candidate(path, tasks, data, place.parent, None)
    folder = RunFolder(place)
    if os.path.isfile(folder.recipe):
        recipe = load_recipe(folder.recipe)
        home = Path(recipe.data.folder) if recipe.data.folder else PRACTICE_FOLDER
        return Candidate(path, tasks_of(recipe), data or home, folder.predictions, folder if os.path.isfile(folder.best) else None)
    tasks = {name: task for name, task in TASKS.items() if os.path.isfile(prediction_path(place, task, "dev"))}
    if not tasks:
        raise UserError(f"{path} is neither a run folder, such as runs/practice, nor a folder with prediction files such as sst{ENDING}.")
    return Candidate(path, tasks, data, place, None)


def members_of(candidate: Candidate, names: Iterable[str], split: str, asked: Asked) -> dict[str, Member]:
    """The answers of one candidate to the tasks called `names`, with labels where the split has them; its weights are loaded once, and only if needed.

    Raises `UserError` for rounded answers where unrounded ones are needed, and for files that do not fit the examples.
    """
    load = functools.cache(lambda: load_run(candidate.run.path, "best", asked.device, asked.data))
    found = {}
    for name in names:
        task = candidate.tasks[name]
        rows = candidate.rows(task, split)
        stored = candidate.run is None or (_is_enough(task, asked) and _is_fresh(candidate, task, split, asked))
        found[name] = _stored(candidate, task, split, rows, asked) if stored else _computed(load(), candidate.name, task, rows, asked)
    return found


def _is_enough(task: Task, asked: Asked) -> bool:
    return task.kind == "regression" or asked.space == "votes"


def _is_fresh(candidate: Candidate, task: Task, split: str, asked: Asked) -> bool:
    """Whether the stored file is that of the best checkpoint on these very examples; in doubt the model answers again."""
    path = prediction_path(candidate.files, task, split)
    limited = split == "dev" and load_recipe(candidate.run.recipe).data.dev_limit
    return asked.data is None and not limited and os.path.isfile(path) and os.path.getmtime(path) >= os.path.getmtime(candidate.run.best)


def _stored(candidate: Candidate, task: Task, split: str, rows: Split, asked: Asked) -> Member:
    path = prediction_path(candidate.files, task, split)
    if not _is_enough(task, asked):
        raise UserError(f"{path} holds rounded answers, whose mean is no answer; use --average votes to let the majority decide, give the run folder with its "
                        "checkpoint instead, or name other tasks with --task.")
    if not os.path.isfile(path):
        raise UserError(f"{candidate.name} has no {split} answers to {task.name}: there is no file {path}; make it with minbert predict.")
    ids = tuple(example.id for example in rows.examples)
    found = preflight(path, task, ids)
    by_id = dict(zip(found.ids, found.values))
    answers = torch.tensor([by_id[identity] for identity in ids], dtype=torch.float64)
    votes = torch.nn.functional.one_hot(answers.long(), task.num_outputs) if task.kind == "classes" else answers  # (N, k) or (N,)
    return Member(candidate.name, ids, votes, _labels(rows))


def _computed(run: LoadedRun, name: str, task: Task, rows: Split, asked: Asked) -> Member:
    evaluation = run.evaluate(task, run.encode(task, rows))
    return Member(name, evaluation.ids, SPACES[asked.space][task.kind](evaluation.logits), _labels(rows))


def _labels(rows: Split) -> torch.Tensor | None:
    labels = [example.label for example in rows.examples]
    return None if None in labels else torch.tensor(labels, dtype=torch.float64)
