"""What the schedules probe needs: the factor at a position, and the object that sets every group's rate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch.optim import Optimizer


@dataclass(frozen=True)
class Schedules:
    """factor(t, total, warmup share) -> what the rate is multiplied by; start(optimizer, total, warmup share) -> an object with step(),
    state_dict() and load_state_dict(), which sets "lr" of every group, or None where a layout has none."""

    factor: Callable[[int, int, float], float]
    start: Callable[[Optimizer, int, float], Any] | None = None


def library() -> Schedules:
    """The subject made of optim/schedules.py."""
    import optim.schedules as ours  # here, so that a file that cannot be read is reported when its component is checked

    # asked for when it is called, because a schedule finds its formula in the table of schedules
    return Schedules(lambda *asked: ours.linear(*asked), lambda optimizer, total, warmup: ours.Schedule(optimizer, total=total, warmup=warmup))
