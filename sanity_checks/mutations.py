"""Mutations: the small slips that a node of a syntax tree allows, each as the node that stands there instead.

    a + b -> a - b      x == y -> x != y      2 -> 3, 1, -2, 4      -1 -> 1, 0, -2      f(x) -> x      f(a, b) -> f(b, a)
    query -> key        self.query -> self.key       x.add_(y) -> x.add(y)        if c -> if not c         a statement -> nothing
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

OPERATORS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.MatMult: ast.Mult, ast.Pow: ast.Mult, ast.FloorDiv: ast.Mod, ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
COMPARISONS = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
MIRRORED = {ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE}
METHODS = {
    "sum": "mean", "mean": "sum", "add_": "sub_", "sub_": "add_", "mul_": "div_", "div_": "mul_", "amax": "amin", "all": "any", "any": "all", "exp": "log", "eq": "ne",
    "ne": "eq", "min": "max", "max": "min", "sqrt": "square", "zeros_like": "ones_like", "round": "int", "norm": "sum", "abs": "neg", "tanh": "sigmoid",
    "softmax": "log_softmax", "erf": "tanh", "addcmul_": "addcdiv_", "addcdiv_": "addcmul_", "squeeze": "unsqueeze", "double": "int", "zeros": "ones",
}  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """The names that stand near a body: its own variables and arguments, the attributes of its object, and imported modules."""

    names: tuple[str, ...]
    attributes: tuple[str, ...]
    modules: frozenset[str]


def slips(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    """Every node that could stand in the place of `node` by one slip; statements may also be lists of statements in a `Module`."""
    for kind, change in SLIPS.items():
        if isinstance(node, kind):
            yield from change(node, scope)


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.deepcopy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _operations(node: ast.BinOp, scope: Scope) -> Iterator[ast.AST]:
    if type(node.op) in OPERATORS:
        yield _with(node, op=OPERATORS[type(node.op)]())
    yield _with(node, left=node.right, right=node.left)
    yield node.left
    yield node.right


def _comparisons(node: ast.Compare, scope: Scope) -> Iterator[ast.AST]:
    for table in (COMPARISONS, MIRRORED):
        if type(node.ops[0]) in table:
            yield _with(node, ops=[table[type(node.ops[0])](), *node.ops[1:]])


def _constants(node: ast.Constant, scope: Scope) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, (int, float)):
        yield from (ast.Constant(value) for value in dict.fromkeys((node.value + 1, node.value - 1, -node.value, 2 * node.value)) if value != node.value)


def _negatives(node: ast.UnaryOp, scope: Scope) -> Iterator[ast.AST]:
    yield node.operand  # -1 -> 1, not c -> c, ~mask -> mask
    if isinstance(node.operand, ast.Constant) and isinstance(node.op, ast.USub):
        yield ast.Constant(0)


def _calls(node: ast.Call, scope: Scope) -> Iterator[ast.AST]:
    if node.args and not isinstance(node.args[0], (ast.Starred, ast.GeneratorExp)):
        yield node.args[0]
    if isinstance(node.func, ast.Attribute):
        owner = node.func.value
        if not (isinstance(owner, ast.Name) and (owner.id in scope.modules or owner.id == "self")):
            yield owner  # x.f(...) -> x
        if node.func.attr.endswith("_") and not node.func.attr.startswith("_"):
            yield _with(node, func=_with(node.func, attr=node.func.attr.rstrip("_")))
        if node.func.attr in METHODS:
            yield _with(node, func=_with(node.func, attr=METHODS[node.func.attr]))
    for place in range(len(node.args) - 1):
        yield _with(node, args=[*node.args[:place], node.args[place + 1], node.args[place], *node.args[place + 2 :]])
    for place in range(len(node.keywords)):
        yield _with(node, keywords=[*node.keywords[:place], *node.keywords[place + 1 :]])


def _names(node: ast.Name, scope: Scope) -> Iterator[ast.AST]:
    if isinstance(node.ctx, ast.Load) and node.id in scope.names:
        yield from (ast.Name(other, ast.Load()) for other in _neighbours(node.id, scope.names))


def _attributes(node: ast.Attribute, scope: Scope) -> Iterator[ast.AST]:
    if isinstance(node.value, ast.Name) and node.value.id == "self" and node.attr in scope.attributes:
        yield from (_with(node, attr=other) for other in _neighbours(node.attr, scope.attributes))


def _neighbours(name: str, names: Sequence[str]) -> Iterator[str]:
    # the names next to it: all others would be many, and those declared side by side are the likeliest to be mixed up
    place = names.index(name)
    yield from dict.fromkeys(names[other % len(names)] for other in (place - 1, place + 1, place + 2) if names[other % len(names)] != name)


def _choices(node: ast.If | ast.IfExp | ast.While, scope: Scope) -> Iterator[ast.AST]:
    yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))
    if isinstance(node, ast.IfExp):
        yield node.body
        yield node.orelse


def _both(node: ast.BoolOp, scope: Scope) -> Iterator[ast.AST]:
    yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    yield from node.values


def _filters(node: ast.comprehension, scope: Scope) -> Iterator[ast.AST]:
    if node.ifs:
        yield _with(node, ifs=[])


def _statements(node: ast.stmt, scope: Scope) -> Iterator[ast.AST]:
    if not isinstance(node, (ast.Pass, ast.FunctionDef, ast.ImportFrom, ast.Import)):
        yield ast.Pass()
    if isinstance(node, (ast.With, ast.If)):
        yield ast.Module(node.body, [])  # without the `with`, or whatever the condition


SLIPS: dict[type | tuple[type, ...], Callable[..., Iterator[ast.AST]]] = {
    ast.BinOp: _operations, ast.Compare: _comparisons, ast.Constant: _constants, ast.UnaryOp: _negatives, ast.Call: _calls, ast.Name: _names,
    ast.Attribute: _attributes, (ast.If, ast.IfExp, ast.While): _choices, ast.BoolOp: _both, ast.comprehension: _filters, ast.stmt: _statements,
}  # fmt: skip
