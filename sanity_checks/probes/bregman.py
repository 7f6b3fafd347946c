"""The Bregman probe: the term and its slopes, then a teacher that follows once and again, its limits, its kinds of numbers, and its momentum.

Letters: B batch, k classes.
"""

from __future__ import annotations

import functools

import torch
from torch import Tensor

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.facts import refused, untouched
from sanity_checks.subjects.bregman import Bregman

B, K, BETA = 3, 5, 0.7
AXES = ("example", "class")
MOMENTUM = {"the defaults": {}, "early=0.5, late=0.8 and switch=0.3": {"early": 0.5, "late": 0.8, "switch": 0.3}}


def probe(subject: Bregman, look: Look) -> None:
    """Look at the term, at the teacher and at its momentum."""
    if subject.term:
        _term(subject, look)
    _moves(subject, look)
    _keeps(subject, look)
    _refuses(subject, look)
    if subject.momentum:
        for words, settings in MOMENTUM.items():
            look(f"the momentum of 20 updates with {words}", functools.partial(_path, subject, 20, settings), "option" if settings else "error", ("update",))
        look("the momentum of 7 updates", functools.partial(_path, subject, 7, {}), axes=("update",))


def distance(a: Tensor, b: Tensor) -> Tensor:
    """Not symmetric and not averaged, so that exchanged arguments and a second mean show."""
    return (a.exp() * (a - b) + (a - b).square()).sum()


def _term(subject: Bregman, look: Look) -> None:
    @functools.cache
    def found() -> tuple[Tensor, list[Tensor | None]]:
        leaves = [numbers(B, K, seed=seed).requires_grad_() for seed in (71, 72)]
        value = subject.term(*(leaf * 1 for leaf in leaves), distance)  # type: ignore[misc]
        if value.requires_grad:
            value.backward()
        return value, [leaf.grad for leaf in leaves]

    one = [torch.tensor([value], dtype=torch.float64) for value in (1.5, 0.25)]
    look("the term of one example", lambda: subject.term(*one, distance))  # type: ignore[misc]
    look("the term of three examples", lambda: found()[0])
    for number, who in enumerate(("student", "teacher")):
        look(f"the slope of the term along the {who}'s scores", lambda number=number: "no gradient" if found()[1][number] is None else found()[1][number], axes=AXES)
    look("the term leaves the scores as they were", lambda: untouched(lambda a, b: subject.term(a, b, distance), numbers(B, K, seed=71), numbers(B, K, seed=72)))  # type: ignore[misc]


def _start(*sizes: int, seed: int = 73, asks: bool = False) -> list[Tensor]:
    return [numbers(size, seed=seed + place).requires_grad_(asks) for place, size in enumerate(sizes)]


def _moves(subject: Bregman, look: Look) -> None:
    @functools.cache
    def path() -> list[list[Tensor]]:
        teacher, seen = _start(3, 2), []
        for step in range(3):
            subject.follow(teacher, _start(3, 2, seed=80 + 5 * step), BETA)
            seen.append([tensor.clone() for tensor in teacher])
        return seen

    for step, when in enumerate(("first", "second", "third")):
        look(f"the teacher after the {when} update", lambda step=step: path()[step][0], axes=("number",))
    look("the second tensor of the teacher after the first update", lambda: path()[0][1], axes=("number",))
    for beta, words in ((1.0, "beta 1"), (0.0, "beta 0")):
        look(f"the teacher after an update with {words}", functools.partial(_once, subject, _start(3), _start(3, seed=80), beta), axes=("number",))
    whole = [torch.tensor([1, 5, 9])], [torch.tensor([4, 6, 2])]
    look("whole numbers (a counter, ids) of the teacher", functools.partial(_once, subject, *whole, BETA), axes=("number",))
    look("a float32 teacher of a float64 student", lambda: _once(subject, [tensor.float() for tensor in _start(3)], _start(3, seed=80), BETA), "option", ("number",))
    empty = [torch.zeros(0)], [torch.zeros(0)]
    look("a tensor without numbers", functools.partial(_once, subject, *empty, BETA), "option", ("number",))


def _once(subject: Bregman, teacher: list[Tensor], student: list[Tensor], beta: float) -> Tensor:
    teacher = [tensor.clone() for tensor in teacher]
    subject.follow(teacher, student, beta)
    return teacher[0]


def _keeps(subject: Bregman, look: Look) -> None:
    @functools.cache
    def after() -> tuple[Tensor, Tensor, int]:
        (teacher,), (student,) = _start(3, asks=True), _start(3, seed=80, asks=True)
        place = teacher.data_ptr()
        subject.follow([teacher], [student], BETA)
        return teacher, student, place

    look("a teacher made of parameters after an update", lambda: after()[0], axes=("number",))
    look("the teacher carries no graph", lambda: _free(subject))
    look("the teacher stays where it was in memory", lambda: after()[0].data_ptr() == after()[2], "note")
    look("the student stays as it was", lambda: torch.equal(after()[1], numbers(3, seed=80)))
    look("the teacher has memory of its own after an update", lambda: after()[0].data_ptr() != after()[1].data_ptr())
    look("the teacher has memory of its own after an update with beta 0", lambda: _apart(subject))


def _free(subject: Bregman) -> bool:
    teacher = _start(3)
    subject.follow(teacher, _start(3, seed=80, asks=True), BETA)
    return teacher[0].grad_fn is None and not teacher[0].requires_grad


def _apart(subject: Bregman) -> bool:
    teacher, student = _start(3), _start(3, seed=80)
    subject.follow(teacher, student, 0.0)
    return teacher[0].data_ptr() != student[0].data_ptr()


def _refuses(subject: Bregman, look: Look) -> None:
    shared = numbers(3, seed=73)
    cases = {
        "a teacher that is the student itself is refused": ([shared], [shared], BETA), "beta of 1.5 is refused": (_start(3), _start(3, seed=80), 1.5),
        "beta of -0.5 is refused": (_start(3), _start(3, seed=80), -0.5), "lists of other lengths are refused": (_start(3, 2), _start(3, seed=80), BETA),
    }  # fmt: skip
    for words, given in cases.items():
        look(words, lambda given=given: refused(lambda: subject.follow(*given)), "option")


def _path(subject: Bregman, total: int, settings: dict[str, float]) -> Tensor:
    return torch.tensor([float(subject.momentum(update, total, **settings)) for update in range(total)], dtype=torch.float64)  # type: ignore[misc]
