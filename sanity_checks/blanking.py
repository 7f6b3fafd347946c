"""Blanking: cut bodies out of a source file by its syntax tree, and leave every other byte as it is.

    def gelu(x):                           def gelu(x):
        (docstring)            ->          (docstring)
        the body                               raise NotImplementedError("not started: gelu in minbert/feed_forward.py")

Signature, decorators and docstring stay, so that what is asked is still said; comments among the statements go, because they explain an answer.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

NOT_STARTED = "not started: "
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Place:
    """Where a body stands: lines `first` to `last` of the file, counted from 0, `last` not included; indent: the column of its statements."""

    first: int
    last: int
    indent: int


def file_of(module: str) -> str:
    """The file of a module, below the root: "minbert.attention" -> "minbert/attention.py"."""
    return module.replace(".", "/") + ".py"


def stub(name: str, file: str) -> str:
    """The one statement that stands for a body not written yet; name: "MultiHeadAttention.forward", file: "minbert/attention.py"."""
    return f'raise NotImplementedError("{NOT_STARTED}{name} in {file}")'


def find(tree: ast.Module, name: str) -> Function | None:
    """The function or method of that dotted name; None when there is none. Of several of one name the last counts, as it does for Python."""
    found: list[ast.AST] = [tree]
    for part in name.split("."):
        found = [node for parent in found for node in getattr(parent, "body", []) if getattr(node, "name", "") == part]
    functions = [node for node in found if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return functions[-1] if functions else None


def place_of(source: str, name: str) -> Place:
    """Where the body of `name` stands, its comments included. ValueError when there is no such function, or when it is all on one line."""
    function = find(ast.parse(source), name)
    if function is None:
        raise ValueError(f"there is no function {name}")
    lines, statements = source.splitlines(), _statements(function)
    # without statements, a docstring is all there is, and the body starts below it
    start, last = (statements[0], statements[-1].end_lineno) if statements else (None, function.body[-1].end_lineno)
    before = function.body[0].end_lineno if function.body[0] not in statements else None
    first = before if before is not None else _up(lines, start.lineno - 1)
    indent = function.body[0].col_offset
    if indent <= function.col_offset or first <= function.lineno - 1 or (start is not None and lines[start.lineno - 1][:indent].strip()):
        raise ValueError(f"the body of {name} shares a line with its signature")
    return Place(first, _down(lines, last, indent), indent)


def _statements(function: Function) -> list[ast.stmt]:
    return function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body


def _up(lines: list[str], first: int) -> int:
    # comments above the first statement belong to the body; the signature ends in a line that is neither blank nor a comment
    while not lines[first - 1].strip() or lines[first - 1].lstrip().startswith("#"):
        first -= 1
    return first


def _down(lines: list[str], last: int, indent: int) -> int:
    # and so do comments below the last one, as far as they are indented like it
    end = last
    for number in range(last, len(lines)):
        if lines[number].strip() and not (lines[number].startswith(" " * indent) and lines[number].lstrip().startswith("#")):
            break
        end = number + 1 if lines[number].strip() else end
    return end


def replaced(source: str, name: str, body: Iterable[str]) -> str:
    """`source` with other lines for the body of `name`; each is given as it stands in the file, without its end."""
    place, lines = place_of(source, name), source.splitlines(keepends=True)
    end = "\r\n" if lines[0].endswith("\r\n") else "\n"
    return "".join([*lines[: place.first], *(line + end for line in body), *lines[place.last :]])


def body_lines(source: str, name: str) -> list[str]:
    """The lines of the body of `name` as they stand in the file, without the docstring."""
    place = place_of(source, name)
    return source.splitlines()[place.first : place.last]


def blanked(source: str, names: Iterable[str], file: str) -> str:
    """`source` with a stub for each of the bodies `names`."""
    for name in names:
        source = replaced(source, name, [" " * place_of(source, name).indent + stub(name, file)])
    return source


def is_stub(source: str, name: str) -> bool:
    """Whether the body of `name` still holds the stub, alone or below what was begun above it."""
    function = find(ast.parse(source), name)
    return any(isinstance(each, ast.Raise) and NOT_STARTED in ast.unparse(each) for each in (function.body if function else []))
