"""`--exit [TASK:]RULE=NUMBER`, as often as one likes: by which rule the examples of which task leave early."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from minbert.errors import UserError
from tasks.commands.run_options import task_of
from tasks.recipe_words import written

if TYPE_CHECKING:
    from tasks.exit_rules import ExitRule
    from tasks.load_run import LoadedRun


def expect_exits(run: LoadedRun) -> None:
    """Raise `UserError` for a run whose model nobody can leave early."""
    if not run.recipe.exits.on:
        raise UserError(f"the run {run.folder.path} has no exits; train one with minbert train early-exit, or with --set exits.train=joint.")


def rules_of(run: LoadedRun, asked: Sequence[str], tolerance: float = 0.5) -> Mapping[str, ExitRule]:
    """Task -> its rule: a rule for a task of its own counts, else the last one for all to which it applies; tasks left without climb to the top.

    Raises `UserError` for what cannot be read, an unknown task or rule, a threshold that means nothing, and where no task is left that could leave.
    """
    from tasks.exit_rules import exit_rule

    general, own = {}, {}
    for text in asked:
        name, _, rule = text.rpartition(":")
        for task in [task_of(run, name, f"--exit is {written(text)}")] if name else run.tasks.values():
            word, threshold = _parts(rule, text)
            if name or _applies(word, task.kind):
                (own if name else general)[task.name] = exit_rule(word, threshold, task.kind, tolerance)
    found = {**general, **own}
    if not found:
        exit_rule(*_parts(asked[-1], asked[-1]), "regression")  # says why a regression has no such rule
    return found


def _parts(rule: str, text: str) -> tuple[str, float]:
    word, _, number = rule.partition("=")
    try:
        if not word.strip():
            raise ValueError
        return word.strip(), float(number)
    except ValueError:
        raise UserError(f"--exit is {written(text)}, expected a rule and its threshold such as confidence=0.95, or sts:patience=3 for one task.") from None


def _applies(rule: str, kind: str) -> bool:
    from tasks.exit_rules import LEAVES, WITHOUT_PROBABILITIES

    return kind != "regression" or rule in WITHOUT_PROBABILITIES or rule not in LEAVES  # an unknown word is left to be told
