"""Schedules: the factor by its definition, and each group's own rate kept in proportion. T updates, w of them to warm up."""

from __future__ import annotations

import torch

from optim import Schedule, constant, linear
from sanity_checks.judge import expect, same
from sanity_checks.light import bare

TOTAL, WARMUP = 100, 0.1
# Position -> factor of the linear schedule, worked out by hand: 10 updates up, 90 down.
LINEAR = {0: 0.0, 1: 0.1, 5: 0.5, 9: 0.9, 10: 1.0, 55: 0.5, 99: 1 / 90, 100: 0.0, 101: 0.0}


def two_groups() -> torch.optim.SGD:
    """An optimizer with two groups at rates 1 and 0.25."""
    return bare(torch.optim.SGD([{"params": [torch.zeros(1, requires_grad=True)], "lr": rate} for rate in (1.0, 0.25)], lr=1.0))


def linear_rises_and_falls() -> float:
    """Linear: up to 1 over the warm-up, down to 0 at the end, 0 beyond; constant: always 1."""
    expect(all(constant(t, TOTAL, WARMUP) == 1.0 for t in LINEAR), "the constant schedule is not 1 everywhere")
    got = torch.tensor([linear(t, TOTAL, WARMUP) for t in LINEAR], dtype=torch.float64)
    return same("the linear factor", got, torch.tensor(list(LINEAR.values()), dtype=torch.float64), 1e-12)


def groups_keep_their_proportion() -> float:
    """Every group's rate is its own rate times the factor, update after update."""
    optimizer, worst = two_groups(), 0.0
    schedule = Schedule(optimizer, "linear", total=TOTAL, warmup=WARMUP)
    for t in range(TOTAL):
        rates = torch.tensor([group["lr"] for group in optimizer.param_groups], dtype=torch.float64)
        factor = t / 10 if t < 10 else (TOTAL - t) / 90
        worst = max(worst, same(f"the groups' rates at update {t + 1}", rates, torch.tensor([factor, factor / 4], dtype=torch.float64), 1e-12))
        optimizer.step()
        schedule.step()
    return worst


def a_schedule_goes_on_where_it_stopped() -> None:
    """Saved and loaded, a schedule gives the rates of then."""
    optimizer, other = two_groups(), two_groups()
    schedule, again = (Schedule(each, "linear", total=TOTAL, warmup=WARMUP) for each in (optimizer, other))
    for _ in range(37):
        optimizer.step()
        schedule.step()
    again.load_state_dict(schedule.state_dict())
    expect([group["lr"] for group in other.param_groups] == [group["lr"] for group in optimizer.param_groups], "the rates after loading are others")


PROBES = (linear_rises_and_falls, groups_keep_their_proportion, a_schedule_goes_on_where_it_stopped)
