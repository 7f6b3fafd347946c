"""How many updates and examples a recipe comes to, counted before anything is trained: what makes a comparison fair or not.

Counted by walking the recipe's own sampler over the sizes of its training files, so whatever a sampler does is counted as it is.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tasks.data import Split, read_split
from tasks.recipe import Recipe
from tasks.recipe_tasks import tasks_of
from tasks.registry import PRACTICE_FOLDER, Task
from tasks.splits import train_rows


@dataclass(frozen=True)
class Counts:
    """Of one whole run: optimizer steps, and training examples drawn for each task, repetitions included."""

    updates: int
    examples: Mapping[str, int]

    @property
    def total(self) -> int:
        """Examples of all tasks."""
        return sum(self.examples.values())


def counts_of(recipe: Recipe) -> Counts:
    """Count one run. `UserError` for data files that are missing or cannot be read."""
    from tasks.setup_run import make_sampler
    from tasks.surgery_updates import ALL_UPDATES

    tasks = tasks_of(recipe)
    train = train_rows(recipe, tasks, folder_of(recipe), {name: rows_of(recipe, task, "train") for name, task in tasks.items()}, lambda sentence: None)
    sampler = make_sampler(recipe, train)
    updates, batches = 0, Counter()
    for _ in range(sampler.steps_per_epoch * recipe.training.epochs):
        names = next(sampler)
        updates += ALL_UPDATES[recipe.update.name].optimizer_steps(len(names))
        batches.update(names)
    return Counts(updates, {name: drawn(len(split), recipe.sampler.batch_size, batches[name] * recipe.training.accumulation) for name, split in train.items()})


def drawn(size: int, batch_size: int, batches: int) -> int:
    """Examples in the first `batches` batches of an endless stream over `size` rows.

    A pass may have one smaller batch, at any place; in a last pass that is not complete it is taken not to have come yet.

    >>> drawn(10, 4, 3), drawn(10, 4, 4)
    (10, 14)
    """
    passes, rest = divmod(batches, -(-size // batch_size))
    return passes * size + min(rest * batch_size, size)


def folder_of(recipe: Recipe) -> Path:
    """Where the recipe's files are: the folder given, or the practice data."""
    return Path(recipe.data.folder) if recipe.data.folder else PRACTICE_FOLDER


def rows_of(recipe: Recipe, task: Task, split: str) -> Split:
    """The rows of one file of the recipe's data folder, read once however many rows of the table need it."""
    return _read(folder_of(recipe), task, task.files.get(split, ""), split)


@functools.lru_cache(maxsize=64)
def _read(folder: Path, task: Task, file: str, split: str) -> Split:
    # `file` is part of the key, because the hash of a task leaves its files out.
    return read_split(folder, task, split)
