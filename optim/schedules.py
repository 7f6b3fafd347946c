"""Learning-rate schedules: functions from a position t to a factor, and the small object that multiplies every group's own rate by it.

    constant             1
    linear               t/w for t < w,  then (T - t)/(T - w),  then 0     T updates in all, w = warmup * T of them to warm up (rounded)
    slanted-triangular   (1 + 31 p)/32,  where p climbs and falls like that between 0 and 1, with w rounded down  (Howard & Ruder 2018)

With T = 100 and warmup = 0.1 linear is 0 at t = 0, .5 at 5, 1 at 10, .5 at 55, .0111 at 99 and 0 at 100; slanted-triangular is 1/32 at t = 0,
.515625 at 5, 1 at 10, .515625 at 55 and 1/32 at 100: it never comes to rest.

Which t an update uses is a choice, because linear has T + 1 positions, both ends 0.  Update number n = 1, 2, ..., T uses t = n - 1, as in torch
and transformers: the first update has rate 0 and moves nothing, the last has factor 1/(T - w).  With `first=1` update n uses t = n: the first
update moves by 1/w of the rate, and the last is the one that moves nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch.optim import Optimizer


def constant(t: int, total: int, warmup: float = 0.0) -> float:
    """Factor 1 at every position; `total` and `warmup` play no part."""
    return 1.0


def linear(t: int, total: int, warmup: float = 0.1) -> float:
    """Up in a line from 0 to 1 over the first `warmup` (0..1) of `total` updates, then down in a line to 0 at t = total, and 0 beyond."""
    warmup_updates = round(warmup * total)  # whole updates, so that the ramp really reaches 1
    if t >= total:  # first, because with warmup = 1 the last line would divide by 0 here
        return 0.0
    if t < warmup_updates:
        return t / warmup_updates
    return (total - t) / (total - warmup_updates)


LOWEST = 1 / 32  # ULMFiT's `ratio`: how much smaller the lowest rate is than the highest


def slanted_triangular(t: int, total: int, warmup: float = 0.1) -> float:
    """Steeply up in a line from 1/32 to 1, slowly down to 1/32 at t = total, and 1/32 beyond: the STLR of ULMFiT, section 3.2.

    ULMFiT falls over cut (1/warmup - 1) updates.  That is T - cut where warmup * T is whole; elsewhere it ends early and goes below zero, so
    T - cut it is here.  A run too short for one whole update of warm-up (cut = 0, where ULMFiT divides by 0) starts at the top.
    """
    cut = int(warmup * total + 1e-9)  # rounded down as in the paper, but .29 * 100 = 28.999999999999996 is meant as 29
    at = min(t, total)
    p = at / cut if at < cut else 1 - (at - cut) / max(1, total - cut)
    return LOWEST + p * (1 - LOWEST)  # (1 + p (32 - 1)) / 32


SCHEDULES: dict[str, Callable[[int, int, float], float]] = {"constant": constant, "linear": linear, "slanted-triangular": slanted_triangular}


class Schedule:
    """Multiplies each group's own rate by the schedule's factor, so that the groups' ratios never change.

    A group's own rate is kept in the group as "initial_lr"; a group that joins later brings its own.  Call `step` after every
    `optimizer.step()`.  name: a key of SCHEDULES; total: number of updates T, at least 1; warmup: share of them, 0 to 1; first: the position t
    that the first update uses, 0 or 1 (top of this file).  Raises ValueError for settings out of range.

        schedule = Schedule(optimizer, "linear", total=100, warmup=0.1)
        optimizer.step(); schedule.step()
    """

    def __init__(self, optimizer: Optimizer, name: str = "linear", *, total: int, warmup: float = 0.1, first: int = 0) -> None:
        _check(name, total, warmup, first)
        self.optimizer, self.name, self.total, self.warmup, self.first = optimizer, name, total, warmup, first
        self.updates_done = 0
        self._apply()

    @property
    def factor(self) -> float:
        """What the next update's rates are multiplied by."""
        return SCHEDULES[self.name](self.updates_done + self.first, self.total, self.warmup)

    def step(self) -> None:
        """Count one update as done and set the rates of the next."""
        self.updates_done += 1
        self._apply()

    def _apply(self) -> None:
        for group in self.optimizer.param_groups:
            # the own rate is kept apart: multiplying "lr" itself would compound from step to step
            group.setdefault("initial_lr", group["lr"])
            group["lr"] = group["initial_lr"] * self.factor

    def state_dict(self) -> dict[str, Any]:
        """The position; everything else is the constructor's, and the groups' own rates travel with the optimizer."""
        return {"updates_done": self.updates_done}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go to a saved position and set the rates there; load the optimizer's state first.  Raises ValueError for another kind of state."""
        done = state.get("updates_done")  # a position, never a rate: a resumed run may be given another lr
        if set(state) != {"updates_done"} or not isinstance(done, int) or done < 0:
            raise ValueError(f"Schedule got the state {state!r}, expected {{'updates_done': a number of updates}}, as state_dict() gives it")
        self.updates_done = done
        self._apply()


def _check(name: str, total: int, warmup: float, first: int) -> None:
    """Raise ValueError for the first setting of a Schedule that is out of range."""
    rules = {
        "name": (name, name in SCHEDULES, "one of " + ", ".join(map(repr, SCHEDULES))),
        "total": (total, isinstance(total, int) and total >= 1, "a whole number of updates, at least 1; try epochs * steps per epoch"),
        "warmup": (warmup, 0 <= warmup <= 1, "a share of the updates, from 0 to 1; try 0.1 for a tenth"),
        "first": (first, first in (0, 1), "0 or 1; try 0, with which update n uses position n - 1"),
    }
    for setting, (value, is_fine, expected) in rules.items():
        if not is_fine:
            raise ValueError(f"Schedule got {setting}={value!r}, expected {expected}")
