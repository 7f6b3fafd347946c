"""One task's ensemble: join the candidates, leave out those below the bar, choose, and ask how much the choice flatters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from minbert.errors import UserError
from tasks.ensemble import Chosen, Member, answers, greedy, joined, mean_of, scorer
from tasks.ensemble_nested import Nested, nested
from tasks.ensemble_scale import Scale, mean_on_scale, scale_of, standardised
from tasks.registry import Task
from tasks.seeds import named_generator


@dataclass(frozen=True)
class Rules:
    """How to choose: what is averaged, whether scores of a regression are brought onto one scale first, how many nested draws, from which seed."""

    space: str = "probabilities"
    standardise: bool = False
    draws: int = 100
    seed: int = 0


@dataclass(frozen=True)
class TaskEnsemble:
    """What was chosen for one task: the way there, the candidates below the bar with their scores, the nested estimate, and each one's scale on dev."""

    task: Task
    chosen: Chosen
    below: tuple[tuple[str, float], ...]
    nested: Nested | None
    scales: Mapping[str, Scale]
    rules: Rules

    def answers(self, members: Sequence[Member]) -> tuple[tuple[str, ...], Tensor]:
        """Ids (N) and answers (N,) of the ensemble, from answers of (at least) its members to one split, joined on id."""
        taken = joined([member for member in members if member.name in self.chosen.names])
        values = [member.values for member in taken]
        scaled = self.rules.standardise and self.task.kind == "regression"
        mean = mean_on_scale(values, [self.scales[member.name] for member in taken]) if scaled else mean_of(values)
        return taken[0].ids, answers(mean, self.task.kind, self.rules.space)


def choose(task: Task, members: Sequence[Member], rules: Rules, bar: float | None = None) -> TaskEnsemble:
    """Choose among `members`, each with its dev labels.  Raises `UserError` for other ids, other labels, and when nobody passes the bar."""
    members = joined(members)
    labels = _labels(task, members)
    score = scorer(task, rules.space)
    scales = {member.name: scale_of(member.values) if task.kind == "regression" else Scale() for member in members}
    if rules.standardise and task.kind == "regression":
        members = [replace(member, values=standardised(member.values, scales[member.name])) for member in members]
    alone = {member.name: score(member.values, labels) for member in members}
    below = tuple((name, value) for name, value in alone.items() if bar is not None and value < bar)
    passed = [member for member in members if member.name not in dict(below)]
    if not passed:
        best = max(alone, key=lambda name: alone[name])
        raise UserError(f"no candidate for {task.name} reaches the bar of {bar:g}: the best, {best}, has {alone[best]:.4f} on dev; lower --bar {task.name}=.")
    estimate = nested(passed, labels, score, rules.draws, named_generator(rules.seed, f"nested.{task.name}"))
    return TaskEnsemble(task, greedy(passed, labels, score), below, estimate, scales, rules)


def _labels(task: Task, members: Sequence[Member]) -> Tensor:
    first = members[0]
    for other in members[1:]:
        if not torch.equal(first.labels, other.labels):
            raise UserError(f"{other.name} and {first.name} have other dev labels of {task.name} for the same ids; give both the same files with --data DIR.")
    return first.labels
