"""How many updates and examples a recipe comes to, and how far these run through the encoder, counted before anything is trained: what makes a
comparison fair or not.

Counted by walking the recipe's own samplers over the sizes of its training files, so whatever a sampler or a phase does is counted as it is.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tasks.data import Split, read_split
from tasks.recipe import Recipe
from tasks.recipe_tasks import tasks_of
from tasks.registry import PRACTICE_FOLDER, Task
from tasks.splits import train_rows


@dataclass(frozen=True)
class Counts:
    """Of one whole run.  updates: optimizer steps; examples: training examples drawn for each task, repetitions included; forward, backward: passes
    of them through all layers, see tasks/compare_work.py; scored: how often dev is."""

    updates: int
    examples: Mapping[str, int]
    forward: Mapping[str, float]
    backward: Mapping[str, float]
    scored: int

    @property
    def total(self) -> int:
        """Examples of all tasks."""
        return sum(self.examples.values())

    @property
    def passes(self) -> float:
        """The price of all: forward passes, and two for each backward pass, which makes two products for one."""
        from tasks.focus_plan import BACKWARD

        return sum(self.forward.values()) + BACKWARD * sum(self.backward.values())


def counts_of(recipe: Recipe, taken: Mapping[str, int] | None = None) -> Counts:
    """Count one run: all that it may come to, or with `taken`, phase -> steps, what it came to. `UserError` for data files that cannot be read."""
    from tasks.compare_work import stretches
    from tasks.surgery_updates import ALL_UPDATES

    tasks = tasks_of(recipe)
    train = train_rows(recipe, tasks, folder_of(recipe), {name: rows_of(recipe, task, "train") for name, task in tasks.items()}, lambda sentence: None)
    updates, scored, batches, forward, backward = 0, 0, Counter(), Counter(), Counter()
    for stretch in stretches(recipe, train, taken):
        own = Counter()
        for names in islice(stretch.sampler, stretch.steps):
            updates += ALL_UPDATES[recipe.update.name].optimizer_steps(len(names))
            own.update(names)
        scored += stretch.scored
        batches.update(own)
        forward.update({name: stretch.forward * count for name, count in own.items()})
        backward.update({name: stretch.backward * count for name, count in own.items()})
    examples = {name: drawn(len(split), recipe.sampler.batch_size, batches[name] * recipe.training.accumulation) for name, split in train.items()}
    mean = {name: count / max(1, batches[name]) for name, count in examples.items()}  # examples of a batch
    return Counts(updates, examples, *({name: each[name] * mean[name] for name in examples} for each in (forward, backward)), scored)


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
