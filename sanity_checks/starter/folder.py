"""Which folder is a course starter checkout: the one named, or the only one inside it that has a bert.py."""

from __future__ import annotations

import zipfile
from pathlib import Path

from minbert.errors import UserError, plain

FILES = ("bert.py", "optimizer.py", "classifier.py", "multitask_classifier.py")  # what students write, in the order in which it is checked
DEPTH = 3  # how far down a checkout is looked for: unpacked archives nest it once or twice


def find_checkout(path: Path) -> Path:
    """The folder with the student's files: `path`, or one nested in it.

    Raises `UserError` when there is none, or more than one, or when `path` is no folder.
    """
    if not path.exists():
        raise UserError(f"there is no folder {plain(str(path))}: give the folder that holds your bert.py.")
    if not path.is_dir():
        raise UserError(_no_folder(path))
    if any((path / name).is_file() for name in FILES):
        return path
    nested = sorted({file.parent for name in FILES[:2] for file in _below(path, name)})
    if len(nested) == 1:
        return nested[0]
    if nested:
        found = ", ".join(plain(each.relative_to(path).as_posix()) for each in nested[:4])
        raise UserError(f"{plain(str(path))} holds {len(nested)} checkouts ({found}): name one of them.")
    raise UserError(_nothing_here(path))


def _below(path: Path, name: str) -> list[Path]:
    patterns = ("/".join(["*"] * depth + [name]) for depth in range(1, DEPTH + 1))
    hidden = lambda file: any(part.startswith((".", "__")) for part in file.relative_to(path).parts)  # .git, .ipynb_checkpoints, __MACOSX
    return [file for pattern in patterns for file in path.glob(pattern) if not hidden(file)]


def _no_folder(path: Path) -> str:
    if zipfile.is_zipfile(path) or path.suffix in (".zip", ".gz", ".tar", ".tgz"):
        return f"{plain(str(path))} is an archive: unpack it first, then give the folder that holds bert.py."
    return f"{plain(str(path))} is a file, expected a folder: give the folder that holds it, {plain(str(path.parent))}."


def _nothing_here(path: Path) -> str:
    archives = sorted(file.name for file in path.iterdir() if file.suffix == ".zip")
    if archives:
        return f"{plain(str(path))} has no bert.py but an archive, {plain(archives[0])}: unpack it first."
    there = sorted(file.name for file in path.glob("*.py"))[:5]
    seen = f"it has {', '.join(map(plain, there))}" if there else "it has no Python files"
    return f"{plain(str(path))} has no bert.py and no optimizer.py ({seen}): give the folder of your own course checkout."
