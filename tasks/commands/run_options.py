"""The options that `minbert evaluate` and `minbert predict` share: a run, one of its splits, one of its checkpoints."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from minbert.errors import UserError, nearest
from tasks.commands.options import make_parser
from tasks.recipe_words import tip, written
from tasks.registry import Task

if TYPE_CHECKING:
    from tasks.load_run import LoadedRun

CHOICES = {"checkpoint": ("best", "last"), "device": ("auto", "cpu", "cuda", "mps")}


def run_parser(command: str, description: str, epilog: str, splits: tuple[str, ...], split: str) -> argparse.ArgumentParser:
    """A parser with RUN, --split, --checkpoint, --device and --data."""
    parser = make_parser(command, "RUN", description, epilog)
    group = parser.add_argument_group("which model, on what")
    group.add_argument("run", metavar="RUN", help="the folder of a run, such as runs/practice")
    group.add_argument("--split", default=split, metavar="SPLIT", help=f"{' or '.join(splits)} (default: {split})")
    group.add_argument("--checkpoint", default="best", metavar="WHICH", help="best or last (default: best, the epoch with the best overall dev score)")
    group.add_argument("--device", default="auto", metavar="DEVICE", help="auto, cpu, cuda or mps (default: auto)")
    group.add_argument("--data", metavar="DIR", help="folder of the data files (default: the folder that the run was trained on)")
    parser.set_defaults(splits=splits)
    return parser


def load(options: argparse.Namespace) -> LoadedRun:
    """The run that the options name, after the words among them are known to be right."""
    for name, choices in {"split": options.splits, **CHOICES}.items():
        value = getattr(options, name)
        if value not in choices:
            otherwise = "minbert predict answers for a test split, which has no labels to score" if value == "test" else f"try {choices[0]}"
            raise UserError(tip(f"--{name} is {written(value)}, but must be {' or '.join(choices)}", nearest(value, choices), otherwise))
    from tasks.load_run import load_run  # torch comes with it

    return load_run(Path(options.run), options.checkpoint, options.device, options.data)


def task_of(run: LoadedRun, name: str, given: str = "") -> Task:
    """The task of the run called `name`; given: the words of the option that named it, where that was not --task NAME.

    `UserError` naming the nearest when the run was not trained on it.
    """
    if name not in run.tasks:
        raise UserError(tip(f"{given or f'--task is {written(name)}'}, but the run {run.folder.path} was trained on {', '.join(run.tasks)}",
                            nearest(name, run.tasks), "choose one of those"))
    return run.tasks[name]
