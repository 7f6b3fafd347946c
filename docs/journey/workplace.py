"""A student's folder: an edition written to a place that vanishes again, bodies that are typed into it, and commands that really run there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sanity_checks.blanking import body_lines, file_of, replaced
from sanity_checks.bodies import BODIES, Body
from sanity_checks.wrong import change, tables

LIBRARY = Path(__file__).resolve().parents[2]
WIDTH = 110  # letters in a line of the terminal that the pages show
OWN = ("PYTHONPATH", "MINBERT_EDITION", "MINBERT_DEBUG", "MINBERT_DATA")  # what the maker's shell has set is not what a student's has
ROUGHLY = {  # what differs from run to run -> what is shown
    r"\d\d:\d\d:\d\d saved": "15:04:05 saved",
    r'"execution_time": \d+\.\d+': '"execution_time": 5.0',
    r"\b\d+(\.\d+)? (ms|milliseconds)\b": "a few ms",
    r"\b\d+ minutes? (and )?\d+(\.\d+)? seconds\b|\b\d+ min \d+ s\b": "a few minutes",
    r"\b\d+\.\d+ seconds\b": "a few seconds",
}


@dataclass(frozen=True)
class Ran:
    """What a command printed, with the temporary folder under a neutral name, and its exit status."""

    command: str
    printed: str
    status: int


@dataclass(frozen=True)
class Workplace:
    """home: a temporary folder that holds the edition `my-bert`; it is printed as ~."""

    home: Path

    @property
    def edition(self) -> Path:
        """The folder of the student's edition."""
        return self.home / "my-bert"

    def run(self, command: str, inside: bool = True, more: Mapping[str, str] | None = None) -> Ran:
        """Run `command`, as a student types it, in the edition (or beside it) with the library installed; more: further environment."""
        words = [sys.executable if word == "python" else word for word in shlex.split(command)]
        done = subprocess.run(words, cwd=self.edition if inside else self.home, env=self.environment() | dict(more or {}), text=True, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
        return Ran(command, self.neutral(done.stdout), done.returncode)

    def environment(self) -> dict[str, str]:
        """What a student's shell has, with the library installed."""
        keep = {key: value for key, value in os.environ.items() if key not in OWN and not key.startswith("PYTEST")}
        return keep | {"PYTHONPATH": str(LIBRARY), "NO_COLOR": "1", "COLUMNS": str(WIDTH), "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}

    def neutral(self, text: str) -> str:
        """`text` without what is this machine's own: paths, timings, and what a progress bar wrote over itself."""
        text = "\n".join(line.rpartition("\r")[2] for line in text.splitlines())
        text = text.replace(str(self.home.resolve()), "~").replace(str(self.home), "~").replace(str(LIBRARY), "~/minbert")
        for pattern, words in ROUGHLY.items():
            text = re.sub(pattern, words, text)
        return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")

    def write(self, component: str, name: str, code: str = "") -> None:
        """Write one body: the student's own `code`, or the library's."""
        body = next(body for body in BODIES[component] if body.name == name)
        path = self.edition / file_of(body.module)
        own = textwrap.dedent(code).strip("\n").splitlines()
        lines = [f"{' ' * (4 + 4 * name.count('.'))}{line}" for line in own] if code else solution(body)
        path.write_text(replaced(path.read_text(encoding="utf-8"), name, lines), encoding="utf-8")

    def finish(self, *components: str) -> None:
        """Write every body of `components` as the library has it; all components when none is named."""
        for component in components or tuple(BODIES):
            for body in BODIES[component]:
                self.write(component, body.name)

    def mistake(self, component: str, name: str) -> None:
        """Finish `component`, with the mistake `name` of the bank in it."""
        self.finish(component)
        for edit in tables(component)[0][name]:
            path = self.edition / file_of(edit.module)
            path.write_text(change(path.read_text(encoding="utf-8"), edit), encoding="utf-8")

    def change(self, file: str, old: str, new: str) -> None:
        """In `file`, `old` becomes `new`. ValueError when it does not stand there once: then the story no longer fits the code."""
        path = self.edition / file
        source = path.read_text(encoding="utf-8")
        if source.count(old) != 1:
            raise ValueError(f"{file} holds {source.count(old)} times, expected once: {old}")
        path.write_text(source.replace(old, new), encoding="utf-8")


def solution(body: Body) -> list[str]:
    """The lines of a body as the library has them."""
    return body_lines((LIBRARY / file_of(body.module)).read_text(encoding="utf-8"), body.name)


@contextmanager
def workplace() -> Iterator[Workplace]:
    """A new workplace, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        yield Workplace(Path(folder))
