"""What the probe of extra rows needs: rows of a file with labels of a task, which texts are the same, and rows without those held out."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class ExtraRows:
    """read(task, lines of a file whose columns are tabbed, **table) -> one line of words for each row, "id | texts | label | line", one for how many
    there were, and one for each reason to leave rows out; the table is that of [extra.more] in a recipe. mark(texts) -> what equal texts share, or
    None; apart(task, lines, held out texts, **table) -> as read, without what is held out."""

    read: Callable[..., list[str]]
    mark: Callable[[Sequence[str]], bytes | None]
    apart: Callable[..., list[str]]


def library() -> ExtraRows:
    """The subject made of tasks/extra_data.py, tasks/overlap.py and tasks/label_maps.py."""
    import tasks.extra_data as ours  # here, so that a file that cannot be read is reported when its component is checked
    from minbert.errors import UserError
    from tasks import overlap
    from tasks.label_maps import NAMED_MAPS
    from tasks.recipe_extra import Extra
    from tasks.registry import TASKS

    def rows(task: str, lines: Sequence[str], held_out: Sequence[Sequence[str]], table: dict[str, Any]) -> list[str]:
        named = NAMED_MAPS.get(table.pop("named", ""), {})
        extra, counts = Extra(**{"name": "more", "task": task, "file": "more.csv", "columns": TASKS[task].columns, "label": TASKS[task].label, **named, **table}), Counter()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "more.csv"
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            try:
                split, read = ours.read_extra(extra, TASKS[task], Path(folder), counts)
                known = {overlap.fingerprint(texts): "dev, line 2" for texts in held_out}
                split = ours._without_overlap(split, extra, known, path, counts) if held_out else split
            except UserError as error:  # without the folder, which is another one every time
                raise UserError(str(error).replace(str(path), path.name)) from None
        told = [f"{each.id} | {' / '.join(each.texts)} | {each.label!r} | line {each.line}" for each in split.examples]
        told.append(f"{read} read from {split.path.name}, {split.counts}")
        return told + [f"{number} {reason}" for reason, number in sorted(counts.items())]

    return ExtraRows(lambda task, lines, **table: rows(task, lines, (), table), overlap.fingerprint,
                     lambda task, lines, held_out, **table: rows(task, lines, held_out, table))  # fmt: skip
