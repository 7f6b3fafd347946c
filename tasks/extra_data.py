"""Extra training rows: read, relabelled, compared with dev and test, and put behind a task's own.

    for each [extra.NAME]:   file -> rows that `only` keeps -> labels of the task -> no row that dev or test has -> training rows of the task

Everything that is left out is counted and said, and the counts add up.  What comes back is a training split like any other, so samplers, streams
and baselines see the larger number without knowing why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from minbert.errors import UserError
from tasks.clean_text import clean_text
from tasks.csv_rows import mistake, read_table
from tasks.data import ROWS_KEPT, Example, Split, take_share
from tasks.labels import parse_label, parse_number
from tasks.overlap import fingerprint, held_out
from tasks.recipe_extra import Extra, extras_of
from tasks.recipe_settings import Recipe
from tasks.registry import Task
from tasks.seeds import named_generator

_SHOWN = 3  # overlapping rows that an error names
OTHER, UNLABELLED, EMPTY = "not asked for by only", "without a label", "with an empty text"


def add_extra_rows(train: dict[str, Split], recipe: Recipe, tasks: Mapping[str, Task], folder: Path, say: Callable[[str], object] = print) -> dict[str, Split]:
    """The training splits with the rows of the recipe's [extra] tables behind their own; one sentence a table goes to `say`.

    Raises UserError for what cannot be read or mapped, and for rows that dev or test has too where the table does not say overlap = "drop".
    """
    extras = extras_of(recipe)
    known = held_out(folder, tasks, say) if extras else {}
    for extra in extras:
        own, counts = train[extra.task], Counter()
        rows, read = read_extra(extra, tasks[extra.task], folder, counts)
        rows = _without_overlap(rows, extra, known, folder / extra.file, counts)
        rows = take_share(rows, 1.0, extra.limit, named_generator(recipe.seed, f"extra.{extra.name}"))
        say(_sentence(extra, rows, read, counts, own))
        added = {**own.counts, ROWS_KEPT: len(own) + len(rows), f"rows added from {extra.name}": len(rows)}
        train = {**train, extra.task: replace(own, examples=own.examples + rows.examples, counts=added)}
    return train


def read_extra(extra: Extra, task: Task, folder: Path, counts: Counter[str]) -> tuple[Split, int]:
    """The rows of an extra file with labels of `task`, and how many there were; `counts` receives what was left out, and why.

    Ids are made of the table's name and the line, so that none meets an id of the task's own.
    """
    path = folder / extra.file
    labelled = [extra.label] if extra.every is None else []
    wanted = list(dict.fromkeys([*extra.columns, *labelled, *(column for column, _ in extra.only)]))
    table, examples = read_table(path, wanted, f"say what the file calls them by columns and label in [extra.{extra.name}]"), []
    for line, cells in table.rows:
        row = dict(zip(wanted, cells))
        texts = tuple(clean_text(row[column])[0] for column in extra.columns)
        reason = _reason(extra, row, texts)
        counts.update([reason] if reason else [])
        if not reason:
            examples.append(Example(f"{extra.name}:{line}", texts, _label(extra, task, row.get(extra.label, ""), path, line), line))
    if not examples:
        raise mistake(path, table.rows[0][0], f"no row is left for [extra.{extra.name}]: {_listed(counts)}.")
    return Split(tuple(examples), {ROWS_KEPT: len(examples)}, path), len(table.rows)


def _reason(extra: Extra, row: Mapping[str, str], texts: tuple[str, ...]) -> str:
    """Why a row is left out, or "" where it is not."""
    if any(row[column].strip() not in words for column, words in extra.only):
        return OTHER
    label = row[extra.label].strip() if extra.every is None else "given"
    if label in extra.drop:
        return f"labelled {label}"
    return UNLABELLED if not label else "" if all(texts) else EMPTY


def _label(extra: Extra, task: Task, cell: str, path: Path, line: int) -> float | int:
    value = extra.every
    if extra.map is not None:
        value = _mapped(extra, cell.strip(), path, line)
    elif extra.range is not None:
        value = _scaled(extra, task, cell, path, line)
    if value is None:  # the file's labels are the task's own
        try:
            return parse_label(cell, task)
        except ValueError as error:
            raise mistake(path, line, f"{str(error).rstrip('.')}; say what it means by map in [extra.{extra.name}].") from None
    return int(value) if task.kind == "classes" else float(value)


def _mapped(extra: Extra, cell: str, path: Path, line: int) -> float:
    number = parse_number(cell)
    names = (cell, f"{number:g}") if number is not None else (cell,)  # 1.0 in the file is 1 in the map
    found = [extra.map[name] for name in names if name in extra.map]
    if not found:
        raise mistake(path, line, f"the label {cell[:40]!r} is neither in the map of [extra.{extra.name}], which knows {', '.join(extra.map)}, nor in drop.")
    return found[0]


def _scaled(extra: Extra, task: Task, cell: str, path: Path, line: int) -> float:
    (low, high), (lowest, highest), number = extra.range, task.label_range, parse_number(cell)
    if number is None or not low <= number <= high:
        raise mistake(path, line, f"the label {cell[:40]!r} is not within range = [{low:g}, {high:g}] of [extra.{extra.name}].")
    return lowest + (number - low) * (highest - lowest) / (high - low)


def _without_overlap(rows: Split, extra: Extra, known: Mapping[bytes, str], path: Path, counts: Counter[str]) -> Split:
    places = {example.line: known[mark] for example in rows.examples if (mark := fingerprint(example.texts)) in known}
    if places and extra.overlap == "refuse":
        shown = "; ".join(f"line {line} is {place}" for line, place in list(places.items())[:_SHOWN])
        more = f"; and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
        raise UserError(f"{path}: rows of [extra.{extra.name}] stand in dev or test too ({shown}{more}), and learning from them would spoil the score; "
                        'set overlap = "drop" in that table to leave them out.')
    if places:
        counts["that dev or test has too"] = len(places)
    kept = tuple(example for example in rows.examples if example.line not in places)
    if not kept:
        raise UserError(f"{path}: every row of [extra.{extra.name}] stands in dev or test too, so none is left.")
    return replace(rows, examples=kept)


def _sentence(extra: Extra, rows: Split, read: int, counts: Counter[str], own: Split) -> str:
    beyond = read - len(rows) - sum(counts.values())
    left_out = Counter({**counts, **({"beyond the limit": beyond} if beyond else {})})
    marks, trained = [fingerprint(example.texts) for example in rows.examples], {fingerprint(example.texts) for example in own.examples}
    notes = [f"{again:,} of them are among the rows of {extra.task} already"] if (again := sum(mark in trained for mark in marks if mark)) else []
    labels: dict[bytes | None, set[float | int | None]] = {}
    for mark, example in zip(marks, rows.examples):
        labels.setdefault(mark, set()).add(example.label)
    torn = sum(len(found) > 1 for mark, found in labels.items() if mark)
    notes += [f"{torn:,} text{' occurs' if torn == 1 else 's occur'} more than once, with different labels"] if torn else []
    tail = f"; left out: {_listed(left_out)}" if left_out else ""
    return "; ".join([f"extra.{extra.name}: {read:,} rows read from {extra.file}, {len(rows):,} join the training rows of {extra.task} ({_shares(rows)}){tail}", *notes]) + "."


def _shares(rows: Split) -> str:
    """How often each label occurs, or the mean of many."""
    found = Counter(float(example.label) for example in rows.examples)
    if len(found) <= 5:
        return ", ".join(f"{label:g}: {count:,}" for label, count in sorted(found.items()))
    return f"mean label {sum(label * count for label, count in found.items()) / len(rows):.2f}"


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {reason}" for reason, count in counts.items())
