"""Which rows say the same: texts compared by their letters and digits alone, pairs in either order, as a hash.

    "Is it  cold?", "Why?"   ->   whyisitcold pair, in one order for both   ->   32 bytes

What a model has learned from must not be what it is scored on.  Two spellings, cases, or orders of the same pair count as the same.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from minbert.errors import UserError
from tasks.clean_text import clean_text
from tasks.csv_rows import read_table
from tasks.registry import TASKS, Task

_REST = re.compile(r"[\W_]+")


def fingerprint(texts: Sequence[str]) -> bytes | None:
    """A hash of one text or of a pair in either order; None where some text has no letter or digit, which would make all such rows equal.

    >>> fingerprint(("A cold day.", "Warm!")) == fingerprint(("warm", "a COLD day"))
    True
    """
    plain = sorted(_REST.sub("", text.casefold()) for text in texts)
    return hashlib.sha256("\n".join(plain).encode()).digest() if all(plain) else None


def held_out(folder: Path, tasks: Mapping[str, Task], say: Callable[[str], object] = print) -> dict[bytes, str]:
    """Fingerprint -> "FILE, line N" of every row of dev and test in `folder`: those of `tasks`, and of each task of the library that lies there.

    Whole files, whatever a run scores on: a row without label, or beyond a limit, is still not to be learned from.  A file of a task that is
    not in `tasks` and cannot be read is told to `say` and passed over.
    """
    found: dict[bytes, str] = {}
    for task in (*tasks.values(), *(task for name, task in TASKS.items() if name not in tasks)):
        for split in ("dev", "test"):
            path = folder / task.files.get(split, "")
            if not path.is_file():
                continue
            try:
                for mark, place in _places(path, task).items():
                    found.setdefault(mark, place)
            except UserError as error:
                if task.name in tasks:
                    raise
                say(f"Extra rows were not compared with the {split} rows of {task.name}: {error}")
    return found


def _places(path: Path, task: Task) -> dict[bytes, str]:
    rows = read_table(path, task.columns).rows
    marks = ((fingerprint([clean_text(cell)[0] for cell in cells]), line) for line, cells in rows)
    return {mark: f"{path.name}, line {line}" for mark, line in marks if mark}
