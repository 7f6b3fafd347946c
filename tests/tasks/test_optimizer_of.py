"""[optimizer] in whole runs: frozen embeddings do not move by a bit, rates reach their groups and keep their ratios, and head dropouts their heads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from minbert_small import SMALL, small_bert
from small_run import small_recipe
from tasks_small import SETTINGS, TRIO, seeded, small_batch, small_model

from minbert.errors import UserError
from optim import SCHEDULES, Schedule
from regularizers import Smart, SmartSettings, divergence
from tasks import checkpoint
from tasks import train as train_module
from tasks.model import MultitaskModel
from tasks.optimizer_of import freeze_embeddings, make_optimizer
from tasks.recipe import load_recipe
from tasks.recipe_rates import OptimizerSettings
from tasks.recipe_sharing import SharingSettings
from tasks.setup_run import build
from tasks.train import train


def short(data: Path, **sections: Any) -> Any:
    return small_recipe(data, data={"folder": str(data), "max_length": 32, "limit": 20}, training={"epochs": 1, "device": "cpu"}, **sections)


@pytest.mark.parametrize(("parts", "frozen"), [("tables", {"word", "position"}), ("all", {"word", "position", "token_type", "norm"})])
def test_frozen_embeddings_stay_bitwise_and_unremembered_with_decay_on(parts: str, frozen: set[str], data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_module, "finish", lambda *arguments: {})
    recipe = short(data, optimizer={"embedding_lr_multiplier": 0, "embedding_parts": parts, "weight_decay": 0.3, "lr": 1e-2}, regularizer={"name": "smart", "weight": 5.0})
    before = {name: tensor.clone() for name, tensor in build(recipe, say=lambda sentence: None).model.state_dict().items()}
    after = checkpoint.load(train(recipe, tmp_path / "run", say=lambda sentence: None).folder.last)
    for name, tensor in after["model"].items():
        waits = name.startswith("bert.embeddings.") and name.split(".")[2] in frozen
        assert torch.equal(tensor, before[name]) == waits and (name in after["optimizer"]) != waits, name


def test_smarts_slope_still_reaches_frozen_words() -> None:
    free, frozen = small_model().train(), small_model().train()
    freeze_embeddings(frozen, OptimizerSettings(embedding_lr_multiplier=0.0, embedding_parts="all"))
    found = []
    for model in (free, frozen):
        batch = small_batch("sst")
        embeddings, logits_of = model.embed(batch), model.logits_of(batch)
        term = Smart(divergence("classes"), torch.Generator().manual_seed(3), SmartSettings(epsilon=0.1, sigma=0.01, eta=0.1))(logits_of, embeddings, logits_of(embeddings))
        term.backward()
        found.append((term.item(), model.bert.layers[0].attention.query.weight.grad))
    assert found[0][0] == found[1][0] > 0 and torch.equal(found[0][1], found[1][1])
    assert all(parameter.grad is None for parameter in frozen.bert.embeddings.parameters())


def rates(**optimizer: Any) -> dict[str, float]:
    """Name of a tensor -> its rate over lr, in the small model."""
    model = small_model()
    recipe = replace(load_recipe("baseline"), optimizer=OptimizerSettings(lr=0.5, **optimizer))
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    return {names[id(parameter)]: group["lr"] / 0.5 for group in make_optimizer(recipe, model).param_groups for parameter in group["params"]}


def test_every_rate_of_the_recipe_reaches_its_group() -> None:
    depth = SMALL.num_hidden_layers
    found = rates(layer_decay=0.5, decay_embeddings=True, embedding_lr_multiplier=0.25, embedding_parts="all", head_lr_multiplier=4.0)
    assert found["bert.embeddings.word.weight"] == found["bert.embeddings.norm.bias"] == 0.25 * 0.5**depth and found["heads.sst.linear.weight"] == 4.0
    assert [found[f"bert.layers.{i}.attention.query.weight"] for i in range(depth)] == [0.5 ** (depth - 1 - i) for i in range(depth)]
    assert [rates(layer_rates="thirds")[f"bert.layers.{i}.attention.query.weight"] for i in range(3)] == pytest.approx([1 / 2.6, 1.0, 2.6])
    assert rates(layer_rates="ulmfit")["bert.embeddings.word.weight"] == pytest.approx(2.6**-depth)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_ratios_of_a_recipe_survive_its_schedule(schedule: str) -> None:
    recipe = replace(load_recipe("baseline"), optimizer=OptimizerSettings(layer_rates="ulmfit", head_lr_multiplier=3.0, embedding_lr_multiplier=0.5))
    optimizer = make_optimizer(recipe, small_model())
    own = [group["lr"] for group in optimizer.param_groups]
    moving = Schedule(optimizer, schedule, total=11)
    for _ in range(10):
        assert [group["lr"] for group in optimizer.param_groups] == [lr * moving.factor for lr in own]
        moving.step()


def test_thirds_of_two_layers_are_refused_in_a_sentence(data: Path) -> None:
    with pytest.raises(UserError, match=r"^\[optimizer\]: parameter_groups got layer_rates='thirds', and 2 layers have no three thirds; use 'ulmfit' or 'decay'\.$"):
        build(short(data, optimizer={"layer_rates": "thirds"}), say=lambda sentence: None)


def test_head_dropouts_reach_their_heads_and_leave_the_others_and_all_weights_alone() -> None:
    plain, own = small_model(head_dropout=0.3), small_model(head_dropout=0.3, head_dropouts=("sts=0.9", "sst=0"))
    assert {name: head.dropout.p for name, head in own.heads.items()} == {"sst": 0.0, "quora": 0.3, "sts": 0.9}
    assert all(torch.equal(plain.state_dict()[name], tensor) for name, tensor in own.state_dict().items())


def test_the_adapters_rate_of_a_recipe_reaches_them_alone() -> None:
    sharing = SharingSettings(adapters="low-rank", adapter_size=7)
    model = MultitaskModel(small_bert(seeded()), TRIO, SETTINGS, seeded(), sharing)
    recipe = replace(load_recipe("baseline"), sharing=sharing, optimizer=OptimizerSettings(lr=0.5, adapter_lr_multiplier=4.0, head_lr_multiplier=2.0))
    names = {id(parameter): name.split(".")[0] for name, parameter in model.named_parameters()}
    assert {(names[id(each)], group["lr"]) for group in make_optimizer(recipe, model).param_groups for each in group["params"]} == {
        ("bert", 0.5), ("adapters", 2.0), ("heads", 1.0)}
