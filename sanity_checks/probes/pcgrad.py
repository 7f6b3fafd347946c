"""The PCGrad probe: weights and merged gradients of two tasks, then heads and absent gradients, three tasks in many orders, GSE, and the wrapper.

A result that depends on a random order is looked at as the set of answers over many draws, whoever draws.  Letters: K tasks, P parameters.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence

import torch
from torch import Tensor

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.pcgrad_wrapper import wrapper
from sanity_checks.subjects.pcgrad import Gradients, PCGrad

DRAWS = 14  # with two equally likely answers, one stays unseen once in eight thousand times


def _real(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def _turned(degrees: float, length: float) -> Tensor:
    return _real(length * math.cos(math.radians(degrees)), length * math.sin(math.radians(degrees)))


CASES: dict[str, Gradients] = {  # words -> gradients of the tasks
    "one task": [[_real(2, -1, 3)]],
    "two tasks that agree": [[_real(2, 1)], [_real(1, 3)]],
    "two tasks that pull against each other": [[_real(2, 1, 0)], [_real(-3, 1, 2)]],
    "two tasks over two parameters": [[_real(1), _real(-2, 0.5)], [_real(1), _real(1, -3)]],
    "two tasks with a head each": [[_real(1, 0.5), _real(2, 0), None], [_real(-1, 1), None, _real(0, 3)]],
    "three tasks, of which two use a parameter": [[_real(1, 0.5), None], [_real(-1, 1), _real(2)], [None, _real(-3)]],
    "two tasks, one without any gradient": [[_real(0, 0)], [_real(-1, 2)]],
    "two tasks of matrices": [[numbers(2, 3, seed=51)], [-numbers(2, 3, seed=51) + 0.5 * numbers(2, 3, seed=52)]],
}
# The second and the third task agree on a parameter of their own, so that only what becomes of the first depends on the order. Pushed off both
# others, in the first case it points against its own gradient: a task that does not skip itself shows. In the second case one push undoes the
# other conflict: a conflict of the originals only shows.
ORDERS: dict[str, Gradients] = {
    "three tasks": [[_turned(0, 2), None], [_turned(100, 3), _real(5)], [_turned(185, 1.5), _real(4)]],
    "three tasks, of which two pull the same way": [[_turned(0, 2), None], [_turned(100, 3), _real(5)], [_turned(165, 1.5), _real(4)]],
}
THREE = ORDERS["three tasks"]


def _generator() -> torch.Generator:
    return torch.Generator().manual_seed(7)


def probe(subject: PCGrad, look: Look) -> None:
    """Look at gradient surgery, from two gradients to an optimizer."""
    if subject.weights:
        _weights(subject, look)
    if subject.merge:
        _merged(subject, look)
        _orders(subject, look)
    if subject.gse:
        _gse(subject, look)
    wrapper(subject, look)


def _weights(subject: PCGrad, look: Look) -> None:
    gram = lambda one, other: torch.stack([torch.stack([a @ b for b in (one, other)]) for a in (one, other)])[None]  # (1, 2, 2)
    both = torch.ones(1, 2, dtype=torch.bool)
    for words, given in {"agree": (_real(2, 1), _real(1, 3)), "pull against each other": (_real(2, 1, 0), _real(-3, 1, 2))}.items():
        look(f"the weights of two tasks that {words}", lambda given=given: subject.weights(gram(*given), both, _generator()), axes=("task", "gradient"))  # type: ignore[misc]


def _merged(subject: PCGrad, look: Look) -> None:
    @functools.cache
    def merged(words: str, reduction: str) -> Sequence[Tensor | None]:
        return subject.merge(copied(CASES[words]), _generator(), reduction)  # type: ignore[misc]

    for words, gradients in CASES.items():
        for reduction in ("sum", "mean"):
            for place in range(len(gradients[0])):
                which = "the gradient" if len(gradients[0]) == 1 else f"gradient {place + 1}"
                look(f"{which} of {words}, {reduction}", lambda given=(words, reduction), place=place: _told(merged(*given)[place]))
    unused = lambda: _told(subject.merge([[_real(1), None], [_real(-2), None]], _generator(), "sum")[1])  # type: ignore[misc]
    look("the gradient of a parameter that no task uses", unused)
    look("the gradients of the tasks stay as they were", lambda: _untouched(subject))


def copied(gradients: Gradients) -> list[list[Tensor | None]]:
    """The same gradients in tensors of their own."""
    return [[None if entry is None else entry.clone() for entry in gradient] for gradient in gradients]


def _told(entry: Tensor | None) -> object:
    return "no gradient" if entry is None else entry


def _untouched(subject: PCGrad) -> bool:
    given = copied(THREE)
    subject.merge(given, _generator(), "sum")  # type: ignore[misc]
    same = lambda a, b: (a is None) == (b is None) and (a is None or torch.equal(a, b))
    return all(same(a, b) for one, other in zip(given, THREE) for a, b in zip(one, other))


def _orders(subject: PCGrad, look: Look) -> None:
    def drawn(gradients: Gradients) -> list[Tensor]:
        generator = _generator()
        return [subject.merge(copied(gradients), generator, "sum")[0] for _ in range(DRAWS)]  # type: ignore[misc]

    for words, gradients in ORDERS.items():
        look(f"the answers of {words} in {DRAWS} random orders", lambda gradients=gradients: _distinct(drawn(gradients)), axes=("answer", "number"))
    look("torch's own generator is left alone", lambda: _quiet(subject), "option")


def _distinct(answers: list[Tensor]) -> Tensor:
    rows = sorted({tuple(round(number, 6) + 0.0 for number in answer.flatten().tolist()) for answer in answers})
    return torch.tensor(rows, dtype=torch.float64)


def _quiet(subject: PCGrad) -> bool:
    before = torch.get_rng_state()
    subject.merge(copied(THREE), _generator(), "sum")  # type: ignore[misc]
    return torch.equal(before, torch.get_rng_state())


def _gse(subject: PCGrad, look: Look) -> None:
    gradients: Gradients = [[_real(1, 0.5), _real(2, 0), None], [_real(-1, 1), None, None]]

    @functools.cache
    def walked() -> tuple[list[list[Tensor | None]], list[Tensor], list[list[Tensor | None]]]:
        parameters, seen, given = [torch.zeros(2, dtype=torch.float64, requires_grad=True) for _ in range(3)], [], copied(gradients)
        subject.gse(parameters, given, lambda: seen.append([None if each.grad is None else each.grad.clone() for each in parameters]), _generator())  # type: ignore[misc]
        return seen, parameters, given

    look("how often GSE steps", lambda: str(len(walked()[0])))
    for step, when in enumerate(("first", "second")):
        for place, which in enumerate(("the shared parameter", "the head of one task", "the parameter that no task uses")):
            look(f"GSE's gradient of {which} at the {when} step", lambda step=step, place=place: _told(walked()[0][step][place]) if step < len(walked()[0]) else "no such step")
    look("GSE leaves no gradients behind", lambda: all(parameter.grad is None for parameter in walked()[1]))
    look("GSE leaves the gradients of the tasks as they were", lambda: all(torch.equal(a, b) for a, b in zip([entry for g in walked()[2] for entry in g if entry is not None],
                                                                                                         [entry for g in gradients for entry in g if entry is not None])))
