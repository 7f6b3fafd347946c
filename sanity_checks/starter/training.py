"""The training loops, read and not run: slips of losses and labels that show in the source alone.

A training loop of the starter is one long function that loads data and weights, so it cannot be called in pieces. What is looked for here is
written the same way by most people who write it; silence is no proof.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sanity_checks.bank import Mistake
from sanity_checks.finding import Finding
from sanity_checks.starter.course import Desk
from sanity_checks.starter.training_words import WORDS

FILES = ("classifier", "multitask_classifier")
LOSSES = {"cross_entropy", "nll_loss", "mse_loss", "l1_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits", "smooth_l1_loss", "huber_loss"}
WANT_SCORES = {"cross_entropy", "binary_cross_entropy_with_logits"}
NO_SLOPE = {"round", "argmax", "int", "long", "item", "detach"}


@dataclass(frozen=True)
class Slip:
    """mistake: its name in training_words.py; place: "classifier.py, line 31"."""

    mistake: str
    place: str


def check(name: str, desk: Desk) -> Finding:
    """What the source of the training loops says about losses and labels."""
    read = [file for file in FILES if file in desk.checkout.modules]
    if not read:
        return Finding(name, "not checked", "there is no training loop that can be read.")
    slips = [slip for file in read for slip in slips_of(f"{file}.py", desk.tree(file), _keeps_fractions(desk))]
    if not slips:
        return Finding(name, "correct", f"none of {len(WORDS)} known slips in the source of {' and '.join(f'{file}.py' for file in read)}", certainty="right")
    first: dict[str, list[str]] = {}
    for slip in slips:
        first.setdefault(slip.mistake, []).append(slip.place)
    return _told(name, [WORDS[mistake] for mistake in first], first)


def _told(name: str, named: Sequence[Mistake], places: dict[str, list[str]]) -> Finding:
    said = [f"{each.says} ({'; '.join(where[:3])})" for each, where in zip(named, places.values())]
    severity = "error" if any(each.severity == "error" for each in named) else "train"
    hints = tuple(" ".join(getattr(each, depth) for each in named) for depth in ("where", "equation", "line"))
    return Finding(name, "wrong", " And: ".join(said), severity, "named" if len(named) == 1 else "two", tuple(places), " ".join(each.look for each in named), hints)


def slips_of(file: str, tree: ast.AST, keeps_fractions: bool) -> Iterator[Slip]:
    """The slips in one file, in the order of FINDERS. keeps_fractions: what SentencePairDataset does with labels unless told."""
    nodes = tuple(ast.walk(tree))
    for mistake, finder in FINDERS.items():
        for node in nodes:
            if finder(node, tree) and not (mistake == "sts-labels-cut" and keeps_fractions):
                yield Slip(mistake, f"{file}, line {getattr(node, 'lineno', 0)}")


def _keeps_fractions(desk: Desk) -> bool:
    for node in ast.walk(desk.tree("datasets")):
        if isinstance(node, ast.FunctionDef) and node.name == "__init__":
            names = [each.arg for each in node.args.args][::-1]
            defaults = dict(zip(names, (getattr(each, "value", None) for each in node.args.defaults[::-1])))
            if defaults.get("isRegression"):
                return True
    return False


def _called(node: ast.AST) -> str:
    function = getattr(node, "func", None)
    return getattr(function, "attr", None) or getattr(function, "id", "") or ""


def _is_loss(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _called(node) in LOSSES


def _inside(node: ast.AST, calls: set[str]) -> bool:
    return any(_called(each) in calls for each in ast.walk(node) if isinstance(each, ast.Call))


def _labels_cut(node: ast.AST, tree: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and _called(node) == "SentencePairDataset" and node.args):
        return False
    said = [each.value for each in node.keywords if each.arg == "isRegression"] + node.args[2:3]
    data = ast.unparse(node.args[0]).lower()
    return "sts" in data and "train" in data and not any(getattr(each, "value", True) for each in said)


def _divided_mean(node: ast.AST, tree: ast.AST) -> bool:
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and _is_loss(node.left) and "batch_size" in ast.unparse(node.right)):
        return False
    said = [getattr(each.value, "value", "") for each in node.left.keywords if each.arg == "reduction"]  # type: ignore[attr-defined]
    return said in ([], ["mean"])


def _no_slope(node: ast.AST, tree: ast.AST) -> bool:
    return _is_loss(node) and bool(node.args) and _inside(node.args[0], NO_SLOPE)  # type: ignore[attr-defined]


def _normalised_before(node: ast.AST, tree: ast.AST) -> bool:
    return _is_loss(node) and _called(node) in WANT_SCORES and bool(node.args) and _inside(node.args[0], {"softmax", "sigmoid"})  # type: ignore[attr-defined]


def _classes_of_one(node: ast.AST, tree: ast.AST) -> bool:
    if not (_is_loss(node) and _called(node) == "cross_entropy" and node.args):  # type: ignore[attr-defined]
        return False
    given = {each.id for each in ast.walk(node.args[0]) if isinstance(each, ast.Name)}  # type: ignore[attr-defined]
    before = [each for each in ast.walk(tree) if isinstance(each, ast.Assign) and each.lineno < node.lineno and given & {ast.unparse(name) for name in each.targets}]  # type: ignore[attr-defined]
    last = max(before, key=lambda each: each.lineno, default=None)
    calls = {"predict_paraphrase", "predict_similarity"}
    return _inside(node.args[0], calls) or (last is not None and _inside(last.value, calls))  # type: ignore[attr-defined]


def _never_cleared(node: ast.AST, tree: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef) and _inside(node, {"backward"}) and _inside(node, {"step"}) and not _inside(node, {"zero_grad"})


FINDERS: dict[str, Callable[[ast.AST, ast.AST], bool]] = {
    "sts-labels-cut": _labels_cut, "rounded-before-loss": _no_slope, "normalised-before-loss": _normalised_before, "classes-of-one-score": _classes_of_one,
    "mean-and-divided": _divided_mean, "gradients-never-cleared": _never_cleared,
}  # fmt: skip
