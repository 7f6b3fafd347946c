"""Rescue: while a student's file cannot be imported, its skeleton stands in for it, so that the checks of all other files go on.

    with rescued() as broken:
        import minbert.bert                # minbert/attention.py has a syntax error
    broken["minbert.attention"]            # "minbert/attention.py, line 12: SyntaxError: invalid syntax"

Works by an import hook, for the modules with bodies to write. In the library, which has no skeletons, nothing happens.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from sanity_checks.blanking import file_of
from sanity_checks.edition import Edition, find_edition


@contextmanager
def rescued(edition: Edition | None = None) -> Iterator[dict[str, str]]:
    """Inside, imports of broken files give their skeletons; yields module -> one sentence on why, filled as they are imported.

    edition: default the running one. Modules that are imported already are left alone.
    """
    broken: dict[str, str] = {}
    home = edition or find_edition()
    if home is None:
        yield broken
        return
    finder = Finder(home, broken)
    sys.meta_path.insert(0, finder)
    try:
        yield broken
    finally:
        sys.meta_path.remove(finder)


@dataclass(frozen=True)
class Finder:
    """Offers a careful loader for every module that has a skeleton; the interface is that of importlib's finders."""

    edition: Edition
    broken: dict[str, str]

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """A spec for `name`, or None for modules that are none of ours."""
        skeleton, file = self.edition.skeleton(name), self.edition.root / file_of(name)
        if not skeleton.is_file():
            return None
        return importlib.util.spec_from_file_location(name, file, loader=Loader(file, skeleton, self.broken))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Loader:
    """Runs the student's file; if that fails, forgets what it did and runs the skeleton."""

    file: Path
    skeleton: Path
    broken: dict[str, str]

    def create_module(self, spec: ModuleSpec) -> None:
        """An ordinary module, which the import system makes itself when it is given None."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Fill `module`."""
        clean = dict(vars(module))
        try:
            exec(compile(self.file.read_bytes(), str(self.file), "exec"), vars(module))  # noqa: S102 (this is what importing means)
            missing = sorted(defined(self.skeleton) - vars(module).keys())
            if not missing:
                return
            self.broken[module.__name__] = f"{self.name(module)} no longer defines {', '.join(missing)}, which other files need"
        except (Exception, SystemExit) as error:  # noqa: BLE001 (whatever the file raises while it is imported)
            self.broken[module.__name__] = f"{self.place(module, error)}: {type(error).__name__}: {said(error)}"
        vars(module).clear()
        vars(module).update(clean)
        exec(compile(self.skeleton.read_bytes(), str(self.skeleton), "exec"), vars(module))  # noqa: S102

    def name(self, module: ModuleType) -> str:
        """The file as the student calls it: "minbert/attention.py"."""
        return file_of(module.__name__)

    def place(self, module: ModuleType, error: BaseException) -> str:
        """File and line where `error` arose, as far as that is in the student's file."""
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename) == self.file]
        if isinstance(error, SyntaxError) and error.filename == str(self.file):
            lines = [error.lineno]
        return self.name(module) + (f", line {lines[-1]}" if lines and lines[-1] else "")


def said(error: BaseException) -> str:
    """The words of an exception on one line, without the place that a SyntaxError repeats."""
    words = (error.msg if isinstance(error, SyntaxError) else str(error)) or "no message"
    return " ".join(words.split())


def defined(skeleton: Path) -> set[str]:
    """The public names that a file defines at its top level: what other files may import from it."""
    tree, names = ast.parse(skeleton.read_text(encoding="utf-8")), set()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            names |= {each.id for target in getattr(node, "targets", [getattr(node, "target", None)]) for each in ast.walk(target) if isinstance(each, ast.Name)}
    return {name for name in names if not name.startswith("_")}
