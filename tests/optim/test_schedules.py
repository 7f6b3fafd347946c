"""Schedules: the printed values, ratios that never change, and resuming anywhere."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from optim import SCHEDULES, AdamW, Schedule, constant, linear, slanted_triangular


def optimizer_of(*rates: float) -> AdamW:
    """One group per rate."""
    return AdamW([{"params": [torch.nn.Parameter(torch.ones(3))], "lr": rate} for rate in rates])


def rates(optimizer: AdamW) -> list[float]:
    """The groups' current rates."""
    return [group["lr"] for group in optimizer.param_groups]


@pytest.mark.parametrize(("t", "factor"), [(0, 0), (5, 0.5), (10, 1), (55, 0.5), (99, 1 / 90), (100, 0), (137, 0)])
def test_linear_has_the_published_values(t, factor):
    assert linear(t, 100, 0.1) == factor


@pytest.mark.parametrize(("t", "rate"), [(0, 3.125e-4), (5, 5.15625e-3), (10, 0.01), (55, 5.15625e-3), (100, 3.125e-4), (137, 3.125e-4)])
def test_slanted_triangular_has_the_published_values(t, rate):
    assert 0.01 * slanted_triangular(t, 100, 0.1) == pytest.approx(rate, rel=1e-15)


@given(thousands=st.integers(1, 200), t=st.integers(0, 2000))
def test_slanted_triangular_is_ulmfits_formula_wherever_the_share_is_whole(thousands, t):
    total, cut = 10 * thousands, thousands
    p = t / cut if t < cut else 1 - (t - cut) / (cut * (1 / 0.1 - 1))
    assert slanted_triangular(t, total, 0.1) == pytest.approx((1 + max(p, 0) * (32 - 1)) / 32, rel=1e-12)


@given(t=st.integers(0, 300), total=st.integers(1, 200), warmup=st.floats(0, 1))
def test_slanted_triangular_never_reaches_0_and_never_goes_below_its_ends(t, total, warmup):
    assert 1 / 32 <= slanted_triangular(t, total, warmup) <= 1
    assert slanted_triangular(total + t, total, warmup) == (1 / 32 if int(warmup * total + 1e-9) < total else 1)


def test_a_run_too_short_for_a_warm_up_starts_at_the_top():
    assert [slanted_triangular(t, 4, 0.1) for t in range(5)] == pytest.approx([1, 1 - 31 / 128, 1 - 31 / 64, 1 - 93 / 128, 1 / 32])
    assert slanted_triangular(29, 100, 0.29) == 1 > slanted_triangular(28, 100, 0.29)


@given(t=st.integers(0, 300), total=st.integers(1, 200), warmup=st.floats(0, 1))
def test_factors_stay_between_0_and_1_and_end_at_0(t, total, warmup):
    assert 0 <= linear(t, total, warmup) <= 1 and constant(t, total, warmup) == 1
    assert linear(total, total, warmup) == 0
    if round(warmup * total) < total:
        assert linear(round(warmup * total), total, warmup) == 1


def test_update_n_uses_position_n_minus_1_or_n():
    seen = {}
    for first in (0, 1):
        optimizer = optimizer_of(2.0)
        schedule, seen[first] = Schedule(optimizer, "linear", total=10, warmup=0.2, first=first), []
        for _ in range(10):
            seen[first] += rates(optimizer)
            optimizer.step()
            schedule.step()
    assert seen[0] == [2 * linear(n - 1, 10, 0.2) for n in range(1, 11)] and seen[0][0] == 0 and seen[0][-1] > 0
    assert seen[1] == [2 * linear(n, 10, 0.2) for n in range(1, 11)] and seen[1][0] == 1 and seen[1][-1] == 0


@pytest.mark.parametrize("name", SCHEDULES)
def test_ratios_of_the_groups_survive_every_step(name):
    optimizer = optimizer_of(1.0, 0.5, 0.25)
    schedule = Schedule(optimizer, name, total=13, warmup=0.3)
    for _ in range(12):
        schedule.step()
        top, middle, bottom = rates(optimizer)
        assert top == 2 * middle == 4 * bottom == schedule.factor > 0


def test_a_group_that_joins_later_brings_its_own_rate():
    optimizer = optimizer_of(1.0)
    schedule = Schedule(optimizer, total=10, warmup=0)
    schedule.step()
    optimizer.add_param_group({"params": [torch.nn.Parameter(torch.ones(2))], "lr": 3.0})
    schedule.step()
    assert rates(optimizer) == [0.8, 3.0 * 0.8]


def test_a_round_trip_goes_on_where_it_stopped():
    optimizer = optimizer_of(1.0, 0.3)
    schedule = Schedule(optimizer, total=17)
    for _ in range(5):
        schedule.step()
    again = optimizer_of(7.0, 7.0)  # a resumed run builds everything anew, then loads
    resumed = Schedule(again, total=17)
    again.load_state_dict(optimizer.state_dict())
    resumed.load_state_dict(schedule.state_dict())
    for _ in range(12):
        assert rates(again) == rates(optimizer)
        schedule.step()
        resumed.step()
    assert rates(again) == [0, 0]


def test_constant_changes_no_rate():
    optimizer = optimizer_of(0.1, 0.3)
    schedule = Schedule(optimizer, "constant", total=3)
    schedule.step()
    assert rates(optimizer) == [0.1, 0.3] and set(SCHEDULES) == {"constant", "linear", "slanted-triangular"}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"name": "cosine", "total": 3}, "got name='cosine', expected one of 'constant', 'linear', 'slanted-triangular'"),
        ({"total": 0}, "got total=0, expected a whole number of updates, at least 1; try epochs"),
        ({"total": 2.5}, r"got total=2\.5, expected a whole number"),
        ({"total": 3, "warmup": 10}, "got warmup=10, expected a share of the updates, from 0 to 1; try 0.1"),
        ({"total": 3, "first": 2}, "got first=2, expected 0 or 1"),
    ],
)
def test_settings_out_of_range_are_refused(options, sentence):
    optimizer = optimizer_of(0.5)
    with pytest.raises(ValueError, match=sentence):
        Schedule(optimizer, **options)
    assert rates(optimizer) == [0.5]


@pytest.mark.parametrize("state", [{}, {"updates_done": -1}, {"updates_done": 2, "lr": 1}, {"updates_done": None}])
def test_another_kind_of_state_is_refused(state):
    with pytest.raises(ValueError, match="Schedule got the state .*, expected {'updates_done': a number of updates}"):
        Schedule(optimizer_of(0.5), total=3).load_state_dict(state)
