"""Sequential layer focus as data: orders, and what a plan costs beside ordinary training."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from minbert.errors import UserError
from tasks.focus_plan import ORDERS, Visit, affordable_steps, cost_of, focus_plan, focus_stages, focus_work, joint_work, unfreezing_work
from tasks.stage_plan import Stage, StageController

LAYERS = st.integers(1, 24)


def drawn(seed: int = 3) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_three_orders():
    assert [visit.layer for visit in focus_plan(5, 7)] == [1, 2, 3, 4, 5]
    assert focus_plan(3, 7, "top-down") == (Visit(3, 7), Visit(2, 7), Visit(1, 7))
    shuffles = {tuple(visit.layer for visit in focus_plan(5, 7, "random", drawn(seed))) for seed in range(9)}
    assert len(shuffles) > 3
    assert focus_plan(5, 7, "random", drawn()) == focus_plan(5, 7, "random", drawn())


@given(LAYERS, st.integers(1, 99), st.sampled_from(sorted(ORDERS)))
def test_every_layer_has_one_turn_and_the_order_costs_nothing(layers, steps, order):
    plan = focus_plan(layers, steps, order, drawn())
    assert sorted(visit.layer for visit in plan) == list(range(1, layers + 1))
    assert cost_of(focus_work(plan), layers) == cost_of(focus_work(focus_plan(layers, steps)), layers)


@given(LAYERS, st.integers(1, 99))
def test_a_turn_for_each_layer_is_half_of_a_forward_pass_each_and_one_backward_pass_in_all(layers, steps):
    cost = cost_of(focus_work(focus_plan(layers, steps)), layers)
    assert cost.forward == pytest.approx(steps * (layers + 1) / 2)  # sum of k / L: 6.5 for twelve layers
    assert cost.backward == pytest.approx(steps)
    assert cost.batches == layers * steps


def test_twelve_layers_are_six_and_a_half_forward_passes():
    cost = cost_of(focus_work(focus_plan(12, 1)), 12)
    assert (cost.forward, cost.backward, cost.batches) == (6.5, 1.0, 12)
    assert cost.full_steps == pytest.approx(8.5 / 3)


def test_an_epoch_for_each_layer_reads_twelve_times_the_data_of_one_epoch():
    epoch = 755
    focused, plain = cost_of(focus_work(focus_plan(12, epoch)), 12), cost_of(joint_work(12, epoch), 12)
    assert focused.batches == 12 * plain.batches
    assert plain.full_steps == epoch
    assert focused.full_steps / plain.full_steps == pytest.approx(2.8333, abs=1e-4)


def test_gradual_unfreezing_runs_all_layers_and_learns_with_ever_more():
    work = unfreezing_work(12, 1)
    assert [each.backward for each in work] == list(range(13))
    assert cost_of(work, 12).forward == 13


@given(st.floats(0, 10**6), LAYERS)
def test_what_is_affordable_fits_the_budget_and_one_step_more_does_not(budget, layers):
    steps = affordable_steps(budget, layers)
    assert cost_of(focus_work(focus_plan(layers, steps)), layers).full_steps <= budget * (1 + 1e-12)
    assert cost_of(focus_work(focus_plan(layers, steps + 1)), layers).full_steps > budget


@given(LAYERS, st.integers(0, 999))
def test_a_budget_of_exactly_some_steps_affords_them(layers, steps):
    each = layers * (layers + 1) / 2 + 2 * layers
    assert affordable_steps(steps * each / (3 * layers), layers) in (steps, max(0, steps - 1))
    assert affordable_steps(steps * each, layers) == 3 * layers * steps


def test_no_steps_are_no_visits():
    assert focus_plan(12, 0) == ()
    assert cost_of(focus_work(()), 12).full_steps == 0


def test_a_plan_is_a_fixed_list_of_stages_with_stage_two_at_its_end():
    together = Stage("together", loss="weighted", patience=2)
    controller, walked = StageController(focus_stages(focus_plan(3, 5, "top-down"), together, lr=2e-5)), []
    while controller.stage and controller.stage is not together:
        stage = controller.stage
        walked.append((stage.name, stage.trainable, stage.loss, stage.lr, stage.steps))
        assert [controller.observe(steps, score).restore for steps, score in ((2, 0.9), (3, 0.1))] == [False, False]
    assert walked == [(f"layer {k}", f"layer {k}", f"exit {k}", 2e-5, 5) for k in (3, 2, 1)]
    assert controller.stage is together
    assert focus_stages((), together, lr=1.0) == (together,)


@pytest.mark.parametrize(("arguments", "message"), [
    ((3, 1, "bottom up"), "order of layers is 'bottom up', expected one of bottom-up, top-down, random; did you mean 'bottom-up'"),
    ((0, 1), "a plan for 0 layers with 1 steps each"),
    ((3, -1), "3 layers with -1 steps each"),
])
def test_what_makes_no_sense_is_refused(arguments, message):
    with pytest.raises(UserError, match=message):
        focus_plan(*arguments)
