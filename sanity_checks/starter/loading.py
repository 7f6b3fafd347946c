"""Import the files of a checkout, each for itself: one that cannot be read is reported with file and line, and the others go on."""

from __future__ import annotations

import importlib
import sys
import traceback
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from minbert.errors import plain
from sanity_checks.place import ALSO
from sanity_checks.starter.folder import FILES
from sanity_checks.starter.helpers import helper
from sanity_checks.starter.placeholders import NEVER_NEEDED, MissingPackages, is_placeholder
from sanity_checks.starter.tolerant import tolerant

Announce = Callable[[str], object]
HELPERS = ("config", "utils", "base_bert", "tokenizer", "datasets", "evaluation")  # handed out by the course; ours, or nothing, where absent


@dataclass(frozen=True)
class Checkout:
    """modules: name -> the imported file ("bert", "optimizer", ...); problems: name -> why a file cannot be imported, one sentence;
    absent: files of FILES that are not there; notes: helper files and packages that a placeholder stands for, one sentence each."""

    folder: Path
    modules: Mapping[str, types.ModuleType]
    problems: Mapping[str, str]
    absent: tuple[str, ...]
    notes: tuple[str, ...]


@contextmanager
def loaded(folder: Path, dead: Mapping[str, str] = MappingProxyType({}), announce: Announce = lambda name: None, done: Announce = lambda name: None) -> Iterator[Checkout]:
    """Inside, the files of `folder` are imported under their own names; afterwards every module is as it was.

    dead: file -> what happened when it ended the whole process the last time; it is not tried again. announce and done are told each name
    before and after it is imported.
    """
    folder, before = folder.resolve(), dict(sys.modules)
    names = [file.removesuffix(".py") for file in FILES]
    unneeded, missing = MissingPackages(folder, NEVER_NEEDED.__contains__), MissingPackages(folder)
    ALSO.append(folder)  # a line of the checkout is a place to look at
    for name in (*HELPERS, *names):
        sys.modules.pop(name, None)  # a package of the same name ("datasets") is not meant
    sys.meta_path[:] = [unneeded, *sys.meta_path, missing]  # type: ignore[list-item]
    try:
        with tolerant(folder):
            modules, problems, notes = _import_all(folder, names, dead, announce, done)
        packages = sorted(missing.found - {*HELPERS, *names})
        notes += [f"{', '.join(packages)} not on this machine: placeholders stand for what is imported from there."] if packages else []
        _forget(lambda name, module: is_placeholder(module) and name.partition(".")[0] not in (*HELPERS, *names))
        sys.path.append(str(folder))  # last: for imports inside functions
        absent = tuple(name for name in names if not (folder / f"{name}.py").exists())
        yield Checkout(folder, modules, problems, absent, tuple(notes))
    finally:
        ALSO.remove(folder)
        sys.meta_path[:] = [finder for finder in sys.meta_path if finder not in (unneeded, missing)]
        sys.path[:] = [place for place in sys.path if place != str(folder)]
        _forget(lambda name, module: name not in before and (is_placeholder(module) or _is_in(module, folder)))
        for name in (*HELPERS, *names):
            sys.modules.pop(name, None)
        sys.modules.update({name: before[name] for name in (*HELPERS, *names) if name in before})


def _forget(which: Callable[[str, types.ModuleType], bool]) -> None:
    for name in [name for name, module in list(sys.modules.items()) if module is not None and which(name, module)]:
        del sys.modules[name]


def _is_in(module: types.ModuleType, folder: Path) -> bool:
    file = getattr(module, "__file__", None)
    return file is not None and Path(file).is_relative_to(folder)


def _import_all(folder: Path, names: list[str], dead: Mapping[str, str], announce: Announce, done: Announce) -> tuple[dict[str, types.ModuleType], dict[str, str], list[str]]:
    """The modules that could be imported, why others could not, and what else to note; ours stand in for what is broken or absent."""
    modules: dict[str, types.ModuleType] = {}
    problems: dict[str, str] = {}
    for name in (*HELPERS, *names):
        if (folder / f"{name}.py").exists():
            announce(name)
            try:
                if name in dead:
                    problems[name] = dead[name]
                else:
                    modules[name] = importlib.import_module(name)
            except (Exception, SystemExit) as error:  # noqa: BLE001 (whatever it raises, the other files are still worth checking)
                problems[name] = cannot_import(folder, name, error)
            done(name)
        if name not in modules:
            sys.modules[name] = helper(name)
    notes = [f"{problem} A placeholder stands for it." for name, problem in problems.items() if name in HELPERS]
    return {name: modules[name] for name in names if name in modules}, {name: problems[name] for name in names if name in problems}, notes


def cannot_import(folder: Path, name: str, error: BaseException) -> str:
    """Why importing NAME.py of `folder` failed with `error`: one sentence with file and line."""
    if isinstance(error, SyntaxError):
        file, line, text = Path(error.filename or f"{name}.py").name, error.lineno or 0, (error.text or "").strip()
        if text.startswith(("<<<<<<<", "=======", ">>>>>>>")):
            return f"{file}, line {line} is a marker that git left from a merge: choose one of the two versions and delete the markers."
        kind = "the indentation" if isinstance(error, IndentationError) else "the syntax"
        return f"{file}, line {line} cannot be read, {kind} is broken ({plain(str(error.msg))})" + (f": {plain(text, 80)}" if text else ".")
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).parent == folder]
    file, line, text = (Path(frames[-1].filename).name, frames[-1].lineno or 0, frames[-1].line or "") if frames else (f"{name}.py", 0, "")
    place = f"{file}, line {line}" if line else file
    if isinstance(error, ImportError) and text.split()[:1] in (["import"], ["from"]):
        return f"{place} cannot import what it asks for, {plain(text, 80)} ({_about_import(text, error)})"
    return f"{place} stops with {type(error).__name__} while it is imported ({plain(str(error), 120) or 'no message'}): {plain(text, 80)}"


def _about_import(text: str, error: ImportError) -> str:
    top = text.replace(",", " ").split()[1].partition(".")[0]
    if top in sys.stdlib_module_names:
        return f"a part of Python that BERT does not need; editors add such lines by themselves: delete it, unless you use it: {plain(str(error), 120)}"
    return plain(str(error), 160)
