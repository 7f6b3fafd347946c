"""Extra training rows of a task: one [extra.NAME] table of a recipe, checked key by key.

    [extra.snli]
    task = "quora"                       # whose training rows they join
    file = "extra/snli.csv"              # in the data folder, or a full path
    map = "snli-paraphrase"              # a named map of tasks/label_maps.py, or your own: {entailment = 1, neutral = 0}
    # columns, label                     # where the file's names differ from the task's
    # range = [1, 5]                     # instead of a map, for a regression: from this range to the task's, in a line
    # every = 1                          # instead of a map: all rows have this label
    # drop = ["-"]                       # labels whose rows are left out
    # only = {split = ["train"]}         # rows that have one of these words in that column, and no others
    # overlap = "refuse"                 # or "drop": rows that dev or test of any task has too
    # limit = 0                          # at most this many rows, drawn with the seed; 0 = all
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from minbert.errors import UserError, nearest
from tasks.label_maps import NAMED_MAPS
from tasks.labels import expected_label
from tasks.recipe_settings import Recipe
from tasks.recipe_tasks import tasks_of
from tasks.recipe_words import tip, written
from tasks.registry import Task

OVERLAPS = ("refuse", "drop")
WAYS = ("map", "range", "every")  # of getting from the file's labels to the task's; without one, they are the task's own


@dataclass(frozen=True)
class Extra:
    """One table, checked: where the rows are, and what becomes of their labels (`map`, `range` or `every`, or none: as they are)."""

    name: str
    task: str
    file: str
    columns: tuple[str, ...]
    label: str
    map: Mapping[str, float] | None = None
    range: tuple[float, float] | None = None
    every: float | None = None
    drop: tuple[str, ...] = ()
    only: tuple[tuple[str, tuple[str, ...]], ...] = ()
    overlap: str = "refuse"
    limit: int = 0


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e300


def _are_texts(value: object) -> bool:
    return isinstance(value, (list, tuple)) and bool(value) and all(map(_is_text, value)) and len(set(value)) == len(value)


# key -> (test, what is expected, said in words)
_KEYS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "task": (_is_text, "the name of one of the recipe's tasks"),
    "file": (_is_text, "the name of a CSV file"),
    "columns": (_are_texts, "a list of different column names"),
    "label": (_is_text, "the name of a column"),
    "map": (lambda value: isinstance(value, Mapping) and bool(value) and all(map(_is_number, value.values())),
            f"one of {', '.join(NAMED_MAPS)}, or a table from labels of the file to numbers"),
    "range": (lambda value: isinstance(value, (list, tuple)) and len(value) == 2 and all(map(_is_number, value)) and value[0] < value[1],
              "two numbers, the lowest and the highest label of the file"),
    "every": (_is_number, "a number, the label of all rows"),
    "drop": (lambda value: value in ((), []) or _are_texts(value), "a list of labels"),
    "only": (lambda value: isinstance(value, Mapping) and all(map(_are_texts, value.values())), 'a table from columns to lists of words, {split = ["train"]}'),
    "overlap": (lambda value: value in OVERLAPS, " or ".join(map(written, OVERLAPS))),
    "limit": (lambda value: isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10**9, "a whole number, 0 for all rows"),
}  # fmt: skip


def extras_of(recipe: Recipe) -> tuple[Extra, ...]:
    """The extra rows that a recipe asks for, in its order; `UserError` names table, key, value and what was expected."""
    tasks = tasks_of(recipe) if recipe.extra else {}
    return tuple(_extra(name, table, tasks) for name, table in recipe.extra.items())


def _extra(name: str, table: Any, tasks: Mapping[str, Task]) -> Extra:
    place = f"[extra.{written(name)[1:-1]}]"
    if not isinstance(table, Mapping):
        raise UserError(f"{place} is {written(table)}, but must be a table with the keys {', '.join(_KEYS)}.")
    filled = _with_named_map(dict(table))
    for key, value in filled.items():
        if key not in _KEYS:
            raise UserError(tip(f"{place}: there is no key {written(key)}", nearest(key, _KEYS), f"the keys are {', '.join(_KEYS)}"))
        fits, expected = _KEYS[key]
        if not fits(value):
            meant = nearest(value, NAMED_MAPS) if key == "map" and isinstance(value, str) else None
            raise UserError(f"{place}: {key} = {written(value)}, but {key} must be {expected}" + (f"; did you mean {meant}?" if meant else "."))
    missing = [key for key in ("task", "file") if key not in filled]
    if missing:
        raise UserError(f"{place}: {missing[0]} is missing; it must be {_KEYS[missing[0]][1]}.")
    if filled["task"] not in tasks:
        raise UserError(tip(f"{place}: task = {written(filled['task'])} is not among the recipe's tasks", nearest(filled["task"], tasks), f"there are {', '.join(tasks)}"))
    task = tasks[filled["task"]]
    filled = {"columns": task.columns, "label": task.label, **filled}
    _check_against(task, filled, place)
    only = tuple((column, tuple(words)) for column, words in filled.pop("only", {}).items())
    return Extra(name=name, only=only, **{key: tuple(value) if isinstance(value, list) else value for key, value in filled.items()})


def _with_named_map(table: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(table.get("map"), str) or table["map"] not in NAMED_MAPS:
        return table
    return {**NAMED_MAPS[table.pop("map")], **table}


def _check_against(task: Task, table: Mapping[str, Any], place: str) -> None:
    """What only the task can tell: as many texts, one way to its labels, and labels that it has."""
    if len(table["columns"]) != len(task.columns):
        raise UserError(f"{place}: columns = {written(table['columns'])}, but an example of {task.name} has {len(task.columns)} text{'s' * (len(task.columns) > 1)}.")
    ways = [key for key in WAYS if key in table]
    if len(ways) > 1:
        raise UserError(f"{place}: {ways[0]} and {ways[1]} both say what the labels mean; leave one out.")
    if "range" in table and task.kind != "regression":
        raise UserError(f"{place}: range is about labels on a scale, but a label of {task.name} is {expected_label(task)}; use map.")
    low, high = task.label_range
    for value in (*table.get("map", {}).values(), *([table["every"]] if "every" in table else ())):
        if not low <= value <= high or (task.kind != "regression" and value != int(value)):
            raise UserError(f"{place}: {'map' if 'map' in table else 'every'} gives the label {value:g}, but a label of {task.name} is {expected_label(task)}.")
