"""Labels and predictions as numbers: written text in, a number inside the task's range out, or a sentence that says why not."""

from __future__ import annotations

import re

from tasks.registry import Task

# float() would also take "nan", "inf", "1_000" and digits of other scripts; a label is none of these.
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def parse_number(text: str) -> float | None:
    """The finite decimal number that `text` spells, or None.

    >>> parse_number(" 3.80 "), parse_number("nan"), parse_number("1e999")
    (3.8, None, None)
    """
    text = text.strip()
    value = float(text) if _NUMBER.fullmatch(text) else None
    return None if value is None or abs(value) == float("inf") else value


def expected_label(task: Task) -> str:
    """What a label of `task` looks like, in words: "a whole number from 0 to 4"."""
    low, high = task.label_range
    return {"classes": f"a whole number from {low:g} to {high:g}", "binary": "0 or 1", "regression": f"a number from {low:g} to {high:g}"}[task.kind]


def parse_label(text: str, task: Task) -> int | float:
    """The label that `text` spells: an int for classes (`3` or `3.0`), else a float; ValueError with the reason when it spells none."""
    value = parse_number(text)
    low, high = task.label_range
    whole = value is not None and (task.kind == "regression" or value == int(value))
    if not whole or not low <= value <= high:
        raise ValueError(f"{task.label} is {_shortened(text)}, but a label of {task.name} is {expected_label(task)}.")
    return int(value) if task.kind == "classes" else value


def _shortened(text: str) -> str:
    # A shifted column puts a whole sentence here; its beginning is enough to recognise it.
    return repr(text if len(text) <= 40 else text[:40] + "...")
