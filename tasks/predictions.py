"""Prediction files in the course's own names and format, and the check before handing them in.

    predictions/sst-dev-output.csv             multitask: {sst,para,sts}-{dev,test}-output.csv
    predictions/full-model-sst-dev-out.csv     single-task classifier: {mode}-{sst,cfimdb}-{dev,test}-out.csv

    id \\t Predicted_Sentiment                  the header really holds space, tab, space
    f1a8aff3c8b74b7d8a4b8e0f1 , 3              the rows really hold space, comma, space
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from minbert.errors import UserError
from minbert.files import write_text
from tasks.csv_rows import decode, mistake
from tasks.labels import expected_label, parse_number
from tasks.registry import Task

_SHOWN = 3  # wrong ids named in a sentence
# kind -> how an answer is written. The course writes the float that rounding gives for a binary task; nine digits bring a float32 back exactly.
_WRITTEN = {"classes": lambda value: f"{int(value)}", "binary": lambda value: f"{int(value)}.0", "regression": lambda value: f"{value:.9g}"}


@dataclass(frozen=True)
class Predictions:
    """A prediction file as read, in file order: ids, values, lines, and how many values of a regression lie outside the range of its labels.

    Those are no mistake: the course asks for the raw output, and Pearson's r does not mind."""

    path: Path
    ids: tuple[str, ...]
    values: tuple[float, ...]
    lines: tuple[int, ...]
    outside_range: int

    def describe(self) -> str:
        """One sentence for the user."""
        note = f"; {self.outside_range:,} values lie outside the range of the labels, which Pearson's r allows" if self.outside_range else ""
        return f"{self.path.name}: {len(self.ids):,} predictions, every id once{note}."


def prediction_path(folder: str | Path, task: Task, split: str, mode: str | None = None) -> Path:
    """Where predictions of `split` ("dev", "test") belong; with `mode` (a fine-tune mode) the single-task classifier's name."""
    name = f"{task.prediction_name}-{split}-output.csv" if mode is None else f"{mode}-{task.prediction_name}-{split}-out.csv"
    return Path(folder) / name


def write_predictions(path: str | Path, task: Task, ids: Sequence[str], values: Iterable[float]) -> Path:
    """Write decided answers (N,) for `ids` (N) in one move: the file is there complete, or not at all. UserError for answers that cannot be."""
    path, values = Path(path), [float(value) for value in values]
    if len(ids) != len(values) or len(set(ids)) != len(ids):
        raise UserError(f"{path}: got {len(values)} predictions for {len(set(ids))} different ids; expected exactly one for each.")
    for identity, value in zip(ids, values):
        if not _allowed(value, task):
            raise UserError(f"{path}: the prediction for {identity} is {value:g}; expected {_expected(task)}.")
    rows = [f"{identity} , {_WRITTEN[task.kind](value)}\n" for identity, value in zip(ids, values)]
    write_text(path, "".join([_header(task) + "\n", *rows]))
    return path


def read_predictions(path: str | Path, task: Task) -> Predictions:
    """Read a prediction file; UserError (file, line) for a wrong header, a malformed row, a value out of range or an id that comes twice."""
    path = Path(path)
    values: dict[str, float] = {}
    lines: dict[str, int] = {}
    for line, identity, value in _rows(path, task):
        if identity in lines:
            raise mistake(path, line, f"the id {identity!r} stands on line {lines[identity]} already; expected every id once.")
        lines[identity], values[identity] = line, value
    low, high = task.label_range
    outside = sum(not low <= value <= high for value in values.values())
    return Predictions(path, tuple(values), tuple(values.values()), tuple(lines.values()), outside)


def preflight(path: str | Path, task: Task, expected_ids: Sequence[str]) -> Predictions:
    """Read a prediction file and compare it with the ids of its split; UserError for missing or unexpected ids. Any order will do."""
    found = read_predictions(path, task)
    line_of = dict(zip(found.ids, found.lines))
    missing = [f"{identity!r}" for identity in _without(expected_ids, found.ids)]
    unexpected = [f"{identity!r} on line {line_of[identity]}" for identity in _without(found.ids, expected_ids)]
    if missing or unexpected:
        told = [f"{len(some):,} {word} ({', '.join(some[:_SHOWN])}{', ...' if len(some) > _SHOWN else ''})"
                for some, word in ((missing, "missing"), (unexpected, "unexpected")) if some]
        raise UserError(f"{path}: {len(found.ids):,} ids where {len(expected_ids):,} were expected: {' and '.join(told)}; "
                        "check that the predictions were made for this split.")
    return found


def _without(some: Sequence[str], others: Sequence[str]) -> list[str]:
    known = set(others)
    return [one for one in some if one not in known]


def _rows(path: Path, task: Task) -> Iterator[tuple[int, str, float]]:
    # A csv reader would not do: the header is separated by a tab, the rows by a comma.
    lines = decode(path)[0].replace("\r\n", "\n").split("\n")
    if lines[0].split() != ["id", task.prediction_header]:
        raise mistake(path, 1, f"the header is {lines[0][:60]!r}; expected {_header(task)!r}.")
    for line, text in enumerate(lines[1:], 2):
        if not text.strip():
            if line == len(lines):
                return  # what follows the last line end
            raise mistake(path, line, "the line is blank; expected a row 'id , value'.")
        identity, comma, written = (part.strip() for part in text.rpartition(","))
        value = parse_number(written)
        if not (identity and comma) or value is None:
            raise mistake(path, line, f"the row is {text[:60]!r}; expected 'id , value' with a number.")
        if not _allowed(value, task):
            raise mistake(path, line, f"the prediction is {written}; expected {_expected(task)}.")
        yield line, identity, value


def _header(task: Task) -> str:
    return f"id \t {task.prediction_header}"


def _allowed(value: float, task: Task) -> bool:
    if task.kind == "regression":
        return abs(value) < float("inf")  # false for nan too
    return value in range(task.num_classes)


def _expected(task: Task) -> str:
    return "a finite number" if task.kind == "regression" else expected_label(task)
