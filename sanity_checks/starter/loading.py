"""Import the files of a checkout, each for itself: one that cannot be read is reported with file and line, and the others go on."""

from __future__ import annotations

import importlib
import sys
import traceback
import types
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from minbert.errors import plain
from sanity_checks.place import ALSO
from sanity_checks.starter.folder import FILES
from sanity_checks.starter.helpers import helper
from sanity_checks.starter.placeholders import NEVER_NEEDED, MissingPackages, is_placeholder, placeholder
from sanity_checks.starter.tolerant import tolerant

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
def loaded(folder: Path) -> Iterator[Checkout]:
    """Inside, the files of `folder` are imported under their own names; afterwards every module is as it was."""
    names = [file.removesuffix(".py") for file in FILES]
    folder, missing, before = folder.resolve(), MissingPackages(), dict(sys.modules)
    ALSO.append(folder)  # a line of the checkout is a place to look at
    own = {*HELPERS, *names, *NEVER_NEEDED}
    for name in own:
        sys.modules.pop(name, None)  # a package of the same name ("datasets") is not meant
    sys.modules.update({name: placeholder(name) for name in NEVER_NEEDED})
    sys.meta_path.append(missing)  # type: ignore[arg-type]
    try:
        with tolerant(folder):
            notes = [note for name in HELPERS if (note := _import_helper(folder, name))]
            modules, problems = _import_each(folder, names)
        packages = sorted(missing.found - own)
        notes += [f"{', '.join(packages)} not on this machine: placeholders stand for what is imported from there."] if packages else []
        absent = tuple(name for name in names if not (folder / f"{name}.py").exists())
        sys.path.append(str(folder))  # last: for imports inside functions
        yield Checkout(folder, modules, problems, absent, tuple(notes))
    finally:
        ALSO.remove(folder)
        sys.meta_path.remove(missing)  # type: ignore[arg-type]
        sys.path[:] = [place for place in sys.path if place != str(folder)]
        for name, module in list(sys.modules.items()):
            if name not in before and (is_placeholder(module) or _is_in(module, folder)):
                del sys.modules[name]
        sys.modules.update({name: before[name] for name in own & before.keys()})
        for name in own - before.keys():
            sys.modules.pop(name, None)


def _is_in(module: types.ModuleType, folder: Path) -> bool:
    file = getattr(module, "__file__", None)
    return file is not None and Path(file).is_relative_to(folder)


def _import_helper(folder: Path, name: str) -> str:
    """Import a helper file, or put ours in its place; the sentence to note, or ""."""
    note = ""
    if (folder / f"{name}.py").exists():
        try:
            importlib.import_module(name)
            return ""
        except (Exception, SystemExit) as error:  # noqa: BLE001 (whatever it raises, the student's own files are still worth checking)
            note = f"{cannot_import(folder, name, error)} A placeholder stands for it."
    sys.modules[name] = helper(name)
    return note


def _import_each(folder: Path, names: list[str]) -> tuple[dict[str, types.ModuleType], dict[str, str]]:
    modules, problems = {}, {}
    for name in names:
        if not (folder / f"{name}.py").exists():
            sys.modules[name] = helper(name)
            continue
        try:
            modules[name] = importlib.import_module(name)
        except (Exception, SystemExit) as error:  # noqa: BLE001 (as above: the other files go on)
            problems[name] = cannot_import(folder, name, error)
        if name in problems:
            sys.modules[name] = helper(name)  # so that a file that imports it can be read all the same
    return modules, problems


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
