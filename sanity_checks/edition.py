"""The student edition, seen from inside: where it is, what it was, and which bodies are still to be written.

An edition is a folder that `minbert start` wrote: the library with the bodies of bodies.py blanked. Two things tell it from the library:

    minbert-edition.json      the marker: format, version, components
    sanity_checks/skeletons/  every blanked file as it was handed out
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from minbert.errors import UserError
from sanity_checks.blanking import file_of, is_stub
from sanity_checks.bodies import BODIES, Body

MARKER = "minbert-edition.json"
FORMAT = 1
RUNNING = Path(__file__).resolve().parent.parent  # the folder that holds the running packages
SENT_HOME = "MINBERT_EDITION"  # set for a command that was sent to an edition, so that it is sent once


@dataclass(frozen=True)
class Edition:
    """root: its folder; version: of the library that wrote it; components: their names, in learning order."""

    root: Path
    version: str
    components: tuple[str, ...]

    def skeleton(self, module: str) -> Path:
        """The blanked file of `module` as it was handed out; it exists only for modules with bodies to write."""
        return self.root / "sanity_checks" / "skeletons" / file_of(module)

    def unwritten(self, component: str) -> tuple[Body, ...]:
        """The bodies of `component` that are still stubs, in learning order. A file that cannot be read as Python counts as written."""
        return tuple(body for body in BODIES[component] if self._is_unwritten(body))

    def progress(self, component: str) -> str:
        """How far the student has come: "2 of 5 bodies written"."""
        bodies = BODIES[component]
        return f"{len(bodies) - len(self.unwritten(component))} of {len(bodies)} {'bodies' if len(bodies) > 1 else 'body'} written"

    def _is_unwritten(self, body: Body) -> bool:
        try:
            return is_stub((self.root / file_of(body.module)).read_text(encoding="utf-8"), body.name)
        except (SyntaxError, ValueError, OSError):
            return False  # what is wrong with the file is said by whoever runs it, see rescue.py


def find_edition(start: Path | None = None) -> Edition | None:
    """The edition whose root is `start` (None: the folder of the running packages); None when that is no edition.

    Raises UserError for a marker that cannot be read or is of a later format.
    """
    marker = (RUNNING if start is None else start) / MARKER
    if not marker.is_file():
        return None
    try:
        content = json.loads(marker.read_text(encoding="utf-8"))
        found, edition = content["format"], Edition(marker.parent, str(content["version"]), tuple(map(str, content["components"])))
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{marker} is damaged ({type(error).__name__}); write a new edition with minbert start and copy your files into it.") from None
    if found != FORMAT:
        raise UserError(f"{marker} has format {found}, expected {FORMAT}: it was written by another version of minbert ({edition.version}); use that one.")
    return edition


def edition_around(folder: Path) -> Edition | None:
    """The edition that `folder` lies in, itself or any folder above it; None when there is none."""
    return next((edition for above in (folder, *folder.parents) if (edition := find_edition(above))), None)


def edition_at_work() -> Edition | None:
    """The edition that a command is meant for: the one around the current folder, else the running one."""
    return edition_around(Path.cwd()) or find_edition()


def go_home(module: str, argv: Sequence[str]) -> None:
    """Run `python -m module argv` with the code of the edition around the current folder, in place of this process.

    Returns when there is no edition here, or when its code is the one that runs already.
    """
    edition = edition_around(Path.cwd())
    if edition is None or edition.root == RUNNING or os.environ.get(SENT_HOME) == str(edition.root):
        return
    sys.stdout.flush()
    words = [sys.executable, "-m", module, *argv]
    if os.name == "nt":  # there, exec starts a second process and the shell does not wait for it
        import subprocess

        raise SystemExit(subprocess.call(words, env=environment(edition)))
    os.execve(sys.executable, words, environment(edition))


def environment(edition: Edition) -> dict[str, str]:
    """The environment in which Python finds the edition's packages first."""
    paths = [str(edition.root), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)), SENT_HOME: str(edition.root)}
