"""Mutants: a component's own source with one small slip in one body, the mistakes that nobody wrote down.

Every single slip is listed, in an order that a seed decides, so that any number of them is a random sample and each can be repeated. Checks of
the arguments (`if ...: raise ...`) and the words of errors and warnings are left as they are: they are not what the component computes.
"""

from __future__ import annotations

import ast
import copy
import difflib
import functools
import importlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sanity_checks.bodies import DIAGNOSED, Body
from sanity_checks.mutations import Scope, slips
from sanity_checks.wrong import Change, Edit, change

SEED = 20180524


@dataclass(frozen=True)
class Mutant:
    """difference: "body: line that stood there => line that stands there now"; edit: the change, as `rewritten` takes it."""

    difference: str
    edit: Edit


@functools.cache
def mutants(component: str) -> tuple[Mutant, ...]:
    """All mutants of a component's bodies, shuffled by a fixed seed; the first N are a random sample."""
    found = [mutant for body in DIAGNOSED[component] for mutant in _of(body, _source(body.module))]
    random.Random(SEED).shuffle(found)
    return tuple(found)


def slipped(component: str, changes: tuple[Change, ...], seed: int) -> tuple[Change, ...]:
    """The changes and one random slip more, made in the code as they leave it; ValueError when there is nothing to slip in."""
    chance = random.Random(seed)
    body = chance.choice(DIAGNOSED[component])
    source = functools.reduce(change, (each for each in changes if isinstance(each, Edit) and each.module == body.module), _source(body.module))
    found = list(_of(body, source))
    if not found:
        raise ValueError(f"{body} has nothing that could be otherwise")
    return (*changes, chance.choice(found).edit)


def _source(module: str) -> str:
    return Path(importlib.import_module(module).__file__).read_text(encoding="utf-8")  # type: ignore[arg-type]


def _of(body: Body, source: str) -> Iterator[Mutant]:
    tree = ast.parse(source)
    function, owner = _find(tree, body.name)
    statements = function.body[1:] if ast.get_docstring(function) else function.body
    own = ast.Module(statements, [])
    before, known = ast.unparse(own), set()
    scope = _scope(tree, function, owner)
    fixed = {id(inner) for node in ast.walk(own) if _is_guard(node) for inner in ast.walk(node)}
    for place, node in enumerate(ast.walk(own)):
        for slip in slips(node, scope) if id(node) not in fixed and node is not own else ():
            after = _replaced(own, place, slip)
            # "--2" is the 2 that stands among the slips already
            if after not in known and after != before and "--" not in after and _compiles(after):
                known.add(after)
                yield Mutant(f"{body.name}: {_difference(before, after)}", Edit(body.module, "", after, body=body.name))


def _find(tree: ast.Module, name: str) -> tuple[ast.FunctionDef, ast.ClassDef | None]:
    """The function called "function" or "Class.method", and its class."""
    owner, _, function = name.rpartition(".")
    parent = next((node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == owner), None)
    return next(node for node in (parent or tree).body if isinstance(node, ast.FunctionDef) and node.name == function), parent


def _scope(tree: ast.Module, function: ast.FunctionDef, owner: ast.ClassDef | None) -> Scope:
    arguments = [each.arg for each in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs) if each.arg != "self"]
    assigned = [node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    set_on_self = [node.attr for node in ast.walk(owner) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)] if owner else []
    imported = [(alias.asname or alias.name).partition(".")[0] for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom)) for alias in node.names]
    return Scope(tuple(dict.fromkeys(arguments + assigned)), tuple(dict.fromkeys(set_on_self)), frozenset(imported))


def _is_guard(node: ast.AST) -> bool:
    aside = isinstance(node, ast.Expr) and ast.unparse(node).startswith(("warnings.warn", "_expect"))
    words = isinstance(node, ast.ExceptHandler) and isinstance(node.body[-1], ast.Raise)  # an error is caught to be said in better words
    return aside or words or isinstance(node, ast.Raise) or isinstance(node, ast.If) and all(isinstance(each, ast.Raise) for each in node.body)


def _replaced(own: ast.Module, place: int, slip: ast.AST) -> str:
    changed = copy.deepcopy(own)
    target = list(ast.walk(changed))[place]
    new = copy.deepcopy(slip)
    for parent in ast.walk(changed):
        for field, value in ast.iter_fields(parent):
            if value is target:
                setattr(parent, field, new)
            elif isinstance(value, list) and any(each is target for each in value):
                many = new.body if isinstance(new, ast.Module) else [new]
                setattr(parent, field, [kept for each in value for kept in (many if each is target else [each])])
    return ast.unparse(ast.fix_missing_locations(changed))


def _compiles(body: str) -> bool:
    try:
        compile("def f():\n" + "\n".join(f"    {line}" for line in body.splitlines()), "mutant", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def _difference(before: str, after: str) -> str:
    lines = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[:2] in ("- ", "+ ")]
    old, new = (" ".join(line[2:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return f"{old} => {new or 'nothing'}"
