"""Greedy unweighted ensembles: of several finished models, which ones answer better together ("SerBERTus", a CS224N report).

    take the model with the best dev score; then, from the second best down, take each one with which the score of the mean
    of all taken is no lower than before

    mean answer = (p_1 + ... + p_n) / n,    p_i the unrounded answers of model i,    decided only after the mean

The report says "unrounded predictions" and leaves open which numbers are averaged, and in which order the candidates come.  Our reading is the
default: probabilities, best dev score first.  All chosen on dev: nothing here reads a test label, and there is none to read.
Letters: N examples, k classes, n models taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor

from minbert.errors import UserError
from tasks.metrics import DECISIONS, METRICS, decide
from tasks.registry import Task

_SHOWN = 3  # ids named in a sentence


def _probabilities(logits: Tensor) -> Tensor:
    # Double: in float32 two close scores may give one probability, and a model alone would then no longer answer as itself.
    return logits.double().softmax(dim=-1)


def _votes(logits: Tensor) -> Tensor:
    return F.one_hot(logits.argmax(dim=-1), logits.size(-1))


# What is averaged -> kind of task -> how it comes from the logits, (N, k) or (N,).  A regression has its score and nothing else.
# The sigmoid is taken as `decide` takes it, in the precision of the logits, so that 0.5 is 0.5 in both.
SPACES: Mapping[str, Mapping[str, Callable[[Tensor], Tensor]]] = {
    "probabilities": {"classes": _probabilities, "binary": torch.sigmoid, "regression": lambda scores: scores},
    "votes": {"classes": _votes, "binary": lambda logits: decide("binary", logits), "regression": lambda scores: scores},
    "logits": {"classes": lambda logits: logits, "binary": lambda logits: logits, "regression": lambda scores: scores},
}
_ROUNDED: Mapping[str, Callable[[Tensor], Tensor]] = {**{kind: rule for kind, (_, rule) in DECISIONS.items()}, "binary": torch.round}
# What is averaged -> kind -> how the mean becomes an answer.  A draw of votes goes to the lower class, as a probability of 0.5 does.
ANSWERS = {"probabilities": _ROUNDED, "votes": _ROUNDED, "logits": {kind: rule for kind, (_, rule) in DECISIONS.items()}}


@dataclass(frozen=True)
class Member:
    """One model's answers to one task: its name, N ids, and what is averaged, (N, k) or (N,), in their order; labels (N,) where they are known."""

    name: str
    ids: tuple[str, ...]
    values: Tensor
    labels: Tensor | None = None


@dataclass(frozen=True)
class Step:
    """One candidate's turn: its dev score alone, the score of all taken so far together with it, and whether it was taken."""

    name: str
    alone: float
    together: float
    added: bool


@dataclass(frozen=True)
class Chosen:
    """The way to an ensemble, best candidate first; the names taken, and their score together."""

    steps: tuple[Step, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The models taken, best first."""
        return tuple(step.name for step in self.steps if step.added)

    @property
    def score(self) -> float:
        """The dev score of the ensemble; `best` is that of the best model alone."""
        return [step.together for step in self.steps if step.added][-1]

    @property
    def best(self) -> float:
        """The dev score of the best candidate alone."""
        return self.steps[0].alone


def joined(members: Sequence[Member]) -> list[Member]:
    """The same members, all in the order of ids of the first.  Raises `UserError` when two did not answer the same examples.

    Joined on the id and not on the place: files are written in any order.
    """
    first = members[0]
    return [first, *(_in_order_of(first, other) for other in members[1:])]


def _in_order_of(first: Member, other: Member) -> Member:
    place = {identity: number for number, identity in enumerate(other.ids)}
    missing, extra = [one for one in first.ids if one not in place], sorted(place.keys() - set(first.ids))
    if missing or extra:
        told = [f"{len(some):,} {word} ({', '.join(map(repr, some[:_SHOWN]))}{', ...' if len(some) > _SHOWN else ''})"
                for some, word in ((missing, "missing"), (extra, "extra")) if some]
        raise UserError(f"{other.name} answers {len(other.ids):,} examples where {first.name} answers {len(first.ids):,}: {' and '.join(told)}; "
                        "all members of an ensemble must answer the same file.")
    order = torch.tensor([place[identity] for identity in first.ids])
    return replace(other, ids=first.ids, values=other.values[order], labels=None if other.labels is None else other.labels[order])


def mean_of(values: Sequence[Tensor]) -> Tensor:
    """The unweighted mean of n tensors of one shape, in float64; one alone comes back as it is."""
    return values[0] if len(values) == 1 else torch.stack([each.double() for each in values]).mean(dim=0)


def answers(values: Tensor, kind: str, space: str = "probabilities") -> Tensor:
    """Averaged values (N, k) or (N,) -> answers (N,): class numbers, 0 or 1, or the score itself."""
    return ANSWERS[space][kind](values)


def scorer(task: Task, space: str = "probabilities") -> Callable[[Tensor, Tensor], float]:
    """(averaged values, labels (N,)) -> the task's own metric of the answers they come to."""
    return lambda values, labels: float(METRICS[task.metric](answers(values, task.kind, space), labels))


def greedy(members: Sequence[Member], labels: Tensor, score: Callable[[Tensor, Tensor], float]) -> Chosen:
    """Choose among `members`, whose values are in the order of `labels` (N,); equals are tried in the order given.

    score: see `scorer`.  The score along the members taken never falls, and it does not depend on the order of the examples.
    """
    alone = [score(member.values, labels) for member in members]
    order = sorted(range(len(members)), key=lambda number: -alone[number])  # stable
    taken, best, steps = [], float("-inf"), []
    for number in order:
        together = score(mean_of([*taken, members[number].values]), labels)
        added = together >= best  # "improve or do not change"
        steps.append(Step(members[number].name, alone[number], together, added))
        if added:
            taken, best = [*taken, members[number].values], together
    return Chosen(tuple(steps))
