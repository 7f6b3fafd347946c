"""`python docs/fill_pages.py [PAGE ...]` runs the commands of docs/student.md and docs/teacher.md again and puts in what they print.

A line `<!-- scene: NAME -->` stands above each block that is filled; what happens in a scene is in docs/journey/.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from journey.student_scenes import STUDENT
from journey.teacher_scenes import TEACHER
from journey.workplace import Workplace, workplace

PAGES: dict[str, Mapping[str, Callable[[Workplace], str]]] = {"student": STUDENT, "teacher": TEACHER}
BLOCK = re.compile(r"(<!-- scene: ([\w-]+) -->\n)(?:```\w+\n.*?\n```\n)?", re.DOTALL)


def filled(text: str, scenes: Mapping[str, Callable[[Workplace], str]]) -> str:
    """`text` with every scene played, in the order of the page and in one workplace. KeyError for a scene that does not exist."""
    with workplace() as place:
        return BLOCK.sub(lambda found: f"{found[1]}{scenes[found[2]](place)}\n", text)


def main(names: Sequence[str]) -> int:
    """Fill the named pages, or all."""
    for name in names or PAGES:
        page = Path(__file__).parent / f"{name}.md"
        page.write_text(filled(page.read_text(encoding="utf-8"), PAGES[name]), encoding="utf-8")
        print(f"filled {page.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
