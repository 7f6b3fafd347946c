"""The teacher probe: a small student with two heads, a dropout and a counter; the teacher's pull at first and later, how it follows; then R-Drop.

Letters: B batch, C features, k scores.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.facts import once
from sanity_checks.probes.teacher_r_drop import twice
from sanity_checks.recorder import recorded_dropout
from sanity_checks.subjects.attention import fill
from sanity_checks.subjects.teacher import Teachers

B, C, K, TOTAL = 3, 5, 2, 10
SETTINGS = {"weight": 1.5, "momentum": 0.5, "late_momentum": 0.875, "switch": 0.4, "every": 1}
TASKS = {"sst": K, "sts": 1}
KINDS = {"sst": "classes", "sts": "regression"}
NAMES = ("body.weight", "heads.sst.bias", "count")


class Student(nn.Module):
    """tanh, dropout and a head for each task, with a buffer that counts."""

    def __init__(self) -> None:
        super().__init__()
        self.tasks = {name: SimpleNamespace(kind=kind) for name, kind in KINDS.items()}
        self.body, self.dropout = nn.Linear(C, C), nn.Dropout(0.25)
        self.heads = nn.ModuleDict({name: nn.Linear(C, size) for name, size in TASKS.items()})
        self.register_buffer("count", torch.zeros((), dtype=torch.int64))

    def forward(self, batch: Any) -> Tensor:
        """(B, k), or (B,) for one score."""
        return self.heads[batch.task](self.dropout(self.body(batch.x).tanh())).squeeze(-1)


def probe(subject: Teachers, look: Look) -> None:
    """Look at the pull, at the walk, at what is saved, and at R-Drop."""
    with recorded_dropout():  # dropout then has one answer
        _pulls(subject, look)
        _walks(subject, look)
        _keeps(subject, look)
    twice(subject, look)


def _student() -> Student:
    return fill(Student())  # type: ignore[return-value]


def _batch(task: str) -> SimpleNamespace:
    return SimpleNamespace(task=task, x=numbers(B, C, seed=101))


def _move(student: Student, seed: int) -> None:
    with torch.no_grad():
        for place, parameter in enumerate(student.parameters()):
            parameter += numbers(*parameter.shape, seed=seed + place)
        student.count += 1


def _pulls(subject: Teachers, look: Look) -> None:
    for task in TASKS:
        look(f"the pull of an equal teacher in {task}", lambda task=task: _pull(subject, task, moved=False)[0])
        found = once(lambda task=task: _pull(subject, task, moved=True))
        look(f"the pull after the student has moved in {task}", lambda found=found: found()[0])
        look(f"the slope of the pull along the student's head in {task}", lambda found=found: found()[1])
    look("the pull of an equal teacher while the student trains with dropout", lambda: _pull(subject, "sst", moved=False, train=True)[0], "train")
    look("the pull of answers that somebody else reads from the teacher", lambda: _through(subject))
    look("no weight of the teacher gets a gradient", lambda: _pull(subject, "sst", moved=True)[2])


def _pull(subject: Teachers, task: str, moved: bool, train: bool = False) -> tuple[Tensor, Tensor | str, bool]:
    student = _student()
    teacher = subject.teacher(student, TOTAL, **SETTINGS)
    student.train(train)
    if moved:
        _move(student, 110)
    value = subject.pull(teacher, _batch(task), student(_batch(task)))
    if value.requires_grad:
        value.backward()
    slope = student.heads[task].weight.grad
    copy = subject.model(teacher)
    return value, "no gradient" if slope is None else slope, copy is student or all(parameter.grad is None for parameter in copy.parameters())


def _through(subject: Teachers) -> Tensor | str:
    student, read = _student().eval(), numbers(B, K, seed=102).requires_grad_()
    value = subject.pull_through(subject.teacher(student, TOTAL, **SETTINGS), _batch("sst"), student(_batch("sst")), lambda batch: 2 * read)
    value.backward()
    return value if read.grad is None else "a graph goes through them"


def _walks(subject: Teachers, look: Look) -> None:
    for every in (1, 3):
        path = once(lambda every=every: _path(subject, every))
        for name in NAMES:
            looked = "option" if every > 1 else "error"
            look(f"{name} of a teacher that follows {'each update' if every == 1 else 'every third'}, over {TOTAL} updates", lambda path=path, name=name: path()[name], looked,
                 ("update",))


def _path(subject: Teachers, every: int) -> dict[str, Tensor]:
    student = _student()
    teacher = subject.teacher(student, TOTAL, **{**SETTINGS, "every": every})
    seen: dict[str, list[Tensor]] = {name: [] for name in NAMES}
    for update in range(1, TOTAL + 1):
        _move(student, 130 + 10 * update)
        subject.after_update(teacher, update)
        state = subject.model(teacher).state_dict()
        for name in NAMES:
            seen[name].append(state[name].double().sum())
    return {name: torch.stack(values) for name, values in seen.items()}


def _keeps(subject: Teachers, look: Look) -> None:
    def made() -> tuple[Student, Any]:
        student = _student()
        return student, subject.teacher(student.train(), TOTAL, **SETTINGS)

    look("the teacher is in eval mode", lambda: not any(module.training for module in subject.model(made()[1]).modules()), "train")
    look("the student is still in train mode", lambda: all(module.training for module in made()[0].modules()), "train")
    look("the student can still learn", lambda: all(parameter.requires_grad for parameter in made()[0].parameters()))
    look("the teacher stays where it is while the student moves", lambda: _stays(subject, *made()))
    look("the student stays where it is while the teacher follows", lambda: _student_stays(subject, *made()))
    look("what is saved of the teacher", lambda: _saved(subject, *made()))


def _stays(subject: Teachers, student: Student, teacher: Any) -> bool:
    _move(student, 120)
    return all(torch.equal(tensor, _student().state_dict()[name]) for name, tensor in subject.model(teacher).state_dict().items())


def _student_stays(subject: Teachers, student: Student, teacher: Any) -> bool:
    _move(student, 120)
    before = {name: tensor.clone() for name, tensor in student.state_dict().items()}
    subject.after_update(teacher, 1)
    return all(torch.equal(before[name], tensor) for name, tensor in student.state_dict().items())


def _saved(subject: Teachers, student: Student, teacher: Any) -> Tensor:
    _move(student, 120)
    saved = subject.saved(teacher)
    return torch.stack([saved[name].double().sum() for name in sorted(student.state_dict())])
