"""Stages: when they end, which weights they leave behind, and that the log alone tells the whole story."""

from __future__ import annotations

import copy
import json
import math
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from minbert.errors import UserError
from tasks.best_weights import BestWeights
from tasks.stage_plan import Decision, Stage, StageController, replay

SCORES = st.lists(st.floats(-1, 1), min_size=1, max_size=40)
NUMBERS = st.tuples(st.one_of(st.none(), st.integers(1, 9)), st.one_of(st.just(math.inf), st.integers(1, 4)), st.sampled_from([0.0, 0.01, 0.3]))
PLANS = st.lists(NUMBERS.filter(lambda row: row[0] or row[1] < math.inf), min_size=1, max_size=4).map(
    lambda rows: tuple(Stage(f"s{i}", steps=steps, patience=patience, min_delta=delta) for i, (steps, patience, delta) in enumerate(rows)))


def watched(plan: tuple[Stage, ...], scores: list[float], every: int = 2) -> tuple[StageController, list[Decision]]:
    """Evaluate every `every` steps, or where the budget ends, until scores or stages run out."""
    controller, decisions = StageController(plan), []
    for score in scores:
        if controller.stage is None:
            break
        decisions.append(controller.observe(int(min(every, controller.steps_left)), score))
    return controller, decisions


def actions(decisions: list[Decision]) -> list[str]:
    return [f"{decision.action} {decision.why}".strip() for decision in decisions]


@given(PLANS, SCORES, st.integers(1, 3))
def test_replaying_the_log_gives_the_same_decisions(plan, scores, every):
    controller, decisions = watched(plan, scores, every)
    assert replay(StageController(plan), controller.log) == decisions
    assert replay(StageController(plan), json.loads(json.dumps(controller.state_dict()))["log"]) == decisions


@given(PLANS, SCORES, st.integers(0, 40), st.integers(1, 3))
def test_a_controller_saved_and_loaded_anywhere_goes_on_as_if_nothing_had_been(plan, scores, cut, every):
    whole, decisions = watched(plan, scores, every)
    first, early = watched(plan, scores[:cut], every)
    second = StageController(plan)
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    assert (second.stage, second.steps_left) == (first.stage, first.steps_left)
    late = [second.observe(int(min(every, second.steps_left)), score) for score in scores[cut:] if second.stage]
    assert early + late == decisions
    assert second.state_dict() == whole.state_dict()


