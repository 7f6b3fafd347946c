"""Filling a student edition: on disk, body by body, and in memory, by exchanging the code of living functions."""

from __future__ import annotations

import importlib
import types
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

from sanity_checks.blanking import blanked, body_lines, file_of, replaced
from sanity_checks.bodies import BODIES, Body
from sanity_checks.order import has_probe
from sanity_checks.wrong import functions

ROOT = Path(__file__).parent.parent
EVERY_BODY = tuple(body for bodies in BODIES.values() for body in bodies)
PROBED = tuple(component for component in BODIES if has_probe(component))


def fill(edition: Path, bodies: Iterable[Body]) -> None:
    """Write the library's bodies into the files of an edition."""
    for body in bodies:
        path = edition / file_of(body.module)
        solution = body_lines((ROOT / file_of(body.module)).read_text(encoding="utf-8"), body.name)
        path.write_text(replaced(path.read_text(encoding="utf-8"), body.name, solution), encoding="utf-8")


@contextmanager
def stubbed(bodies: Iterable[Body]) -> Iterator[None]:
    """Inside, these bodies of the running library are the stubs of the edition."""
    with ExitStack() as undo:
        for body in bodies:
            function, code = living(body), stub_code(body)
            undo.callback(setattr, function, "__code__", function.__code__)
            function.__code__ = code
        yield


@cache
def living(body: Body) -> types.FunctionType:
    """The function of the running library, without its decorators."""
    return dict(functions(importlib.import_module(body.module), body.module))[body.name]


@cache
def stub_code(body: Body) -> types.CodeType:
    """What the edition has in the place of `body`."""
    path = ROOT / file_of(body.module)
    source = blanked(path.read_text(encoding="utf-8"), [body.name], file_of(body.module))
    code = compile(source, str(path), "exec")
    for name in body.name.split("."):
        code = next(each for each in code.co_consts if isinstance(each, types.CodeType) and each.co_name == name)
    return code
