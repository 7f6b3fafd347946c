"""The logs of a run: files of JSON lines that only grow, and can be cut back to where a checkpoint was written.

A resumed run first forgets what came after its checkpoint, then writes it again. Since the same steps give the same
numbers, the file ends up byte for byte as if nothing had happened.
"""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

from minbert.errors import UserError
from minbert.files import write_text


def append_line(path: Path, record: dict[str, Any]) -> int:
    """Append one record as a line of JSON and return the file's new length in bytes."""
    try:
        with path.open("ab") as file:
            file.write(json.dumps(record).encode("ascii") + b"\n")
            return file.tell()
    except OSError as error:
        raise UserError(f"cannot write to {path}: {error.strerror or error}; the last checkpoint is complete.") from error


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The records of a file of JSON lines; [] when it does not exist. Raises UserError naming a broken line."""
    if not path.exists():
        return []
    records = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            records.append(json.loads(line))
        except json.JSONDecodeError as error:
            raise UserError(f"{path}, line {number}: not a line of JSON ({error.msg}).") from error
    return records


def cut_back(path: Path, length: int) -> None:
    """Shorten a log to the `length` bytes it had when the checkpoint was written.

    What came after is written again, identically, by the resumed run. Raises UserError when the log is shorter.
    """
    found = path.stat().st_size if path.exists() else 0
    if found < length:
        raise UserError(f"{path} holds {found} bytes, the checkpoint beside it expects at least {length}: "
                        "the log was shortened or lost, so start the run anew in another folder.")
    if path.exists():
        os.truncate(path, length)


def write_table(source: Path, target: Path) -> None:
    """Write the "epoch" lines of metrics.jsonl as a CSV table, one column a figure."""
    rows = [_flat(record) for record in read_lines(source) if record["kind"] == "epoch"]
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(dict.fromkeys(name for row in rows for name in row)) or ["epoch"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_text(target, text.getvalue())


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    losses = {f"{task}_loss": loss for task, loss in record["loss"].items()}
    scores = {f"{task}_{dev['metric']}": dev["score"] for task, dev in record["dev"].items()}
    return {"epoch": record["epoch"], "step": record["step"], "updates": record["updates"], **losses, **scores,
            "overall": record["overall"], "best": int(record["best"]), **({"phase": record["phase"]["name"]} if "phase" in record else {})}
