"""Sequential layer focus with the model's own exits: turns, stage 2, all three kinds of tasks, and one walk that stops where it should."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest
import torch
from tasks_small import TRIO, small_batch, small_model
from torch import Tensor

from minbert import BertConfig
from optim import AdamW
from tasks.exit_training import exit_loss, exit_step
from tasks.exits import make_exits, walk_exits
from tasks.focus_plan import Visit, focus_plan
from tasks.layer_focus import stage_one
from tasks.losses import task_loss
from tasks.model import MultitaskModel
from tasks.trainable import only

L, TASK = 3, "quora"


def with_exits(seed: int = 3) -> MultitaskModel:
    model = small_model(seed=seed)
    model.exits = make_exits(model, seed).double().eval()
    return model


def loss_in_turn(model: MultitaskModel, task: str = TASK):
    batch = small_batch(task)

    def loss(layer: int) -> Tensor:
        found = next(islice(walk_exits(model, model.exits[task], batch, wanted={layer}), layer - 1, None))  # asks no further
        return task_loss(TRIO[task].kind, found.logits, batch.labels)

    return loss


def adamw(pupils: list) -> AdamW:
    return AdamW([parameter for _, parameter in pupils], lr=1e-2, weight_decay=0.1)


def changed(model: MultitaskModel, before: dict[str, Tensor]) -> set[str]:
    return {name for name, tensor in model.state_dict().items() if not torch.equal(tensor, before[name])}


@pytest.mark.parametrize("task", TRIO)
@pytest.mark.parametrize("layer", range(1, L + 1))
def test_a_turn_moves_one_layer_and_the_exit_of_the_task_that_came_by(task, layer):
    model, calls = with_exits(), Counter()
    for number, each in enumerate(model.bert.layers, start=1):
        each.register_forward_hook(lambda *_, number=number: calls.update([number]))
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    stage_one(model, L, (Visit(layer, 2),), loss_in_turn(model, task), adamw)
    own = (f"bert.layers.{layer - 1}.", f"exits.{task}.{layer - 1}.") if layer < L else (f"bert.layers.{L - 1}.", f"heads.{task}.", "bert.pooler.")
    assert changed(model, before) == {name for name in before if name.startswith(own)}
    assert calls == {number: 2 for number in range(1, layer + 1)}


def test_without_stage_one_it_is_joint_training_of_all_exits():
    focused, joint = with_exits(), with_exits()
    assert stage_one(focused, L, focus_plan(L, 0), loss_in_turn(focused), adamw) == []
    for model in (focused, joint):
        optimizer, batch = AdamW(model.parameters(), lr=1e-2), small_batch(TASK)
        for taken in range(2):
            step = exit_step("joint", L, taken)
            optimizer.zero_grad(set_to_none=True)
            exit_loss("binary", walk_exits(model, model.exits[TASK], batch, step.wanted), batch.labels, step).backward()
            optimizer.step()
    assert not changed(focused, joint.state_dict())


def test_stage_two_moves_everything_that_the_task_uses_exits_included():
    model, batch = with_exits(), small_batch(TASK)
    stage_one(model, L, focus_plan(L, 1), loss_in_turn(model), adamw)
    step = exit_step("weighted", L, 0)
    exit_loss("binary", walk_exits(model, model.exits[TASK], batch, step.wanted), batch.labels, step).backward()
    resting = {name for name, parameter in model.named_parameters() if parameter.grad is None}
    assert resting == {name for name, _ in model.named_parameters() if name.startswith(("exits.", "heads.")) and f".{TASK}." not in name}


def test_a_turn_of_the_real_width_has_the_numbers_of_the_table():
    model = small_model(("sst",), config=BertConfig(vocab_size=11, max_position_embeddings=7, num_hidden_layers=2))
    for own_pooler, of_exit in ((True, 3_845 + 590_592), (False, 3_845)):
        model.exits = make_exits(model, 1, own_pooler)
        with only(model, "layer 1", 2) as pupils:
            assert sum(parameter.numel() for _, parameter in pupils) == 7_087_872 + of_exit
