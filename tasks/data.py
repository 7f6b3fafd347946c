"""From a file to examples: one row, one `Example`; everything that was repaired or passed over is counted.

    split = read_examples("ids-sst-dev.csv", TASKS["sst"], split_has_labels=True)
    print(describe_counts(split))

The bytes are the business of csv_rows.py, the sentences of clean_text.py, the labels of labels.py. Whatever the file is, the sum holds:
rows read = examples kept + rows skipped + rows left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from minbert.errors import UserError
from tasks.clean_text import clean_text
from tasks.csv_rows import mistake, read_table
from tasks.labels import parse_label
from tasks.registry import Task

if TYPE_CHECKING:
    import torch

ROWS_READ, ROWS_KEPT, EMPTY_LABEL, EMPTY_TEXT = "rows read", "rows kept", "rows skipped for an empty label", "rows kept with an empty sentence"
LEFT_OUT = "rows left out by share or limit"
_LINES_SHOWN = 5  # as many line numbers as a sentence can carry


@dataclass(frozen=True)
class Example:
    """One row: its id, its one or two cleaned sentences, its label (None where the split has none) and the line it begins on."""

    id: str
    texts: tuple[str, ...]
    label: float | int | None
    line: int


@dataclass(frozen=True)
class Split:
    """All examples of one file in file order, the counts (what was done -> rows), the file, and the lines of the rows left out."""

    examples: tuple[Example, ...]
    counts: Mapping[str, int]
    path: Path
    skipped_lines: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.examples)


def read_examples(path: str | Path, task: Task, split_has_labels: bool) -> Split:
    """Read the file of `task` at `path`.

    Columns are found by name, so leading index columns do not matter; with `split_has_labels` False a label column is not looked at and every
    row is kept. A row with an empty label is skipped and counted; a row with an empty sentence is kept and counted, since its prediction will
    be asked for. Raises UserError (file, line, what to do) for anything else that cannot be used: see docs/data.md.
    """
    path = Path(path)
    table = read_table(path, ("id", *task.columns, *([task.label] if split_has_labels else [])))
    examples, skipped, seen = [], [], {}
    counts = Counter({ROWS_READ: len(table.rows)})
    for line, cells in table.rows:
        identity = _new_id(path, line, cells[0], seen)
        if split_has_labels and not cells[-1].strip():
            skipped.append(line)
            continue
        texts, quirks = _clean_all(cells[1 : 1 + len(task.columns)])
        counts.update(quirks)
        examples.append(Example(identity, texts, _label(path, line, cells[-1], task) if split_has_labels else None, line))
    if not examples:
        raise mistake(path, skipped[0], f"the label {task.label!r} is empty here and in every other row, so no row can be used.")
    counts.update({ROWS_KEPT: len(examples), EMPTY_LABEL: len(skipped), **table.counts})
    return Split(tuple(examples), {name: count for name, count in counts.items() if count}, path, tuple(skipped))


def _new_id(path: Path, line: int, cell: str, seen: dict[str, int]) -> str:
    # Predictions are keyed by id, so two rows with one id could not be told apart in a prediction file.
    identity = cell.strip()
    if not identity or any(letter in identity for letter in "\r\n"):
        raise mistake(path, line, f"the id is {cell!r}; expected one line of text that no other row has.")
    if identity in seen:
        raise mistake(path, line, f"the id {identity!r} stands on line {seen[identity]} already; expected every id once.")
    seen[identity] = line
    return identity


def _clean_all(cells: tuple[str, ...]) -> tuple[tuple[str, ...], set[str]]:
    cleaned = [clean_text(cell) for cell in cells]
    quirks = {quirk for _, found in cleaned for quirk in found}  # a set: rows are counted, not sentences
    texts = tuple(text for text, _ in cleaned)
    return texts, quirks | ({EMPTY_TEXT} if not all(texts) else set())


def _label(path: Path, line: int, cell: str, task: Task) -> int | float:
    try:
        return parse_label(cell, task)
    except ValueError as error:
        raise mistake(path, line, str(error)) from None


def describe_counts(split: Split) -> str:
    """One sentence for the user with every count of `split`: what was read, kept and skipped (with lines), and what was repaired."""
    counts = dict(split.counts)
    sentence = f"{split.path.name}: {counts.pop(ROWS_READ):,} rows read, {counts.pop(ROWS_KEPT):,} kept"
    skipped = counts.pop(EMPTY_LABEL, 0)
    if skipped:
        lines = ", ".join(map(str, split.skipped_lines[:_LINES_SHOWN])) + (", ..." if skipped > _LINES_SHOWN else "")
        sentence += f", {skipped:,} skipped for an empty label (line{'s' if skipped > 1 else ''} {lines})"
    return "; ".join([sentence, *(f"{name}: {count:,}" for name, count in sorted(counts.items()))]) + "."


def read_split(folder: str | Path, task: Task, split: str, split_has_labels: bool = True) -> Split:
    """Read the file that `task` names for `split` ("train", "dev", "test") in `folder`."""
    if split not in task.files:
        raise UserError(f"the task {task.name} has no {split} file; it has {', '.join(task.files)}, so name one in its table.")
    return read_examples(Path(folder) / task.files[split], task, split_has_labels)


def take_share(split: Split, share: float, limit: int, generator: torch.Generator) -> Split:
    """A random `share` (0 to 1) of the examples, at most `limit` of them (0: no limit), at least one, in file order; the rest is counted."""
    import torch  # reading alone should not wait for torch

    number = max(1, round(share * len(split)))
    number = min(number, limit) if limit else number
    if number >= len(split):
        return split
    kept = sorted(torch.randperm(len(split), generator=generator)[:number].tolist())
    counts = {**split.counts, ROWS_KEPT: number, LEFT_OUT: split.counts.get(LEFT_OUT, 0) + len(split) - number}
    return replace(split, examples=tuple(split.examples[place] for place in kept), counts={name: count for name, count in counts.items() if count})
