"""The course starter's file options: which files are read, and where a prediction file shall lie besides the run folder.

    --sst_train FILE --para_dev FILE --sts_test FILE ...       multitask_classifier.py: three tasks
    --train FILE --dev FILE --test FILE                        classifier.py: the one task of a recipe like `sst`
    --sst_dev_out FILE ... --dev_out FILE --test_out FILE      prediction files
"""

from __future__ import annotations

import argparse
import os.path
from collections.abc import Mapping
from pathlib import Path

from minbert.errors import UserError
from minbert.files import write_text
from tasks.predictions import prediction_path
from tasks.recipe import Override, Recipe
from tasks.recipe_tasks import tasks_of
from tasks.recipe_writing import toml_value
from tasks.registry import SPLITS

COURSE_TASKS = {"sst": "sst", "para": "quora", "sts": "sts"}  # the course's word for a task -> ours
OUT_SPLITS = ("dev", "test")


def add_course_options(parser: argparse.ArgumentParser, outputs_only: bool = False) -> None:
    """Add the options above to a parser, under a heading of their own."""
    group = parser.add_argument_group("file options of the course's code (default: the course's names in the data folder)")
    words = [(f"{word}-", f"of {task}") for word, task in COURSE_TASKS.items()] + [("", "of a run with one task")]
    for prefix, whose in words:
        for split in () if outputs_only else SPLITS:
            group.add_argument(f"--{prefix}{split}", metavar="FILE", help=f"{split} file {whose}")
        for split in OUT_SPLITS:
            group.add_argument(f"--{prefix}{split}-out", metavar="FILE", help=f"also write {split} predictions {whose} to this file")


def file_overrides(options: argparse.Namespace, tasks: tuple[str, ...]) -> list[Override]:
    """Changes to a recipe that trains `tasks`: each file option as an override of that task's file name."""
    return [Override(f"task.{task}.{split}", toml_value(_place(path)), option) for (task, split), (option, path) in _given(options, tasks, SPLITS, "").items()]


def gives_course_files(options: argparse.Namespace) -> bool:
    """True when some file option of the three tasks was written."""
    return any(getattr(options, f"{word}_{split}") for word in COURSE_TASKS for split in SPLITS)


def outputs(options: argparse.Namespace, tasks: tuple[str, ...]) -> dict[tuple[str, str], Path]:
    """(task, split) -> where its predictions are asked for; `UserError` for a task that is not among `tasks`."""
    return {key: Path(path) for key, (_, path) in _given(options, tasks, OUT_SPLITS, "_out").items()}


def copy_predictions(wanted: Mapping[tuple[str, str], Path], recipe: Recipe, folder: Path) -> list[str]:
    """Copy prediction files from `folder` to where they were asked for, each in one move; returns a sentence for each."""
    tasks, said = tasks_of(recipe), []
    for (name, split), target in wanted.items():
        source = prediction_path(folder, tasks[name], split)
        if source.exists():
            write_text(target, source.read_text(encoding="utf-8"))
            said.append(f"{split} predictions of {name}: {target}")
        else:
            said.append(f"Warning: {target} was not written, because task {name} has no {split} file in the data folder.")
    return said


def _given(options: argparse.Namespace, tasks: tuple[str, ...], splits: tuple[str, ...], ending: str) -> dict[tuple[str, str], tuple[str, str]]:
    """(task, split) -> (option, path) for the options that were written."""
    found = {}
    for word, task in {**COURSE_TASKS, "": None}.items():
        for split in splits:
            name = f"{word}_{split}{ending}".lstrip("_")
            path, option = getattr(options, name, None), f"--{name.replace('_', '-')}"
            if path is not None:
                found[_task_meant(option, task, tasks), split] = (option, path)
    return found


def _task_meant(option: str, task: str | None, tasks: tuple[str, ...]) -> str:
    if task is None and len(tasks) != 1:
        raise UserError(f"{option} is for a recipe with a single task, but this one trains {', '.join(tasks)}; say which, for example --sst{option[1:]}.")
    if task is not None and task not in tasks:
        raise UserError(f"{option} is about the task {task}, but the recipe trains {', '.join(tasks)}; leave it out, or choose tasks with --tasks.")
    return task or tasks[0]


def _place(path: str) -> str:
    # A bare name is looked for in the data folder, as in the registry; a path, or a file lying here, means just that file.
    return path if Path(path).name == path and not os.path.exists(path) else str(Path(path).absolute())

