"""The Gradient Vaccine probe: pairs of tasks below and above their target, heads, what has no cosine, and targets that follow.

With two tasks chance decides nothing; of three tasks only the targets are looked at, which no order changes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from sanity_checks.look import Look
from sanity_checks.probes.facts import once
from sanity_checks.subjects.gradvac import GradVac


def _real(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def _turned(degrees: float, length: float) -> Tensor:
    return _real(length * math.cos(math.radians(degrees)), length * math.sin(math.radians(degrees)))


Gradients = Sequence[Sequence["Tensor | None"]]
# words -> (gradients, targets row by row); the two targets of a pair differ, so that one used for the other shows
CASES: dict[str, tuple[Gradients, tuple[float, ...]]] = {
    "one task": ([[_real(2, -1)]], (0.0,)),
    "two tasks that pull against each other, with targets of 0": ([[_real(2, 1, 0)], [_real(-3, 1, 2)]], (0, 0, 0, 0)),
    "two tasks that agree less than their targets": ([[_turned(0, 2)], [_turned(80, 3)]], (0, 0.5, 0.75, 0)),
    "two tasks that agree more than their targets": ([[_turned(0, 2)], [_turned(20, 3)]], (0, 0.5, 0.75, 0)),
    "two tasks of which one is below its target": ([[_turned(0, 2)], [_turned(50, 3)]], (0, 0.5, 0.75, 0)),
    "two tasks that may pull against each other a little": ([[_turned(0, 2)], [_turned(100, 3)]], (0, -0.5, -0.25, 0)),
    "two tasks that pull against each other more than they may": ([[_turned(0, 2)], [_turned(140, 3)]], (0, -0.5, -0.25, 0)),
    "two tasks with a head each": ([[_turned(0, 2), _real(2, 0), None], [_turned(120, 3), None, _real(0, 3)]], (0, 0.5, 0.25, 0)),
    "two tasks, one without any gradient": ([[_real(0, 0)], [_real(-1, 2)]], (0, 0.5, 0.25, 0)),
    "two tasks that share nothing": ([[_real(1, 2), None], [None, _real(3, 1)]], (0, 0.5, 0.25, 0)),
    # whichever comes first leaves nothing, and nothing has no direction
    "three tasks on one line": ([[_real(0.5)], [_real(-0.25)], [_real(-0.125)]], (0,) * 9),
}
THREE: Gradients = [[_turned(0, 2), _real(5)], [_turned(100, 3), _real(1)], [_turned(185, 1.5), None]]


def probe(subject: GradVac, look: Look) -> None:
    """Look at merged gradients, then at targets."""
    for words, (gradients, targets) in CASES.items():
        found = once(lambda gradients=gradients, targets=targets: subject.merge(gradients, _square(targets), 0.25))
        look(f"the merged gradient of {words}", lambda found=found: _flat(found()[0]), axes=("number",))
        look(f"the next targets of {words}", lambda found=found: found()[1], axes=("task", "task"))
    for rate, words in ((0.25, "a rate of a quarter"), (0.0, "a rate of 0"), (None, "the rate that nobody chose")):
        look(f"the next targets of three tasks with {words}", lambda rate=rate: subject.merge(THREE, _square((0, 0.5, -0.5, 0.25, 0, 0, 0, 1, 0)), rate)[1],
             "error" if rate else "option", ("task", "task"))
    look("the gradients stay as they were", lambda: _untouched(subject))
    look("the given targets stay as they were", lambda: _targets_stay(subject))
    look("global random numbers are left alone", lambda: _leaves_alone(subject))


def _square(targets: Sequence[float]) -> Tensor:
    return _real(*targets).view(math.isqrt(len(targets)), -1)


def _flat(merged: Sequence[Tensor | None]) -> Tensor:
    return torch.cat([torch.zeros(1) if entry is None else entry.flatten() for entry in merged])


def _untouched(subject: GradVac) -> bool:
    gradients = [[_real(2, 1, 0)], [_real(-3, 1, 2)]]
    subject.merge(gradients, _square((0, 0.5, 0.25, 0)), 0.25)
    return torch.equal(gradients[0][0], _real(2, 1, 0)) and torch.equal(gradients[1][0], _real(-3, 1, 2))


def _targets_stay(subject: GradVac) -> bool:
    targets = _square((0, 0.5, 0.25, 0))
    subject.merge([[_real(2, 1, 0)], [_real(-3, 1, 2)]], targets, 0.25)
    return torch.equal(targets, _square((0, 0.5, 0.25, 0)))


def _leaves_alone(subject: GradVac) -> bool:
    before = torch.get_rng_state()
    subject.merge(THREE, _square((0,) * 9), 0.25)
    return torch.equal(before, torch.get_rng_state())
