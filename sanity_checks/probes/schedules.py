"""The schedules probe: a run without warm-up, then the parts of one with it, odd lengths, and the rates that groups really get.

Positions are looked at in the parts of the curve, so that the look that differs says where: on the way up, at the top, on the way down, at
the end or beyond it.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace

import torch
from torch import Tensor

from sanity_checks.look import Look
from sanity_checks.subjects.schedules import Schedules

CURVES: dict[str, tuple[Iterable[int], int, float]] = {  # words -> positions, total, warm-up
    "the factor at the start of a run without warm-up": ((0,), 5, 0.0),
    "the factors of a run without warm-up": (range(5), 5, 0.0),
    "the factor of the first update of a warm-up": ((0,), 10, 0.3),
    "the factors during the warm-up": (range(1, 3), 10, 0.3),
    "the factor where the warm-up ends": ((3,), 10, 0.3),
    "the factors on the way down": (range(4, 10), 10, 0.3),
    "the factor at the end": ((10,), 10, 0.3),
    "the factors beyond the end": (range(11, 14), 10, 0.3),
    "the factors when the warm-up is 2.1 updates": (range(7), 7, 0.3),
    "the factors when the warm-up is 2.7 updates": (range(9), 9, 0.3),
    "the factors when the warm-up is 0.3 updates": (range(3), 3, 0.1),
    "the factors when everything is warm-up": (range(5), 4, 1.0),
}
TOTAL, WARMUP, RATES = 7, 0.3, (2.0, 0.5)


def probe(subject: Schedules, look: Look) -> None:
    """Look at one component's linear schedule."""
    for words, (positions, total, warmup) in CURVES.items():
        look(words, lambda at=positions, total=total, warmup=warmup: _factors(subject, at, total, warmup), axes=("position",))
    look("the factors when the warm-up is 0.5 updates", lambda: _factors(subject, range(3), 5, 0.1), "note", ("position",))
    if subject.start:
        look("the rates of two groups without warm-up", lambda: _rates(subject, 3, 0.0), axes=("update", "group"))
        look("the rates of two groups", lambda: _rates(subject, TOTAL + 2, WARMUP), axes=("update", "group"))
        look("the rates after saving and loading", lambda: _resumed(subject), axes=("update", "group"))


def _factors(subject: Schedules, positions: Iterable[int], total: int, warmup: float) -> Tensor:
    return torch.tensor([float(subject.factor(t, total, warmup)) for t in positions], dtype=torch.float64)


def _optimizer() -> SimpleNamespace:
    # all of an optimizer that a schedule touches; making one of torch's would load its compiler, which takes a second
    return SimpleNamespace(param_groups=[{"params": [], "lr": rate} for rate in RATES])


def _current(optimizer: SimpleNamespace) -> list[float]:
    return [float(group["lr"]) for group in optimizer.param_groups]


def _rates(subject: Schedules, updates: int, warmup: float) -> Tensor:
    optimizer = _optimizer()
    schedule, rates = subject.start(optimizer, TOTAL, warmup), []
    for _ in range(updates):
        rates.append(_current(optimizer))
        schedule.step()
    return torch.tensor(rates, dtype=torch.float64)


def _resumed(subject: Schedules) -> Tensor:
    optimizer, other = _optimizer(), _optimizer()
    first = subject.start(optimizer, TOTAL, WARMUP)
    for _ in range(3):
        first.step()
    second = subject.start(other, TOTAL, WARMUP)
    second.load_state_dict(first.state_dict())
    rates = [_current(other)]
    second.step()
    return torch.tensor([*rates, _current(other)], dtype=torch.float64)
