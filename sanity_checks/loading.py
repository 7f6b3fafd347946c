"""Load every file of the exercises once, before anything is checked, so that one that cannot be read is told as that and the rest goes on."""

from __future__ import annotations

import importlib
import importlib.util
import linecache
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.machinery import ModuleSpec

from sanity_checks.blanking import file_of
from sanity_checks.bodies import BODIES
from sanity_checks.crashes import crash_sentence, meaning
from sanity_checks.edition import find_edition
from sanity_checks.look import raised
from sanity_checks.place import PROJECT, place_of
from sanity_checks.rescue import rescued


@dataclass(frozen=True)
class Trouble:
    """Why a module cannot be loaded: says, look as in a verdict; because: the module that is at fault, where it is another one."""

    says: str
    look: str = ""
    because: str = ""


def modules() -> tuple[str, ...]:
    """Every module that holds an exercise."""
    return tuple(dict.fromkeys(body.module for bodies in BODIES.values() for body in bodies))


def load(names: Iterable[str], dead: Mapping[str, str], announce: Callable[[str], object], done: Callable[[str], object]) -> dict[str, Trouble]:
    """Import the modules one by one; module -> what is wrong with it, for those that cannot be.

    In an edition a skeleton then stands in for the broken file. dead: module -> what happened when it ended the whole process the last time;
    it is not tried again. announce is told each name before it is tried, done after.
    """
    troubles = {name: Trouble(says, "It happens while the file is loaded: what stands outside of its functions?") for name, says in dead.items()}
    # Python's own cache goes by whole seconds: a file saved twice in one would be run as it was before.
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    with rescued() as broken:
        sys.meta_path.insert(0, Buried(frozenset(dead)))  # type: ignore[arg-type]  # (before the rescue, which would try the file)
        for name in names:
            announce(name)
            try:
                importlib.import_module(name)
            except BaseException as error:  # noqa: BLE001 (a file under work may raise anything at all)
                troubles.setdefault(name, _trouble(name, error, troubles))
                sys.modules[name] = None  # type: ignore[assignment]  # (Python's own way to say: importing it fails)
            done(name)
    sys.dont_write_bytecode = writes
    return troubles | {name: Trouble(f"The file cannot be loaded: {why}.", meaning(f"raised {why} {_line(why)}")) for name, why in broken.items()}


def _line(why: str) -> str:
    # the text of the line tells a forgotten merge from a forgotten bracket
    place = re.match(r"(\S+), line (\d+)", why)
    return _merge_mark(linecache.getline(str(PROJECT / place[1]), int(place[2]))) if place else ""


def _merge_mark(line: str) -> str:
    # any other line holds words of its own, "expand(" for one, that stand for something else in a message
    return line.strip() if re.match(r"\s*(<{4}|={4}|>{4})", line) else ""


@dataclass(frozen=True)
class Buried:
    """An import hook for files that hang or kill the process: in an edition the skeleton instead, in the library an ImportError."""

    names: frozenset[str]

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """A spec for a buried module, or None for all others."""
        if name not in self.names:
            return None
        edition = find_edition()
        if edition is None:
            raise ModuleNotFoundError(f"{file_of(name)} is not tried again", name=name)
        return importlib.util.spec_from_file_location(name, edition.skeleton(name))


def _trouble(name: str, error: BaseException, troubles: Mapping[str, Trouble]) -> Trouble:
    cause = waits_for(error, troubles)
    if cause:
        cause = troubles[cause].because or cause
        return Trouble(f"It needs {file_of(cause)}, which cannot be loaded.", because=cause)
    said, place = raised(error), place_of(error)
    if isinstance(error, SyntaxError):
        told = f"Python cannot read {place or file_of(name)}: {type(error).__name__}, {error.msg}."
        return Trouble(told, meaning(f"raised {type(error).__name__}: {error.msg} {_merge_mark(error.text or '')}"))
    return Trouble(f"{file_of(name)} cannot be loaded. {crash_sentence(said, place)}", meaning(said))


def waits_for(error: BaseException, troubles: Mapping[str, Trouble]) -> str:
    """The module in trouble that an ImportError is about; "" when it is about anything else."""
    return error.name or "" if isinstance(error, ImportError) and error.name in troubles else ""
