"""Wrong versions, as changes to this library's own source, and right rewrites that must pass. They hold solutions, so editions leave them out.

    WRONG   mistake (a name of the bank) -> changes        RIGHT   words for the variant -> changes

A mistake named "mask-missing~forward" is mask-missing made in another place: told apart where the layout allows it, and one where it does not.
"""

from __future__ import annotations

import importlib
import inspect
import sys
import textwrap
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock


@dataclass(frozen=True)
class Edit:
    """In the source of `module`, `old` becomes `new`; with `body`, the named function's whole body becomes `new` instead."""

    module: str
    old: str
    new: str
    body: str = ""


@dataclass(frozen=True)
class Swap:
    """The subject of `component` becomes change(subject): for what only another layout of the code can do, a course starter's above all."""

    component: str
    change: Callable[[Any], Any]


Change = Edit | Swap


def tables(component: str) -> tuple[Mapping[str, tuple[Change, ...]], Mapping[str, tuple[Change, ...]]]:
    """WRONG and RIGHT of one component."""
    module = importlib.import_module(f"sanity_checks.wrong.{component}")
    return module.WRONG, module.RIGHT


@contextmanager
def rewritten(changes: tuple[Change, ...]) -> Iterator[None]:
    """Inside, the living functions run the changed code, whoever imported them. ValueError when a change no longer fits the source."""
    edits = [change for change in changes if isinstance(change, Edit)]
    with ExitStack() as patches:
        for swap in (change for change in changes if isinstance(change, Swap)):
            subjects = importlib.import_module(f"sanity_checks.subjects.{swap.component}")
            changed = lambda swap=swap, library=subjects.library: swap.change(library())  # two swaps then change the subject one after the other
            patches.enter_context(mock.patch.object(subjects, "library", changed))
        for name in dict.fromkeys(edit.module for edit in edits):
            module = importlib.import_module(name)
            source = Path(module.__file__).read_text(encoding="utf-8")  # type: ignore[arg-type]
            for edit in edits:
                source = change(source, edit) if edit.module == name else source
            _swap(patches, module, source)
        yield


def change(source: str, edit: Edit) -> str:
    """The changed source; ValueError when there is nothing to change."""
    if edit.body:
        return _with_body(source, edit)
    if edit.old not in source:
        raise ValueError(f"stale: {edit.old!r} does not stand in {edit.module}")
    return source.replace(edit.old, edit.new)


def _with_body(source: str, edit: Edit) -> str:
    import ast

    found: list[ast.AST] = [ast.parse(source)]
    for part in edit.body.split("."):
        found = [node for parent in found for node in parent.body if getattr(node, "name", "") == part]  # type: ignore[attr-defined]
    if not found:
        raise ValueError(f"stale: there is no {edit.body} in {edit.module}")
    statements = found[0].body  # type: ignore[attr-defined]
    is_docstring = isinstance(statements[0], ast.Expr) and isinstance(statements[0].value, ast.Constant)
    first = statements[1 if is_docstring and len(statements) > 1 else 0]
    lines = source.splitlines()
    new = textwrap.indent(textwrap.dedent(edit.new).strip("\n"), " " * first.col_offset).splitlines()
    return "\n".join([*lines[: first.lineno - 1], *new, *lines[statements[-1].end_lineno :]]) + "\n"


def _swap(patches: ExitStack, module: types.ModuleType, source: str) -> None:
    changed = types.ModuleType(module.__name__)
    changed.__package__, changed.__file__ = module.__package__, module.__file__
    with mock.patch.dict(sys.modules, {module.__name__: changed}):  # dataclasses look their module up while they are made
        exec(compile(source, str(module.__file__), "exec"), vars(changed))  # noqa: S102 (our own source, changed)
    living, swapped = dict(functions(module, module.__name__)), 0
    for path, function in functions(changed, module.__name__):
        if path in living and (living[path].__code__ != function.__code__ or repr(living[path].__defaults__) != repr(function.__defaults__)):
            if function.__code__.co_freevars != living[path].__code__.co_freevars:
                raise ValueError(f"{path} closes over other names than before, so it cannot be exchanged: change another function")
            for part in ("__code__", "__defaults__"):
                patches.callback(setattr, living[path], part, getattr(living[path], part))
                setattr(living[path], part, getattr(function, part))
            swapped += 1
    if not swapped:
        raise ValueError(f"the change reached no function of {module.__name__}")


def functions(owner: object, module: str, prefix: str = "") -> Iterator[tuple[str, types.FunctionType]]:
    """Every function and method defined in `module`, with its dotted name; decorators are looked through."""
    for name, value in list(vars(owner).items()):
        inner = value.__func__ if isinstance(value, (classmethod, staticmethod)) else value.fget if isinstance(value, property) else value
        plain = inspect.unwrap(inner) if callable(inner) else None
        if isinstance(plain, types.FunctionType) and plain.__module__ == module:
            yield prefix + name, plain
        elif isinstance(value, type) and value.__module__ == module:
            yield from functions(value, module, f"{prefix}{name}.")
