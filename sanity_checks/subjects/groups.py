"""What the groups probe needs: parameter groups, and a schedule over them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from unittest import mock

import torch
from torch import Tensor

Named = Sequence[tuple[str, Tensor]]


@dataclass(frozen=True)
class Groups:
    """groups(named parameters, lr, weight decay, **settings) -> dicts with params, lr, weight_decay and name; slanted(t, total, warmup) -> factor;
    rates(lr of each group, number of updates) -> one row of rates for each update, whose factors are 1, 1/2, 1/3, ..."""

    groups: Callable[..., Sequence[dict[str, Any]]]
    slanted: Callable[[int, int, float], float]
    rates: Callable[[Sequence[float], int], list[list[float]]]


def library() -> Groups:
    """The subject made of optim/groups.py, optim/rates.py and optim/schedules.py."""
    import optim.groups as ours  # here, so that a file that cannot be read is reported when its component is checked
    from optim import schedules

    def rates(own: Sequence[float], updates: int) -> list[list[float]]:
        optimizer, rows = torch.optim.SGD([{"params": [torch.zeros(1, requires_grad=True)], "lr": rate} for rate in own]), []
        with mock.patch.dict(schedules.SCHEDULES, constant=lambda t, total, warmup: 1 / (1 + t)):  # no body that somebody may still have to write
            schedule = schedules.Schedule(optimizer, "constant", total=updates)
            for _ in range(updates):
                rows.append([group["lr"] for group in optimizer.param_groups])
                schedule.step()
        return rows

    return Groups(ours.parameter_groups, lambda t, total, warmup: schedules.SCHEDULES["slanted-triangular"](t, total, warmup), rates)
