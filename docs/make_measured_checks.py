"""`python docs/make_measured_checks.py` measures the checks and writes the table into docs/measured_checks.md and docs/diagnosis.md.

It runs `python -m sanity_checks.measure --markdown`, which tries every mistake, rewrite and slip of every component, what students write and what
they are given: minutes. `python docs/make_measured_checks.py COMPONENT ...` measures these alone, and keeps the rows of all others. With a file
that holds such a table, `python docs/make_measured_checks.py TABLE.md`, nothing is measured again. It ends with the exit status of the measure: 1
when a mistake was missed or misnamed, a right rewrite refused, or a survivor has no reason.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
COMMAND = "python -m sanity_checks.measure --markdown"
PAGE = f"# How good are the checks?\n\nPrinted by `{COMMAND}`; [what the columns mean](diagnosis.md#how-good-it-is).\n\n"
PLACE = re.compile(r"(<!-- measured: [^\n]* -->\n).*?(<!-- end of measured -->)", re.DOTALL)


def measured(argv: Sequence[str]) -> tuple[list[str], int]:
    """The lines of the table, measured now or read from the file named, and the exit status of the measure. ValueError when there are none."""
    if argv and argv[0].endswith(".md"):
        text, status = Path(argv[0]).read_text(encoding="utf-8"), 0
    else:
        done = subprocess.run([sys.executable, *COMMAND.split()[1:], *argv], capture_output=True, text=True, check=False)
        text, status = done.stdout, done.returncode
    lines = [line for line in text.splitlines() if line.startswith("|")]
    if len(lines) < 3:
        raise ValueError(f"{COMMAND} {' '.join(argv)} printed no table: {text[-200:]!r}")
    return lines, status


def merged(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """The lines of two tables of the same columns: a component's row is the new one where there is one."""
    by_component = {line.split("|")[1].strip(): line for line in (*old[2:], *new[2:])}
    return [*new[:2], *by_component.values()]


def main(argv: Sequence[str]) -> int:
    """Write both pages."""
    lines, status = measured(argv)
    checks, page = HERE / "measured_checks.md", HERE / "diagnosis.md"
    if argv and not argv[0].endswith(".md"):
        lines = merged([line for line in checks.read_text(encoding="utf-8").splitlines() if line.startswith("|")], lines)
    rows = "\n".join(lines)
    text, places = PLACE.subn(lambda found: f"{found[1]}\n{rows}\n\n{found[2]}", page.read_text(encoding="utf-8"))
    if places != 1:
        raise ValueError(f"{page.name} has {places} places for the table, expected 1: <!-- measured: ... --> and <!-- end of measured -->")
    checks.write_text(f"{PAGE}{rows}\n", encoding="utf-8")
    page.write_text(text, encoding="utf-8")
    print(f"{len(lines) - 2} components")
    return status


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
