"""Which tasks a recipe names: rows of the registry, rows of the user's own, or a known row that reads other files.

    tasks = ["sst", "irony"]

    [task.sst]                     # a task of the library: only its files can be changed
    train = "more-sst.csv"

    [task.irony]                   # a task of your own: see own_task.py for the keys
    train = "irony-train.csv"
    columns = ["text"]
    label = "ironic"
    kind = "binary"
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from minbert.errors import UserError, nearest
from tasks.recipe_settings import Recipe
from tasks.recipe_stages import texts_named
from tasks.recipe_words import tip, written
from tasks.registry import SPLITS, TASKS, Task, task_from_table

COURSE_WORDS = {"para": "quora", "paraphrase": "quora", "sentiment": "sst", "similarity": "sts"}  # how the course's own code calls them


def tasks_of(recipe: Recipe) -> dict[str, Task]:
    """Task name -> registry row, in the recipe's order.

    Raises `UserError` for a name that nobody described and for a table that describes no task, also when no name asks for it.
    """
    known = known_tasks(recipe)
    for name in recipe.tasks:
        if name not in known:
            meant = COURSE_WORDS.get(name) or nearest(name, known)
            sentence = f"tasks names {written(name)}, which is neither a task of the library nor described under [task.NAME]"
            raise UserError(tip(sentence, meant, f"there are {', '.join(known)}"))
    return {name: known[name] for name in recipe.tasks}


def known_tasks(recipe: Recipe) -> dict[str, Task]:
    """Every task that the recipe may name: the library's, and those that it describes itself."""
    return {**TASKS, **{name: _described(name, table) for name, table in recipe.task.items()}}


def needs_data_folder(recipe: Recipe) -> bool:
    """True when some train or dev file, or a file of a stage's texts, neither comes with the library nor is given by a full path."""
    known, sources = known_tasks(recipe), texts_named(recipe)
    if any(source not in known and not Path(source).is_absolute() for source in sources):
        return True
    read = [*tasks_of(recipe).values(), *(known[source] for source in sources if source in known)]
    asked = [task for task in read if not task.name.startswith("practice_")]
    return any(not Path(task.files.get(split, "")).is_absolute() for task in asked for split in ("train", "dev"))


def _described(name: str, table: Mapping[str, Any]) -> Task:
    if name not in TASKS:
        return task_from_table(name, table)
    if not isinstance(table, Mapping):
        raise UserError(f"[task.{name}] is {written(table)}, but must be a table with the keys {', '.join(SPLITS)}.")
    for key, value in table.items():
        if key not in SPLITS:
            raise UserError(f"[task.{name}] sets {written(key)}, but {name} is a task of the library, of which only the files "
                            f"{', '.join(SPLITS)} can be changed; describe your own task under another name, for example [task.my-{name}].")
        if not isinstance(value, str) or not value.strip():
            raise UserError(f"[task.{name}] {key} is {written(value)}, but must be the name of a CSV file.")
    return replace(TASKS[name], files={**TASKS[name].files, **table})
