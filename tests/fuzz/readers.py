"""Broken files by the thousand: every reader either accounts for every row or refuses with one sentence that names file and line.

    python tests/fuzz/readers.py --cases 50000

Each case is made from its own number, so a failure is repeated with `--only NUMBER`. Nothing outside a temporary folder is written.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from minbert.errors import UserError
from tasks.data import read_examples
from tasks.predictions import preflight
from tasks.registry import TASKS, Task, task_from_table

WORDS = ["good", "film", '"', '""', ",", "\t", "\n", "\r\n", " ", "\xa0", "\u200b", "\x92", "\x7f", "\u2028", "\x1c", "\x85", "caf\u00e9", "\u4f60",
         "\U0001f600", "0", "1.0", "nan", "5", "", "'", "\\", ";", "|", "=1+1", "\ufeff", "\x00"]
LABELS = ["0", "1", "1.0", "4", "5.0", "0.5", "", " ", "nan", "inf", "-1", "1e999", "1_0", "x", "\u0663", "2", "3.8"]


def text(rng: random.Random) -> str:
    """A short run of words, quotes, separators and oddities."""
    return " ".join(rng.choice(WORDS[:-1]) for _ in range(rng.randrange(6)))


def table(rng: random.Random, task: Task) -> bytes:
    """A file of `task` that is right but for odd text and, now and then, odd labels and ids."""
    columns = ["", "id", *task.columns, task.label, "more"]
    if rng.random() < 0.5:
        rng.shuffle(columns)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=rng.choice("\t,"), lineterminator=rng.choice(["\n", "\r\n", "\r"]), quoting=rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    writer.writerow(columns)
    good = "01" if task.kind != "classes" else "01234"
    for row in range(rng.randrange(8)):
        label = rng.choice(LABELS) if rng.random() < 0.1 else rng.choice(good)
        identity = text(rng) if rng.random() < 0.05 else f"id{row}"
        cells = {"id": identity, task.label: label, "": str(row), "more": text(rng)}
        writer.writerow([cells[name] if name in cells else text(rng) for name in columns])
    return out.getvalue().encode("utf-8")


def prediction_file(rng: random.Random, task: Task) -> bytes:
    """A prediction file of `task` that is right but for odd values and ids now and then."""
    rows = [f"{text(rng) if rng.random() < 0.05 else f'id{row}'} , {rng.choice(LABELS if rng.random() < 0.1 else '01')}" for row in range(rng.randrange(8))]
    return (f"id \t {task.prediction_header}\n" + "".join(row + "\n" for row in rows)).encode("utf-8")


def flip(rng: random.Random, raw: bytes) -> bytes:
    """One byte replaced by another."""
    place = rng.randrange(len(raw) or 1)
    return raw[:place] + bytes([rng.randrange(256)]) + raw[place + 1 :]


def insert(rng: random.Random, raw: bytes) -> bytes:
    """A troublesome piece put in somewhere."""
    place = rng.randrange(len(raw) + 1)
    piece = rng.choice([b'"', b"\t", b",", b"\n", b"\r", b"\0", b"\xff", b"\xc3", b"\xef\xbb\xbf", b"\n\n", b'""', b'"\n"', b"x" * 140_000 if rng.random() < 0.02 else b"x"])
    return raw[:place] + piece + raw[place:]


def repeat_line(rng: random.Random, raw: bytes) -> bytes:
    """One line twice: a repeated id, or a second header."""
    lines = raw.split(b"\n")
    lines.insert(rng.randrange(len(lines) + 1), rng.choice(lines))
    return b"\n".join(lines)


CHANGES: list[Callable[[random.Random, bytes], bytes]] = [
    flip, insert, repeat_line,
    lambda rng, raw: raw[: rng.randrange(len(raw) + 1)],
    lambda rng, raw: raw[rng.randrange(len(raw) + 1) :],
    lambda rng, raw: b"\xef\xbb\xbf" + raw,
    lambda rng, raw: raw.decode("utf-8", "replace").encode(rng.choice(["utf-16", "latin-1", "utf-32"]), "replace"),
    lambda rng, raw: bytes(rng.randrange(256) for _ in range(rng.randrange(40))),
]


def records(decoded: str) -> int:
    """How many rows that are not blank a CSV text has, header included, by a reader of four states written for this purpose alone.

    -1 when its quoting is broken: a quote that is never closed, or text behind a closing quote.
    """
    delimiter = "\t" if "\t" in re.split("[\r\n]", decoded, maxsplit=1)[0] else ","
    count, state, used = 0, "start", False
    for letter in decoded.replace("\r\n", "\n").replace("\r", "\n"):
        if state == "quoted":
            state = "after" if letter == '"' else "quoted"
        elif letter == '"' and state in ("start", "after"):
            state, used = "quoted", True
        elif state == "after" and letter not in (delimiter, "\n"):
            return -1
        elif letter == "\n":
            count, state, used = count + used, "start", False
        else:
            state, used = ("start" if letter == delimiter else "plain"), True
    return -1 if state == "quoted" else count + used


def check_examples(path: Path, raw: bytes, task: Task, labelled: bool) -> None:
    """Read `path`; every row that is there must be kept or counted, and what is kept must be clean."""
    split = read_examples(path, task, labelled)
    counts = split.counts
    kept, skipped = counts["rows kept"], counts.get("rows skipped for an empty label", 0)
    assert counts["rows read"] == records(raw.decode("utf-8-sig")) - 1, "a row was lost"
    assert counts["rows read"] == kept + skipped and kept == len(split) and skipped == len(split.skipped_lines), "a row was not counted"
    assert len({example.id for example in split.examples}) == kept, "an id came twice"
    for example in split.examples:
        assert len(example.texts) == len(task.columns) and all(text == text.strip() for text in example.texts)
        assert example.label is None if not labelled else task.label_range[0] <= example.label <= task.label_range[1]


def check_predictions(path: Path, raw: bytes, task: Task, more: int) -> None:
    """Read `path` as predictions for as many ids as it has rows, or one more or less; what passes has one line for each id."""
    lines = raw.decode("utf-8-sig", "replace").replace("\r\n", "\n").split("\n")
    rows = max(0, sum(bool(line.strip()) for line in lines) - 1)
    expected = [f"id{row}" for row in range(rows + more)]
    found = preflight(path, task, expected)
    assert sorted(found.ids) == sorted(expected) and len(found.ids) == rows, "an id was lost"


def random_table(rng: random.Random) -> dict[str, object]:
    """A table of a task with values of all sorts under right and nearly right keys."""
    values = ["text", "", 0, 1, 2, 5, -1, 1.5, True, None, [], ["a"], ["a", "b"], ["a", "a"], [0, 1], [5, 0], [[]], {}, "binary", "classes", "regression",
              "pearson", "accuracy", float("nan"), 10**400, ["id"]]
    base: dict[str, object] = {"train": "a.csv", "columns": ["text"], "label": "y", "kind": rng.choice(["binary", "classes", "regression"])}
    base |= {"classes": {"num_outputs": 3}, "regression": {"label_range": [0, 7]}}.get(str(base["kind"]), {})
    for key in rng.sample(["train", "dev", "test", "columns", "label", "kind", "num_outputs", "label_range", "metric", "colums", ""], rng.randrange(4)):
        base[key] = rng.choice(values)
    return base


def run_case(number: int, folder: Path) -> str:
    """Run case `number`; returns what became of it. Anything but a documented outcome is raised."""
    rng = random.Random(number)
    task = TASKS[rng.choice(["sst", "quora", "sts"])]
    sort = rng.choices(["table", "predictions", "task"], [6, 3, 1])[0]
    if sort == "task":
        name = rng.choice(["irony", "sst", "My", "para", ""])
        return _outcome(lambda: task_from_table(name, random_table(rng)), sort, re.escape(f"[task.{name}]: "))
    raw = table(rng, task) if sort == "table" else prediction_file(rng, task)
    for _ in range(rng.randrange(4)):
        raw = rng.choice(CHANGES)(rng, raw)
    path = folder / "case.csv"
    path.write_bytes(raw)
    check = (lambda: check_examples(path, raw, task, rng.random() < 0.8)) if sort == "table" else (lambda: check_predictions(path, raw, task, rng.choice([-1, 0, 0, 0, 0, 1])))
    # A prediction file whose ids are not those of the split is wrong as a whole: its sentence names ids instead of a line.
    return _outcome(check, sort, re.escape(str(path)) + r"(, line (\d+): |: [\d,]+ ids where)", len(re.findall(rb"\r\n|\r|\n", raw)) + 1)


def _outcome(check: Callable[[], object], sort: str, beginning: str, lines: int = 0) -> str:
    try:
        check()
    except UserError as error:
        message = str(error)
        found = re.match(beginning, message)
        assert found, f"the message does not name its place: {message}"
        assert "\n" not in message and "\r" not in message and message.endswith((".", "?")), f"not one sentence: {message!r}"
        assert not (found.groups() and found[2]) or 1 <= int(found[2]) <= lines, f"there is no such line: {message}"
        return f"{sort}: refused"
    return f"{sort}: read"


def main(arguments: list[str] | None = None) -> int:
    """Run the cases and print the counts; exit status 1 at the first case that is neither read nor refused properly."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--only", type=int, help="run this one case")
    chosen = parser.parse_args(arguments)
    outcomes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(chosen.cases) if chosen.only is None else [chosen.only]:
            try:
                outcomes[run_case(number, Path(folder))] += 1
            except BaseException:
                print(f"case {number} failed; repeat it with --only {number}")
                raise
    for outcome, count in sorted(outcomes.items()):
        print(f"{outcome:<22} {count:>7,}")
    print(f"{sum(outcomes.values()):,} cases: every row counted, every refusal one sentence with file and line")
    return 0


if __name__ == "__main__":
    sys.exit(main())