@given(PLANS.map(lambda plan: tuple(replace(stage, steps=stage.steps or 5, patience=math.inf) for stage in plan)), SCORES, st.integers(1, 3))
def test_without_patience_it_is_a_fixed_schedule_whatever_dev_says(plan, scores, every):
    _, decisions = watched(plan, scores, every)
    _, others = watched(plan, [-score / 3 for score in scores], every)
    assert actions(decisions) == actions(others)
    taken = [stage.name for stage in plan for _ in range(-(-stage.steps // every))]
    assert [decision.stage for decision in decisions] == taken[: len(scores)]


@given(SCORES, st.integers(1, 4))
def test_a_plateau_is_patience_evaluations_after_the_best(scores, patience):
    _, decisions = watched((Stage("only", patience=patience),), scores)
    age = [place - scores.index(max(scores[: place + 1])) for place in range(len(scores))]  # evaluations since the best so far
    expected = next((place for place, waited in enumerate(age) if waited >= patience), None)
    ended = next((place for place, decision in enumerate(decisions) if decision.action == "finish"), None)
    assert ended == expected


class Numbered(nn.Module):
    """A model whose one weight says after how many steps it is."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(()))


@settings(deadline=None)
@given(PLANS, SCORES, st.integers(0, 40))
def test_every_stage_leaves_its_best_weights_behind_even_when_resumed(plan, scores, cut):
    controller, keeper, model, seen = StageController(plan), BestWeights(), Numbered(), {}
    for place, score in enumerate(scores):
        if controller.stage is None:
            break
        if place == cut:
            fresh, other = StageController(plan), BestWeights()
            fresh.load_state_dict(controller.state_dict())
            other.load_state_dict(copy.deepcopy(keeper.state_dict()))
            controller, keeper = fresh, other
        with torch.no_grad():
            model.weight.fill_(place + 1)
        seen.setdefault(controller.stage.name, []).append((score, place + 1))
        decision = controller.observe(int(min(2, controller.steps_left)), score)
        keeper.follow(decision, model)
        if decision.action != "stay":
            best = max(score for score, _ in seen[decision.stage])
            assert model.weight.item() == next(number for score, number in seen[decision.stage] if score == best)  # the first of equals


def test_slow_but_steady_rises_are_no_plateau():
    """Each rise is below min_delta, and three of them are above it."""
    scores = [0.500, 0.504, 0.508, 0.512, 0.516, 0.520, 0.524]
    _, decisions = watched((Stage("only", patience=3, min_delta=0.01),), scores)
    assert actions(decisions) == ["stay"] * 7
    assert all(decision.is_best for decision in decisions)  # each is the best, a rise or not


def test_a_small_rise_is_the_best_but_does_not_save_the_stage():
    _, decisions = watched((Stage("only", patience=2, min_delta=0.1),), [0.5, 0.55, 0.52])
    assert actions(decisions) == ["stay", "stay", "finish plateau"]
    assert [decision.is_best for decision in decisions] == [True, True, False] and decisions[-1].restore


def test_a_new_stage_starts_with_patience_and_best_of_its_own():
    plan = (Stage("sentiment", patience=1), Stage("all tasks", patience=2, steps=100))
    _, decisions = watched(plan, [0.9, 0.8, 0.3, 0.2, 0.1])  # the second stage's score is of another kind, and lower
    assert actions(decisions) == ["stay", "advance plateau", "stay", "stay", "finish plateau"]
    assert [decision.is_best for decision in decisions] == [True, False, True, False, False]


def test_the_budget_ends_a_stage_to_the_step():
    controller = StageController((Stage("short", steps=5), Stage("next", steps=3)))
    assert [controller.observe(steps, 0.1).action for steps in (2, 2, 1)] == ["stay", "stay", "advance"]
    assert controller.steps_left == 3
    assert controller.observe(3, 0.2) == Decision("next", "finish", True, False, "budget")
    assert (controller.stage, controller.steps_left) == (None, 0)


def test_a_stage_may_leave_its_last_weights_behind():
    _, decisions = watched((Stage("only", steps=4, restore="last"),), [0.9, 0.1])
    assert [decision.restore for decision in decisions] == [False, False]


def test_kept_weights_do_not_move_with_the_model():
    model, keeper = Numbered(), BestWeights()
    keeper.keep(model)
    with torch.no_grad():
        model.weight.fill_(7)
    keeper.put_back(model)
    assert model.weight.item() == 0
    with pytest.raises(UserError, match="no best weights to put back"):
        BestWeights().put_back(model)


@pytest.mark.parametrize(("change", "message"), [
    ({}, "stage 'x' never ends: give it a budget of steps, or a patience"),
    ({"steps": 0}, "steps = 0, expected a whole number of steps"), ({"patience": 0}, "patience = 0, expected"),
    ({"patience": 1.5}, "patience = 1.5, expected a whole number of evaluations"), ({"steps": 3, "min_delta": -1}, "min_delta = -1, expected 0 or more"),
    ({"steps": 3, "lr": 0}, "lr = 0, expected a rate above 0"), ({"steps": 3, "restore": "first"}, "restore = 'first', expected one of best, last"),
    ({"steps": 3, "patience": math.nan}, "patience = nan"),
])
def test_a_stage_that_makes_no_sense_is_refused(change, message):
    with pytest.raises(UserError, match=message):
        Stage("x", **change)


@pytest.mark.parametrize(("steps", "score", "message"), [
    (1, math.nan, "dev scores nan in stage 'a', expected a finite number"), (6, 0.5, "6 steps were taken in stage 'a', expected 1 to 5"), (0, 0.5, "0 steps"),
])
def test_an_impossible_observation_is_refused_and_not_remembered(steps, score, message):
    controller = StageController((Stage("a", steps=5),))
    with pytest.raises(UserError, match=message):
        controller.observe(steps, score)
    assert controller.log == [] and controller.steps_left == 5


def test_plans_and_logs_that_do_not_belong_together_are_refused():
    plan = (Stage("a", patience=1), Stage("b", steps=3))
    controller, _ = watched(plan, [0.1, 0.2])
    for other in ((replace(plan[0], patience=2), plan[1]), plan[:1]):
        stranger = StageController(other)
        with pytest.raises(UserError, match="this log was kept for the plan"):
            stranger.load_state_dict(controller.state_dict())
        assert stranger.log == []
    for wrong in ((), (plan[0], plan[0])):
        with pytest.raises(UserError, match="needs stages with names of their own"):
            StageController(wrong)
    done, _ = watched((Stage("a", steps=1),), [0.5])
    with pytest.raises(UserError, match="every stage is done"):
        done.observe(1, 0.5)
