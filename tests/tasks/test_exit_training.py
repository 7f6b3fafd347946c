"""Training exits: which losses count in which step, who learns from them, and who stays bit for bit as it was."""

from __future__ import annotations

import pytest
import torch
from exits_small import DEEP, LAYERS
from tasks_small import TRIO, small_batch, small_model

from minbert.errors import UserError
from optim.adamw import AdamW
from tasks.exit_certainty import Certainty, certainty_loss
from tasks.exit_training import REGIMES, ExitStep, exit_loss, exit_losses, exit_step
from tasks.exits import make_exits, walk_exits
from tasks.model import MultitaskModel
from tasks.trainable import only


def trained_model() -> MultitaskModel:
    """A model with exits among its parts, in train mode with dropout in its heads."""
    model = small_model(config=DEEP, head_dropout=0.1)
    model.exits = make_exits(model, seed=1).double()
    return model.double().train()


def step_on(model: MultitaskModel, step: ExitStep, task: str = "sst") -> dict[str, bool]:
    """Take one step of AdamW with weight decay; returns name -> whether it moved, of every parameter."""
    before = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
    batch = small_batch(task)
    with only(model, step.learns, LAYERS) as pupils:
        optimizer = AdamW([parameter for _, parameter in pupils], lr=1e-2, weight_decay=0.1, backend="eager")
        exit_loss(TRIO[task].kind, walk_exits(model, model.exits[task], batch, step.wanted), batch.labels, step).backward()
        optimizer.step()
    return {name: not torch.equal(parameter, before[name]) for name, parameter in model.named_parameters()}


def of_exits(moved: dict[str, bool], task: str = "sst") -> set[bool]:
    """What became of the exits of a task."""
    return {value for name, value in moved.items() if name.startswith(f"exits.{task}.")}


def of_the_rest(moved: dict[str, bool]) -> dict[str, bool]:
    """What became of everything but exits, of those parts that the task's last head reads."""
    return {name: value for name, value in moved.items() if not name.startswith("exits.") and not name.startswith(("heads.quora", "heads.sts"))}


@pytest.mark.parametrize("regime, taken, expected", [
    ("joint", 0, (0.25, 0.25, 0.25, 0.25)), ("weighted", 3, (0.1, 0.2, 0.3, 0.4)),
    ("alternating", 0, (0, 0, 0, 1)), ("alternating", 1, (0.25, 0.25, 0.25, 0.25)), ("alternating", 754, (0, 0, 0, 1)), ("alternating", 755, (0.25, 0.25, 0.25, 0.25)),
])
def test_weights_are_those_of_the_table(regime, taken, expected):
    step = exit_step(regime, LAYERS, taken)
    assert step.weights == pytest.approx(expected) and step.learns == "all"


def test_two_stages_are_told_by_the_steps_of_the_first():
    assert exit_step("two-stage", 4, 6, first_stage=7) == ExitStep((0, 0, 0, 1.0), "all")
    assert exit_step("two-stage", 4, 7, first_stage=7) == ExitStep((1 / 3, 1 / 3, 1 / 3, 0.0), "heads")
    assert exit_step("two-stage", 4, 7, first_stage=7, reduce="sum").weights == (1.0, 1.0, 1.0, 0.0)


def test_all_exits_learn_together_and_so_does_the_encoder():
    moved = step_on(trained_model(), exit_step("joint", LAYERS, 0))
    assert of_exits(moved) == {True} and of_exits(moved, "sts") == {False}
    assert all(value for name, value in of_the_rest(moved).items() if name.endswith("weight") and "token_type" not in name)


@pytest.mark.parametrize("task", TRIO)
def test_an_odd_step_of_alternating_leaves_the_exits_below_as_they_are(task):
    model = trained_model()
    moved = step_on(model, exit_step("alternating", LAYERS, 0), task)
    assert of_exits(moved, task) == {False} and moved[f"heads.{task}.linear.weight"]
    assert moved["bert.layers.0.feed_forward.expand.weight"]


def test_the_exits_of_an_odd_step_have_no_gradient_rather_than_zeros():
    model, batch, step = trained_model(), small_batch("sst"), exit_step("alternating", LAYERS, 2)
    exit_loss("classes", walk_exits(model, model.exits["sst"], batch, step.wanted), batch.labels, step).backward()
    assert all(parameter.grad is None for parameter in model.exits.parameters())


def test_the_second_of_two_stages_leaves_encoder_and_last_head_bit_for_bit():
    moved = step_on(trained_model(), exit_step("two-stage", LAYERS, 5, first_stage=5))
    assert of_exits(moved) == {True} and not any(of_the_rest(moved).values())


def test_the_loss_is_the_weighted_sum_of_the_exits_own():
    model, batch = trained_model().eval(), small_batch("sts")
    found = list(walk_exits(model, model.exits["sts"], batch))
    by_hand = [((each.logits - batch.labels) ** 2).mean() for each in found]
    torch.testing.assert_close(torch.stack(exit_losses("regression", found, batch.labels)), torch.stack(by_hand), rtol=0, atol=1e-12)
    for regime, weights in {"joint": [0.25] * 4, "weighted": [0.1, 0.2, 0.3, 0.4]}.items():
        total = exit_loss("regression", found, batch.labels, exit_step(regime, LAYERS, 0))
        torch.testing.assert_close(total, sum(weight * loss for weight, loss in zip(weights, by_hand)), rtol=0, atol=1e-12)


def test_the_final_loss_alone_is_plain_training():
    model, batch, step = trained_model().eval(), small_batch("quora"), exit_step("alternating", LAYERS, 0)
    plain = model.loss(batch, model(batch))
    assert torch.equal(exit_loss("binary", walk_exits(model, model.exits["quora"], batch, step.wanted), batch.labels, step), plain)


def test_a_certainty_moves_with_the_exits_of_the_second_stage_and_moves_no_head():
    model, batch = trained_model().eval(), small_batch("sst")
    model.certainty = torch.nn.ModuleDict({"sst": Certainty(15)}).double()
    with only(model, "heads", LAYERS) as pupils:
        assert {"certainty.sst.linear.weight", "certainty.sst.linear.bias"} <= {name for name, _ in pupils}
        found = list(walk_exits(model, model.exits["sst"], batch))[:-1]
        certainty_loss(model.certainty["sst"], found, "classes", batch.labels).backward()
        got = {name for name, parameter in pupils if parameter.grad is not None}
    assert any(name.startswith("certainty.") for name in got) and any(".pooler." in name for name in got)
    assert not any(".head." in name for name in got)


def test_what_cannot_be_meant_is_told():
    def told(*words: object, **options: object) -> str:
        with pytest.raises(UserError) as caught:
            exit_step(*words, **options)
        return str(caught.value)

    assert told("two_stage", 4, 0) == f"the training of exits is 'two_stage', expected one of {', '.join(REGIMES)}; did you mean 'two-stage'?"
    assert told("two-stage", 4, 0) == ("first_stage is None, and the training of exits 'two-stage': two-stage training needs the steps of its first stage, "
                                       "the others have one.")
    assert told("joint", 4, 0, first_stage=3).startswith("first_stage is 3, and the training of exits 'joint'")
    assert told("two-stage", 1, 3, first_stage=3) == ("the second of two stages trains the exits below the last, and there is none: an encoder of one layer has "
                                                      "one exit.")
