"""A task of your own: one table of a recipe, checked key by key and turned into a row of the registry.

    [task.irony]
    train = "irony-train.csv"          # and dev, test; looked for in the data folder
    columns = ["text"]                 # one text column, or two for a pair
    label = "ironic"
    kind = "binary"                    # classes, binary or regression
    # num_outputs = 3                  # needed for classes
    # label_range = [0, 10]            # needed for a regression
    # metric = "accuracy"              # the metric of the kind, which is the only one that fits
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from minbert.errors import UserError, nearest
from tasks.recipe_words import written
from tasks.registry import KINDS, SPLITS, TASKS, Kind, Task

_NAME = re.compile(r"[a-z][a-z0-9_-]*")  # a task name becomes a module name, a file name and a table name
_METRICS = tuple(sorted({kind.metric for kind in KINDS.values()}))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e300


def _are_columns(value: object) -> bool:
    return isinstance(value, (list, tuple)) and 1 <= len(value) <= 2 and all(map(_is_text, value)) and len(set(value)) == len(value)


def _is_range(value: object) -> bool:
    return isinstance(value, (list, tuple)) and len(value) == 2 and all(map(_is_number, value)) and value[0] < value[1]


# key -> (test, what is expected, said in words)
_KEYS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    **{split: (_is_text, "the name of a CSV file") for split in SPLITS},
    "columns": (_are_columns, "a list of one or two different column names"),
    "label": (_is_text, "the name of the label column"),
    "kind": (lambda value: isinstance(value, str) and value in KINDS, f"one of {', '.join(KINDS)}"),
    "num_outputs": (lambda value: isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 100_000, "a whole number, 1 or more"),
    "label_range": (_is_range, "two numbers, the lowest and the highest label"),
    "metric": (lambda value: isinstance(value, str) and value in _METRICS, f"one of {', '.join(_METRICS)}"),
}
_REQUIRED = ("train", "columns", "label", "kind")


def build_task(name: str, table: Mapping[str, object]) -> Task:
    """The registry row for `table`; raises UserError naming the table, the key, the value and what was expected."""
    place = f"[task.{written(name)[1:-1]}]"
    _check_name(name, place)
    _check_keys(table, place)
    kind_name = str(table["kind"])
    kind = KINDS[kind_name]
    num_outputs = _num_outputs(table, kind, kind_name, place)
    return Task(name=name, columns=tuple(table["columns"]), label=str(table["label"]), kind=kind_name, num_outputs=num_outputs,
                label_range=_label_range(table, kind, kind_name, num_outputs, place), metric=_metric(table, kind, kind_name, place),
                files={split: str(table[split]) for split in SPLITS if split in table},
                prediction_name=name, prediction_header=f"Predicted_{table['label']}")


def _check_name(name: str, place: str) -> None:
    if not _NAME.fullmatch(name):
        raise UserError(f"{place}: {written(name)} cannot name a task; use lower-case letters, digits, _ and -, beginning with a letter.")
    taken = {word: task.name for task in TASKS.values() for word in (task.prediction_name, task.name)}
    if name in taken:
        raise UserError(f"{place}: {name!r} is the name of the library's task {taken[name]} or of its prediction files; choose another, such as my-{name}.")


def _check_keys(table: Mapping[str, object], place: str) -> None:
    if not isinstance(table, Mapping):
        raise UserError(f"{place}: got {written(table)} where a table with the keys {', '.join(_KEYS)} was expected.")
    for key, value in table.items():
        if key not in _KEYS:
            hint = nearest(key, _KEYS)
            raise UserError(f"{place}: there is no key {written(key)}; " + (f"did you mean {written(hint)}?" if hint else f"the keys are {', '.join(_KEYS)}."))
        fits, expected = _KEYS[key]
        if not fits(value):
            raise UserError(f"{place}: {key} = {written(value)}, but {key} must be {expected}.")
    missing = [key for key in _REQUIRED if key not in table]
    if missing:
        raise UserError(f"{place}: {missing[0]} is missing; it must be {_KEYS[missing[0]][1]}.")
    if table["label"] in table["columns"] or "id" in (table["label"], *table["columns"]):
        raise UserError(f"{place}: the label {written(table['label'])}, the columns {written(table['columns'])} and \"id\" must all be different columns.")


def _num_outputs(table: Mapping[str, object], kind: Kind, kind_name: str, place: str) -> int:
    given = table.get("num_outputs", kind.num_outputs)
    if given is None:
        raise UserError(f"{place}: num_outputs is missing; for kind {kind_name!r} it must be the number of classes, 2 or more.")
    wanted = given if kind.num_outputs is None else kind.num_outputs
    if given != wanted or (kind.num_outputs is None and given < 2):
        rule = "2 or more, one logit per class" if kind.num_outputs is None else f"{wanted}, a single logit"
        raise UserError(f"{place}: num_outputs = {written(given)}, but for kind {kind_name!r} it must be {rule}.")
    return int(given)


def _label_range(table: Mapping[str, object], kind: Kind, kind_name: str, num_outputs: int, place: str) -> tuple[float, float]:
    by_kind = (0, num_outputs - 1) if kind_name == "classes" else kind.label_range
    if by_kind is None and "label_range" not in table:
        raise UserError(f"{place}: label_range is missing; for kind {kind_name!r} it must be {_KEYS['label_range'][1]}.")
    given = tuple(table.get("label_range", by_kind))
    if by_kind is not None and given != tuple(by_kind):
        raise UserError(f"{place}: label_range = {written(given)}, but labels of kind {kind_name!r} here run from {by_kind[0]:g} to {by_kind[1]:g}.")
    return given


def _metric(table: Mapping[str, object], kind: Kind, kind_name: str, place: str) -> str:
    given = str(table.get("metric", kind.metric))
    if given != kind.metric:
        raise UserError(f"{place}: metric = {written(given)}, but answers of kind {kind_name!r} are judged by {kind.metric!r}.")
    return given
