"""Gradual unfreezing: who learns in which epoch, in every kind of model; what waits stays still to the bit, and costs no gradient."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
import whole_runs
from minbert_small import SMALL, small_bert
from tasks_small import SETTINGS, TRIO, seeded, small_batch, small_model
from whole_runs import assert_same_end, equal, short, weights

from regularizers import Smart, SmartSettings, divergence
from tasks import checkpoint
from tasks.model import MultitaskModel
from tasks.recipe_settings import Recipe
from tasks.recipe_sharing import SharingSettings
from tasks.train import Result
from tasks.unfreezing import Unfreezing, rung

L = SMALL.num_hidden_layers
SILENT = {"say": lambda sentence: None}
pytestmark = pytest.mark.usefixtures("no_finish")


def unfreezing(model: MultitaskModel, layers: int = 1) -> Unfreezing:
    return Unfreezing(model, [parameter for parameter in model.parameters() if parameter.requires_grad], L, layers, **SILENT)


def begun(model: MultitaskModel, epoch: int, layers: int = 1) -> MultitaskModel:
    """The model as it is in that epoch, from 0."""
    found = unfreezing(model, layers)
    model.train()
    found.begin(epoch, 10)
    return model


def learning(model: MultitaskModel) -> set[str]:
    return {name for name, parameter in model.named_parameters() if parameter.requires_grad}


@pytest.mark.parametrize(("name", "number"), [
    ("heads.sst.linear.weight", 0), ("relation.linear.bias", 0), ("adapters.functions.sts.layers.1.up.weight", 0),
    ("bert.layers.2.attention.query.weight", 1), ("bert.pooler.dense.weight", 1), ("towers.sts.pooler.dense.bias", 1), ("towers.sts.layers.1.attention_norm.bias", 2),
    ("bert.layers.0.", 3), ("bert.embeddings.word.weight", 4), ("towers.sst.embeddings.norm.bias", 4), ("bert", None), ("", None),
])
def test_every_part_has_its_rung(name: str, number: int | None) -> None:
    assert rung(name, L) == number


@pytest.mark.parametrize("layers", [1, 2])
def test_each_epoch_one_rung_more_learns_from_the_top_and_in_the_end_everything(layers: int) -> None:
    for epoch in range(6):
        model = begun(small_model(), epoch, layers)
        assert learning(model) == {name for name, _ in model.named_parameters() if rung(name, L) <= epoch * layers}
    assert learning(model) == set(dict(model.named_parameters()))


def test_who_waits_is_in_eval_mode_and_who_learns_in_train_mode() -> None:
    model = begun(small_model(), 2)
    assert [layer.attention.training for layer in model.bert.layers] == [layer.training for layer in model.bert.layers] == [False, True, True]
    assert not model.bert.embeddings.dropout.training and model.heads["sst"].dropout.training


@pytest.mark.parametrize("epoch", range(5))
def test_no_graph_is_built_below_the_lowest_part_that_learns(epoch: int) -> None:
    model = begun(small_model(), epoch)
    graphs: dict[int, bool] = {}
    for number, layer in enumerate(model.bert.layers):
        layer.register_forward_hook(lambda module, inputs, output, number=number: graphs.update({number: output.output.requires_grad}))
    batch = small_batch("sts")
    model.loss(batch, model(batch)).backward()
    assert graphs == {number: L - number <= epoch for number in range(L)}
    others = ("heads.sst", "heads.quora")
    assert {name for name, parameter in model.named_parameters() if parameter.grad is not None} == {name for name in learning(model) if not name.startswith(others)}


@pytest.mark.parametrize("settings", [{"name": "cerbertus-1"}, {"name": "triple"}, {"name": "static+finetune"}, {"adapters": "low-rank", "adapter_size": 7},
                                      {"name": "cerbertus-2", "adapters": "pal", "adapter_size": 12}], ids=str)
def test_towers_and_adapters_have_their_place_and_a_static_copy_stays_frozen(settings: dict[str, Any]) -> None:
    def model() -> MultitaskModel:
        return MultitaskModel(small_bert(seeded()), TRIO, SETTINGS, seeded(), SharingSettings(**settings)).double()

    for epoch in range(5):
        found = learning(begun(model(), epoch))
        assert found == {name for name, _ in model().named_parameters() if not name.startswith("static.") and rung(name, L) <= epoch}
    assert all(name.startswith(("heads.", "adapters.")) for name in learning(begun(model(), 0)))


def test_smarts_slope_reaches_the_words_through_layers_that_wait() -> None:
    model, batch = begun(small_model(), 0), small_batch("sst")
    term = Smart(divergence("classes"), seeded(), SmartSettings(epsilon=0.1, sigma=0.01, eta=0.1))
    embeddings, logits_of = model.embed(batch), model.logits_of(batch)
    loss = term(logits_of, embeddings, logits_of(embeddings))
    loss.backward()
    assert loss > 0 and {name for name, parameter in model.named_parameters() if parameter.grad is not None} == {"heads.sst.linear.weight", "heads.sst.linear.bias"}


def test_the_epochs_are_told_and_so_is_a_run_too_short_for_all_layers() -> None:
    said: list[str] = []
    model = small_model()
    found = Unfreezing(model, list(model.parameters()), depth=L, say=said.append)
    for epoch in range(5):
        found.begin(epoch, 5)
    assert said == ["Epoch 1 trains the heads alone.", "Epoch 2 trains the heads and layer 3 of 3.", "Epoch 3 trains the heads and layers 2 to 3 of 3.",
                    "Epoch 4 trains the heads and layers 1 to 3 of 3.", "Epoch 5 trains everything."]
    said.clear()
    found.begin(0, 3)
    assert said[1] == ("Even in the last of 3 epochs only the heads and layers 2 to 3 of 3 will learn; everything takes 5 epochs, "
                       "or optimizer.unfreeze_layers = 2.")


# Whole runs: `tiny` has two layers, so the rungs are heads, layer 2 and pooler, layer 1, embeddings.


# a regularizer of weight 0 is never called, and keeps a frozen encoder from being replaced by cached features
UNCACHED: dict[str, Any] = {"make_regularizer": lambda generator: None, "weight": 0.0}


def gradual(data: Path, epochs: int, save_every: int = 0, **sections: Any) -> Recipe:
    """Four steps an epoch."""
    optimizer = {"lr": 1e-3, "weight_decay": 0.1, "backend": "eager", **sections.pop("optimizer", {"unfreeze": "gradual"})}
    return short(data, 20, optimizer=optimizer, training={"epochs": epochs, "save_every": save_every}, **sections)


def run(data: Path, folder: Path, epochs: int, **sections: Any) -> Result:
    return whole_runs.run(gradual(data, epochs, **sections), folder, **UNCACHED)


def test_the_first_epoch_is_last_linear_layer_to_the_bit(data: Path, tmp_path: Path) -> None:
    one, other = run(data, tmp_path / "one", 1), run(data, tmp_path / "other", 1, optimizer={}, model={"fine_tune_mode": "last-linear-layer"})
    assert equal(weights(one), weights(other))


def test_what_waits_is_bitwise_as_it_began_and_what_joins_counts_from_one(data: Path, tmp_path: Path) -> None:
    start = checkpoint.load(run(data, tmp_path / "start", 1, optimizer={"lr": 1e-30}).folder.last)["model"]
    saved = checkpoint.load(run(data, tmp_path / "two", 2, optimizer={"unfreeze": "gradual", "layer_decay": 0.9}).folder.last)
    steps = {name: state["step"] for name, state in saved["optimizer"].items()}
    for name, tensor in saved["model"].items():
        if rung(name, 2) > 1:
            assert torch.allclose(tensor, start[name], rtol=0, atol=1e-25) and name not in steps, name
        else:
            assert not torch.equal(tensor, start[name]), name
    assert steps["bert.layers.1.attention.query.weight"] == 12 and steps["heads.sst.linear.weight"] == 8  # 4 iterations an epoch, three updates each


def test_stopped_in_the_second_epoch_and_resumed_it_equals_never_stopped(data: Path, tmp_path: Path) -> None:
    recipe = gradual(data, 2, save_every=1)
    whole_runs.broken_off(recipe, tmp_path / "stopped", epoch=1, **UNCACHED)
    torch.manual_seed(5)
    assert_same_end(*(whole_runs.run(recipe, tmp_path / name, resume=name == "stopped", **UNCACHED) for name in ("stopped", "whole")))
