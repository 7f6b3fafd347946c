"""`minbert solution COMPONENT`: in a student edition, the library's way to write a component that the student has got right."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from importlib.machinery import PathFinder
from pathlib import Path

from minbert.errors import UserError
from sanity_checks.blanking import body_lines, file_of, find
from sanity_checks.bodies import BODIES, Body
from sanity_checks.edition import MARKER, RUNNING, Edition, edition_at_work
from sanity_checks.refreshing import expect_component
from sanity_checks.standing import RIGHT, standing
from tasks.commands.options import make_parser, parse

EPILOG = "Solutions come from the library that is installed on this machine; an edition holds none."


def main(argv: Sequence[str]) -> int:
    """Run `minbert solution`; 0, or UserError."""
    parser = make_parser("solution", "COMPONENT", "Show how the library writes a component, once yours passes its check.", EPILOG)
    parser.add_argument("component", metavar="COMPONENT", help=", ".join(BODIES))
    component = parse(parser, argv).component.replace("-", "_")
    expect_component(component)
    edition = edition_at_work()
    if edition is None:
        files = ", ".join(dict.fromkeys(file_of(body.module) for body in BODIES[component]))
        raise UserError(f"there is no student edition here, so nothing is hidden: {component} is in {files} of the library.")
    library = library_beside(edition)
    outcome = standing(edition, [component])[component]
    if outcome != RIGHT:
        raise UserError(f"{component} is {'' if outcome == 'not started' else 'not right yet: '}{outcome}; its solution is shown once python -m minbert.sanity {component} says {RIGHT}.")
    print("\n\n".join(solution(library, body) for body in BODIES[component]))
    return 0


def library_beside(edition: Edition) -> Path:
    """The folder of a library that Python would find if the edition were not there. UserError when there is none."""
    for folder in (RUNNING, *installed()):
        if folder != edition.root and not (folder / MARKER).exists() and (folder / "sanity_checks" / "bodies.py").exists():
            return folder
    raise UserError(f"only the student edition {edition.root} is on this machine, which holds no solutions: install the minbert library beside it, "
                    "or read its source where it is published.")


def installed() -> Iterator[Path]:
    """Every folder that Python knows packages called minbert in: those of its path, and those that `pip install -e` told it of in other ways."""
    specs = [PathFinder.find_spec("minbert", [entry or "."]) for entry in sys.path]
    specs += [finder.find_spec("minbert", None) for finder in sys.meta_path if hasattr(finder, "find_spec")]
    yield from (Path(spec.origin).resolve().parent.parent for spec in specs if spec and spec.origin)


def solution(library: Path, body: Body) -> str:
    """One body as the library has it: where it stands, its signature, and its lines without the docstring."""
    source = (library / file_of(body.module)).read_text(encoding="utf-8")
    function = find(ast.parse(source), body.name)
    if function is None:
        raise UserError(f"the library in {library} has no {body.name}; it is another version than this edition.")
    signature = source.splitlines()[function.lineno - 1 : function.body[0].lineno - 1]
    lines = body_lines(source, body.name)
    return "\n".join([f"# {file_of(body.module)}, line {function.lineno}", *signature, *lines])
