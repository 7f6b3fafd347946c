"""`python docs/make_measured_checks.py` measures the checks and writes the table into docs/measured_checks.md and docs/diagnosis.md.

It runs `python -m sanity_checks.measure --markdown`, which tries every mistake, rewrite and slip of every component: minutes. With a file that
holds such a table, `python docs/make_measured_checks.py TABLE.md`, nothing is measured again.
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


def table(argv: Sequence[str]) -> str:
    """The rows of the table, measured now or read from the file named. ValueError when there are none."""
    text = Path(argv[0]).read_text(encoding="utf-8") if argv else subprocess.run([sys.executable, *COMMAND.split()[1:]], capture_output=True, text=True, check=False).stdout
    rows = [line for line in text.splitlines() if line.startswith("|")]
    if len(rows) < 3:
        raise ValueError(f"{COMMAND} printed no table: {text[-200:]!r}")
    return "\n".join(rows)


def main(argv: Sequence[str]) -> int:
    """Write both pages."""
    rows = table(argv)
    (HERE / "measured_checks.md").write_text(f"{PAGE}{rows}\n", encoding="utf-8")
    page = HERE / "diagnosis.md"
    text, places = PLACE.subn(lambda found: f"{found[1]}\n{rows}\n\n{found[2]}", page.read_text(encoding="utf-8"))
    if places != 1:
        raise ValueError(f"{page.name} has {places} places for the table, expected 1: <!-- measured: ... --> and <!-- end of measured -->")
    page.write_text(text, encoding="utf-8")
    print(f"{len(rows.splitlines()) - 2} components")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
