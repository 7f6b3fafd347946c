"""Write a student edition: all of it or nothing, and never over something that is there."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from minbert.errors import UserError
from sanity_checks.edition import MARKER, RUNNING, edition_around
from sanity_checks.edition_contents import contents


def write_edition(target: Path, library: Path = RUNNING) -> int:
    """Write the edition of `library` to `target`, a folder that is new or empty; returns the number of files.

    Raises UserError when `library` is itself an edition, when `target` is taken or lies in an edition or in the library, or cannot be written.
    """
    if (library / MARKER).exists():
        raise UserError(f"{library} is itself a student edition, which holds no bodies to blank: run minbert start with the installed library.")
    target = target.absolute()
    expect_free(target, library)
    files = contents(library)
    beside = target.parent / f".starting-{os.getpid()}-{target.name}"
    try:
        for name, content in files.items():
            path = beside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if target.is_dir():
            target.rmdir()  # empty, as was found above; should it have filled up since, this fails and so nothing is lost
        os.rename(beside, target)  # one move: an edition is complete or it is not there
    except OSError as error:
        raise UserError(f"cannot write {target}: {error.strerror or error}; choose a folder that can be written.") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return len(files)


def expect_free(target: Path, library: Path) -> None:
    """Raise UserError unless `target` is a new name or an empty folder outside of every edition and of the library's packages."""
    if target.exists() and not target.is_dir():
        raise UserError(f"{target} is a file, expected the name of a new folder.")
    if target.is_dir() and any(target.iterdir()):
        tip = " To blank one component of this edition again: minbert start --component NAME." if (target / MARKER).exists() else ""
        raise UserError(f"{target} holds files already, expected a new or an empty folder; nothing was written.{tip}")
    inside = edition_around(target.parent)
    if inside:
        raise UserError(f"{target} lies in the student edition {inside.root}, expected a folder outside of it.")
    if target.is_relative_to(library):
        raise UserError(f"{target} lies in the library {library}, expected a folder outside of it, such as ~/minbert-student.")
