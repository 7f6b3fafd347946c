"""The rows of a run: which files, which tasks, and which of the training rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import torch

from tasks.data import ROWS_KEPT, ROWS_READ, Split, describe_counts, read_split, take_share
from tasks.extra_data import add_extra_rows
from tasks.recipe_settings import DataSettings, Recipe
from tasks.registry import PRACTICE_FOLDER, Task
from tasks.seeds import named_generator

Splits = dict[str, dict[str, Split]]  # split name -> task name -> rows


def read_splits(recipe: Recipe, tasks: Mapping[str, Task], say: Callable[[str], object] = print) -> Splits:
    """Read train and dev of every task, and test where its file is there; one sentence of counts a file goes to `say`.

    Raises UserError for a missing folder, a missing train or dev file, and whatever the readers refuse.
    """
    folder = Path(recipe.data.folder) if recipe.data.folder else PRACTICE_FOLDER
    splits: Splits = {"train": {}, "dev": {}, "test": {}}
    splits["train"] = train_rows(recipe, tasks, folder, {name: read_split(folder, task, "train") for name, task in tasks.items()}, say)
    for name, task in tasks.items():
        splits["dev"][name] = dev_rows(read_split(folder, task, "dev"), recipe.data, name)
        if recipe.data.test and "test" in task.files and (folder / task.files["test"]).exists():
            splits["test"][name] = read_split(folder, task, "test", split_has_labels=False)
    for split in (split for by_task in splits.values() for split in by_task.values()):
        # What was skipped or repaired is always said; a file without quirks needs no sentence.
        if split.counts.keys() - {ROWS_READ, ROWS_KEPT, "columns ignored"}:
            say(describe_counts(split))
    return splits


def train_rows(recipe: Recipe, tasks: Mapping[str, Task], folder: Path, own: dict[str, Split], say: Callable[[str], object] = print) -> dict[str, Split]:
    """The rows that a run learns from: of each task its own and the recipe's extra ones, and of those the part that [data] asks for."""
    whole = add_extra_rows(own, recipe, tasks, folder, say)
    return {name: choose_rows(split, recipe.data, named_generator(recipe.seed, f"rows.{name}")) for name, split in whole.items()}


def dev_rows(split: Split, data: DataSettings, name: str) -> Split:
    """The part of task `name`'s dev split that `data.dev_limit` asks for, whatever the seed of the run: two runs are compared on the same rows."""
    return take_share(split, 1.0, data.dev_limit, named_generator(0, f"dev.{name}"))


def choose_rows(split: Split, data: DataSettings, generator: torch.Generator) -> Split:
    """The part of a training split that `data.share` and `data.limit` ask for: drawn with `generator`, kept in file order.

    A smaller share is contained in a larger one of the same seed, so learning curves compare like with like.
    """
    return take_share(split, data.share, data.limit, generator)
