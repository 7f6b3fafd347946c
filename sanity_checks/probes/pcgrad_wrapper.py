"""The wrapper's half of the PCGrad probe: losses in, `.grad` out, and a step of the optimizer. Losses share a graph, as those of one encoder do."""

from __future__ import annotations

import functools
from typing import Any

import torch
from torch import Tensor

from sanity_checks.look import Look
from sanity_checks.subjects.pcgrad import PCGrad

RATE = 0.1
NAMES = ("the shared parameter", "the head of the first task", "the head of the second task", "a parameter that no loss uses")


class Descent(torch.optim.Optimizer):
    """Plain gradient descent with decay. (torch's own SGD would load torch's compiler at its first step, for a second.)"""

    def __init__(self, parameters: list[Tensor], lr: float = RATE, weight_decay: float = 0.0) -> None:
        super().__init__(parameters, {"lr": lr, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]
        """Move every parameter that has a gradient."""
        for group in self.param_groups:
            for parameter in (each for each in group["params"] if each.grad is not None):
                parameter.sub_(group["lr"] * (parameter.grad + group["weight_decay"] * parameter))


def _parameters() -> list[Tensor]:
    values = ([1.5, -1.0], [0.5, 2.0], [-1.0, 1.0], [3.0, 4.0])
    return [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in values]


def _losses(parameters: list[Tensor]) -> list[Tensor]:
    """Two losses of one graph whose gradients pull against each other on the shared parameter, even with the heads counted."""
    shared, one, other, _ = parameters
    hidden = torch.tanh(shared) + shared
    return [(hidden * torch.tensor([1.0, 0.5], dtype=torch.float64)).sum() * 2 + one.square().sum() / 5, (hidden * torch.tensor([-3.0, 1.0], dtype=torch.float64)).sum() + other.pow(3).sum() / 7]


def wrapper(subject: PCGrad, look: Look) -> None:
    """Look at an optimizer with gradient surgery around it."""
    @functools.cache
    def after(reduction: str) -> list[Tensor]:
        parameters = _parameters()
        _wrapped(subject, parameters, reduction).pc_backward(_losses(parameters))
        return parameters

    for reduction in ("", "sum", "mean"):
        words = f"with reduction={reduction!r}" if reduction else "by default"
        for place, name in enumerate(NAMES if reduction else NAMES[:1]):
            look(f"pc_backward's gradient of {name} {words}", lambda reduction=reduction, place=place: _told(after(reduction)[place].grad))
    look("pc_backward's gradient after two calls without zero_grad", lambda: _called(subject, "pc_backward pc_backward")[0].grad)
    look("pc_backward's gradient after zero_grad", lambda: _called(subject, "pc_backward zero_grad pc_backward")[0].grad)
    look("the shared parameter after a step", lambda: _called(subject, "pc_backward step")[0])
    look("the parameter that no loss uses after a step with decay", lambda: _called(subject, "pc_backward step", weight_decay=0.5)[3])
    look("the wrapper saves and loads its optimizer's state", lambda: _state(subject), "option")


def _wrapped(subject: PCGrad, parameters: list[Tensor], reduction: str = "", **settings: Any) -> Any:
    optimizer = Descent(parameters, **settings)
    return subject.wrap(optimizer, reduction=reduction) if reduction else subject.wrap(optimizer)


def _called(subject: PCGrad, calls: str, **settings: Any) -> list[Tensor]:
    parameters = _parameters()
    optimizer = _wrapped(subject, parameters, **settings)
    for call in calls.split():
        optimizer.pc_backward(_losses(parameters)) if call == "pc_backward" else getattr(optimizer, call)()
    return parameters


def _state(subject: PCGrad) -> bool:
    saved = _wrapped(subject, _parameters(), weight_decay=0.25).state_dict()
    other = _wrapped(subject, _parameters(), weight_decay=0.5)
    other.load_state_dict(saved)
    return saved.keys() == {"state", "param_groups"} and other.param_groups[0]["weight_decay"] == 0.25


def _told(entry: Tensor | None) -> object:
    return "no gradient" if entry is None else entry
