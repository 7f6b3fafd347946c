"""Alternating steps: period two over the whole run, what they cost, and BERxiT's own loop as the special case without SMART."""

from __future__ import annotations

import copy

import pytest
import torch
from focus_small import Exits, batch
from hypothesis import given
from hypothesis import strategies as st

from minbert.errors import UserError
from optim import AdamW
from tasks.alternating import EXITS, PERIOD, SMART_ON, Alternating
from tasks.exit_weights import combine_losses, exit_weights

SWITCHES = [(exits, smart) for exits in EXITS for smart in SMART_ON if (exits, smart) != ("all", "final")]


@given(st.sampled_from(SWITCHES), st.integers(0, 10**9))
def test_the_period_is_two_and_a_turn_depends_on_the_number_alone(switches, taken):
    schedule = Alternating(*switches)
    assert schedule.at(taken) == schedule.at(taken + PERIOD) == Alternating(*switches).at(taken % PERIOD)


def test_what_each_switch_means_in_the_first_two_steps():
    table = {(exits, smart): [tuple(Alternating(exits, smart).at(taken)) for taken in (0, 1)] for exits, smart in SWITCHES}
    one, every = True, False  # the final exit, or all
    assert table == {
        ("final", "none"): [(one, False), (one, False)], ("final", "final"): [(one, True), (one, True)],
        ("final", "all"): [(one, True), (one, True)], ("final", "even"): [(one, False), (one, True)],
        ("all", "none"): [(every, False), (every, False)], ("all", "all"): [(every, True), (every, True)], ("all", "even"): [(every, False), (every, True)],
        ("parity", "none"): [(one, False), (every, False)], ("parity", "final"): [(one, True), (every, False)],
        ("parity", "all"): [(one, True), (every, True)], ("parity", "even"): [(one, False), (every, True)],
    }  # fmt: skip


def test_the_switches_are_orthogonal():
    """Which exits learn does not depend on SMART, and `even` and `all` not on the exits."""
    for exits in EXITS:
        assert len({tuple(Alternating(*each).at(taken).final_only for taken in range(4)) for each in SWITCHES if each[0] == exits}) == 1
    for smart in ("none", "all", "even"):
        assert len({tuple(Alternating(*each).at(taken).smart for taken in range(4)) for each in SWITCHES if each[1] == smart}) == 1


def test_parity_runs_through_epochs_of_an_odd_number_of_steps():
    schedule, per_epoch = Alternating(), 3
    turns = [schedule.at(epoch * per_epoch + step).final_only for epoch in range(4) for step in range(per_epoch)]
    assert turns == [True, False] * 6
    afresh = [schedule.at(step).final_only for _ in range(4) for step in range(per_epoch)]  # as the published code counts
    assert afresh[2:4] == [True, True]  # two final-only steps meet at the edge of the epochs


@pytest.mark.parametrize(("switches", "cost"), [
    (("parity", "none"), 1.0), (("parity", "final"), 2.0), (("parity", "all"), 3.0), (("final", "even"), 2.0), (("final", "final"), 3.0), (("all", "even"), 2.0),
])
def test_the_cost_follows_from_the_schedule(switches, cost):
    assert Alternating(*switches).cost(smart=3.0) == cost
    assert Alternating(*switches).smart_share() == (cost - 1) / 2


def test_the_cost_counts_exits_too():
    assert Alternating("parity", "none").cost(all_exits=1.5) == 1.25
    assert Alternating("parity", "final").cost(smart=2.6, all_exits=1.5) == pytest.approx((2.6 + 1.5) / 2)
    assert Alternating("all", "none").cost(all_exits=1.5) == 1.5


def berxit(model: Exits, steps: int) -> None:
    """Alternating fine-tuning as the paper words it: odd steps minimise L_n, even steps the sum of all."""
    optimizer, (ids, mask, labels) = AdamW(model.parameters(), lr=1e-2), batch()
    for step in range(1, steps + 1):
        losses = model.losses(ids, mask, labels)
        loss = losses[-1] if step % 2 else sum(losses)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()


def ours(model: Exits, optimizer: AdamW, taken: range, schedule: Alternating) -> None:
    ids, mask, labels = batch()
    for step in taken:
        rule = "final" if schedule.at(step).final_only else "joint"
        losses = model.losses(ids, mask, labels)
        optimizer.zero_grad(set_to_none=True)
        combine_losses(losses, exit_weights(rule, len(losses), reduce="sum")).backward()
        optimizer.step()


def test_without_smart_it_is_alternating_fine_tuning_of_berxit_even_when_stopped_in_between():
    theirs, mine = Exits(), Exits()
    berxit(theirs, 5)
    optimizer = AdamW(mine.parameters(), lr=1e-2)
    ours(mine, optimizer, range(3), Alternating("parity", "none"))
    resumed, second = copy.deepcopy(mine), Exits()
    second.load_state_dict(resumed.state_dict())
    again = AdamW(second.parameters(), lr=1e-2)
    again.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    ours(second, again, range(3, 5), Alternating("parity", "none"))  # a run that only knows how many steps were taken
    assert all(torch.equal(tensor, theirs.state_dict()[name]) for name, tensor in second.state_dict().items())


def test_a_final_only_step_leaves_the_other_exits_without_gradient():
    model, (ids, mask, labels) = Exits(), batch()
    losses = model.losses(ids, mask, labels)
    combine_losses(losses, exit_weights("alternating", len(losses), steps_taken=0)).backward()
    assert all(parameter.grad is None for name, parameter in model.named_parameters() if name.startswith("exits."))
    assert all(parameter.grad is not None for name, parameter in model.named_parameters() if name.startswith(("bert.layers.", "heads.sst.")))


@pytest.mark.parametrize(("switches", "message"), [
    (("both", "none"), "exits is 'both', expected one of final, all, parity"),
    (("parity", "event"), "smart_on is 'event', expected one of none, final, all, even; did you mean 'even'"),
    (("all", "final"), 'with exits = "all" there is none'),
])
def test_what_makes_no_sense_is_refused(switches, message):
    with pytest.raises(UserError, match=message):
        Alternating(*switches)
