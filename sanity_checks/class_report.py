"""`minbert class-report FILES...`: for a teacher, which mistakes how many students have, out of their --json or Gradescope files. Loads no torch."""

from __future__ import annotations

import argparse
import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from minbert.errors import UserError, plain
from minbert.files import write_text
from sanity_checks import bank
from sanity_checks.finding import OUTCOMES, Finding
from sanity_checks.order import components
from sanity_checks.record import read

LARGEST = 10_000_000  # bytes; a record has about 20,000


@dataclass(frozen=True)
class Class:
    """students: the findings of each file that could be read; refused: file -> why, for the others."""

    students: tuple[tuple[Finding, ...], ...]
    refused: dict[str, str]


def gather(paths: Iterable[Path]) -> Class:
    """Read every file; a folder means the .json files in it, however deep."""
    students, refused = [], {}
    for path in (file for named in paths for file in (sorted(named.rglob("*.json")) if named.is_dir() else [named])):
        try:
            if path.stat().st_size > LARGEST:
                raise ValueError("too large to be a record of minbert sanity")
            students.append(tuple(read(path.read_text(encoding="utf-8"))))
        except OSError as error:
            refused[str(path)] = str(error.strerror or error)
        except (ValueError, RecursionError) as error:
            refused[str(path)] = str(error)
    return Class(tuple(students), refused)


Rows = list[tuple[object, ...]]


def outcomes(students: Sequence[Sequence[Finding]]) -> Rows:
    """(component, students with each of OUTCOMES), in the order in which components first come."""
    names = dict.fromkeys(finding.component for student in students for finding in student)
    counts = Counter((finding.component, finding.outcome) for student in students for finding in student)
    return [(name, *(counts[name, outcome] for outcome in OUTCOMES)) for name in names]


def mistakes(students: Sequence[Sequence[Finding]]) -> Rows:
    """(component, mistake, students, what it is), the most common first; a guess ("either", "partly") counts as one and is called so."""
    found: Counter[tuple[str, str, str]] = Counter()
    told: dict[str, str] = {}  # what a mistake was called where it came alone, for those that this version does not know
    for finding in (finding for student in students for finding in student if finding.outcome == "wrong"):
        sure = finding.certainty in ("named", "two")
        for name in dict.fromkeys(finding.mistakes):
            found[finding.component, name, "" if sure else "perhaps"] += 1
            told.setdefault(name, finding.says)
    return [(component, f"{name} ({doubt})" if doubt else name, count, _says(component, name) or told[name]) for (component, name, doubt), count in found.most_common()]


def _says(component: str, name: str) -> str:
    # the component comes out of a student's file: it may name no module but one of ours
    known = bank.mistakes(component) if component in components() else {}
    return known[name].says if name in known else ""


def others(students: Sequence[Sequence[Finding]]) -> Rows:
    """(component, outcome, students, what was seen) for what has no name: unknown differences and code that stopped."""
    found = Counter((finding.component, finding.outcome, finding.difference if finding.outcome == "wrong" else finding.says)
                    for student in students for finding in student if finding.outcome in ("wrong", "raised") and not finding.mistakes)  # fmt: skip
    return [(component, outcome, count, seen) for (component, outcome, seen), count in found.most_common()]


TABLES = {
    "Outcomes": (("component", *OUTCOMES), outcomes),
    "Mistakes": (("component", "mistake", "students", "what it is"), mistakes),
    "Without a name": (("component", "outcome", "students", "what was seen"), others),
}


def markdown(found: Class) -> str:
    """The whole report."""
    count = len(found.students)
    parts = [f"# Class report\n\n{count} student{'' if count == 1 else 's'}, one file each."]
    for title, (header, rows) in TABLES.items():
        table = [header, ["---"] * len(header), *rows(found.students)]
        lines = ["| " + " | ".join(plain(" ".join(str(cell).split()), most=300).replace("|", "/") for cell in row) + " |" for row in table]
        parts.append(f"## {title}\n\n" + ("\n".join(lines) if len(lines) > 2 else "None."))
    if found.refused:
        parts.append(f"## Not read: {len(found.refused)}\n\n" + "\n".join(f"* {plain(file)}: {plain(why)}" for file, why in found.refused.items()))
    return "\n\n".join(parts)


def as_csv(found: Class) -> str:
    """The same as one table of kind, component, item, students, words."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    write(("kind", "component", "item", "students", "words"))
    for component, *counts in outcomes(found.students):
        for outcome, count in zip(OUTCOMES, counts):
            write(("outcome", _cell(component), outcome, count, ""))
    for kind, rows in (("mistake", mistakes(found.students)), ("without a name", others(found.students))):
        for row in rows:
            write((kind, *map(_cell, row)))
    for file, why in found.refused.items():
        write(("not read", "", _cell(file), 1, why))
    return out.getvalue()


def _cell(value: object) -> object:
    # a student's file must not bring a formula into the teacher's spreadsheet
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def main(argv: Sequence[str]) -> int:
    """`minbert class-report FILE... [--csv FILE]`: prints Markdown; 0, also when some files cannot be read. `UserError` when none can."""
    parser = argparse.ArgumentParser(prog="minbert class-report", description="Which mistakes does a class make? Reads what `minbert sanity --json` printed, "
                                     "or Gradescope's results.json of `minbert sanity --gradescope`, one file a student.")  # fmt: skip
    parser.add_argument("files", nargs="+", metavar="FILE", help="a file, or a folder of .json files")
    parser.add_argument("--csv", metavar="FILE", help="also write the tables as CSV")
    options = parser.parse_args(argv)
    found = gather(map(Path, options.files))
    if not found.students:
        first = next((f"{file}: {why}" for file, why in found.refused.items()), "the folders hold no .json file")
        raise UserError(f"none of {len(found.refused)} files can be read ({first}); expected what minbert sanity --json or --gradescope writes.")
    if options.csv:
        write_text(Path(options.csv), as_csv(found))
    print(markdown(found))
    return 0
