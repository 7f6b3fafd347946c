"""Exits inside whole runs: who learns in which step and stage, and what a loaded run makes of a threshold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from small_run import small_recipe

from tasks import checkpoint
from tasks import train as train_module
from tasks.exit_inference import LeavingEarly
from tasks.exit_objective import ExitTraining, Turn
from tasks.exit_rules import exit_rule
from tasks.exit_stages import without_exits
from tasks.exits import all_exits
from tasks.load_run import load_run
from tasks.logs import read_lines
from tasks.setup_run import build
from tasks.train import Result, train
from tasks.update_step import UpdateStep

Weights = dict[str, torch.Tensor]


def recipe(data: Path, exits: dict[str, Any], **sections: Any) -> Any:
    """Steps of 5 rows a task over 15 rows: 3 an epoch."""
    training = {"epochs": 1, "clip": 1.0, "device": "cpu", **sections.pop("training", {})}
    return small_recipe(data, data={"folder": str(data), "max_length": 32, "limit": 15}, exits=exits, training=training, **sections)


@pytest.fixture(scope="module")
def two_stage(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Weights]:
    """A run with one epoch of each stage, and its best weights as the first stage left them."""
    kept: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(train_module, "finish", lambda *arguments: {})
        known = train_module.save
        patched.setattr(train_module, "save", lambda parts, progress, folder: (known(parts, progress, folder), kept.setdefault("first", checkpoint.load(folder.best)["model"])))
        result = train(recipe(data, {"train": "two-stage", "lte": True}, training={"epochs": 2}), tmp_path_factory.mktemp("two") / "run", say=lambda sentence: None)
    return result, kept["first"]


def test_the_second_stage_moves_exits_and_certainty_and_no_other_bit(two_stage: tuple[Result, Weights]):
    result, first = two_stage
    for file in (result.folder.last, result.folder.best):
        found = checkpoint.load(file)["model"]
        assert all(torch.equal(tensor, found[name]) for name, tensor in without_exits(first).items())
        moved = [name for name in found if not torch.equal(found[name], first[name])]
        assert set(moved) == found.keys() - without_exits(found).keys()
    assert checkpoint.load(result.folder.best)["epoch"] == 2, "the model that is kept has exits that have learned"


def test_the_first_stage_is_the_run_without_exits_bit_for_bit(two_stage: tuple[Result, Weights], data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(train_module, "finish", lambda *arguments: {})
    plain = small_recipe(data, data={"folder": str(data), "max_length": 32, "limit": 15}, training={"epochs": 2, "clip": 1.0, "device": "cpu"})

    def stop(self: Any, number: int) -> Any:
        raise KeyboardInterrupt

    kept = train_module.train_epoch
    monkeypatch.setattr(train_module, "train_epoch", lambda parts, folder, progress, *rest: stop(parts, 0) if progress.evaluated else kept(parts, folder, progress, *rest))
    with pytest.raises(KeyboardInterrupt):
        train(plain, tmp_path / "run", say=lambda sentence: None)
    found = checkpoint.load(tmp_path / "run" / "checkpoints" / "last.safetensors")["model"]
    first = without_exits(two_stage[1])
    assert found.keys() == first.keys() and all(torch.equal(found[name], first[name]) for name in first)


def test_every_epoch_tells_what_each_exit_scores(two_stage: tuple[Result, Weights]):
    epochs = [line for line in read_lines(two_stage[0].folder.metrics) if line["kind"] == "epoch"]
    for line in epochs:
        assert {name: scores[-1] for name, scores in line["exits"].items()} == {name: dev["score"] for name, dev in line["dev"].items()}
    assert epochs[0]["overall"] == epochs[1]["overall"] and epochs[0]["exits"] != epochs[1]["exits"]


@pytest.mark.parametrize("exits", [{"train": "alternating"}, {"train": "two-stage"}], ids=lambda each: each["train"])
def test_a_step_of_the_final_exit_alone_is_a_step_without_exits_bit_for_bit(exits: dict[str, Any], data: Path):
    def after_a_step(chosen: dict[str, Any]) -> Weights:
        parts = build(recipe(data, chosen, training={"epochs": 2}), say=lambda sentence: None)
        torch.manual_seed(3)
        parts.learner.train()
        UpdateStep(parts)(next(parts.sampler))
        return dict(parts.model.state_dict())

    plain, found = after_a_step({}), after_a_step(exits)
    assert plain.keys() == without_exits(found).keys() and all(torch.equal(found[name], plain[name]) for name in plain)


def test_dropout_of_the_model_is_as_without_exits_also_where_all_learn(data: Path):
    """The final exit first, the others from the states of that pass: their dropout is drawn after the model's."""
    losses = []
    for exits in ({}, {"train": "joint"}):
        parts = build(recipe(data, exits), say=lambda sentence: None)
        parts.learner.train()
        torch.manual_seed(3)
        batch = next(parts.streams["quora"])
        states: list[torch.Tensor] = []
        losses.append(parts.model.loss(batch, parts.model.logits_of(batch, "output", states)(parts.model.embed(batch))))
    assert torch.equal(*losses)


def turns(training: ExitTraining, stream: Any, count: int) -> list[bool]:
    """Whether each of the next batches of sst trains the final exit alone."""
    found: list[Turn] = []
    for _ in range(count):
        next(stream)
        found.append(training.turn("sst"))
    return [not turn.below for turn in found]


def test_steps_alternate_over_the_edge_of_an_epoch_of_odd_length(data: Path):
    parts = build(recipe(data, {"train": "alternating"}), say=lambda sentence: None)
    assert parts.streams["sst"].batches_per_epoch == 3
    assert turns(parts.exits, parts.streams["sst"], 7) == [True, False] * 3 + [True]


def test_a_step_of_several_batches_is_one_turn(data: Path):
    parts = build(recipe(data, {"train": "alternating"}, training={"accumulation": 2}), say=lambda sentence: None)
    assert turns(parts.exits, parts.streams["sst"], 6) == [True, True, False, False, True, True]


@pytest.mark.parametrize("settings, smart", [({"train": "alternating", "smart_on": "final"}, [True, False] * 2), ({"train": "alternating", "smart_on": "even"}, [False, True] * 2),
                                             ({"train": "joint", "smart_on": "even"}, [False, True] * 2), ({"train": "joint"}, [True] * 4)], ids=str)
def test_the_regularizer_is_in_the_steps_it_was_asked_for(settings: dict[str, Any], smart: list[bool], data: Path):
    parts = build(recipe(data, settings, regularizer={"name": "smart", "weight": 5.0}), say=lambda sentence: None)
    found = []
    for _ in range(4):
        next(parts.streams["sts"])
        found.append(parts.exits.turn("sts").smart)
    assert found == smart


def leaving(folder: Path, rules: dict[str, tuple[str, float]]) -> tuple[Any, Callable[[str], Any]]:
    """A loaded run, and a function that lets a task's dev rows leave early."""
    run = load_run(folder)
    early = LeavingEarly(run.model, run.model.exits, {name: exit_rule(*rule, run.tasks[name].kind) for name, rule in rules.items()}, run.model.certainty)
    return run, lambda name: run.evaluate(run.tasks[name], run.encode(run.tasks[name], run.read(run.tasks[name], "dev")), early)


def test_a_threshold_of_one_is_the_full_model_bit_for_bit_in_a_loaded_run(two_stage: tuple[Result, Weights]):
    run, early = leaving(two_stage[0].folder.path, {"sst": ("confidence", 1.0), "quora": ("entropy", 0.0), "sts": ("learned", 1.0)})
    for name, task in run.tasks.items():
        assert torch.equal(early(name).logits, run.evaluate(task, run.encode(task, run.read(task, "dev"))).logits)


def test_a_threshold_of_zero_is_the_first_exit_in_a_loaded_run(two_stage: tuple[Result, Weights]):
    _, early = leaving(two_stage[0].folder.path, {"sst": ("confidence", 0.0)})
    epoch = [line for line in read_lines(two_stage[0].folder.metrics) if line["kind"] == "epoch"][-1]
    assert early("sst").score == epoch["exits"]["sst"][0]


BESIDE: dict[str, dict[str, Any]] = {
    "last-linear-layer": {"model": {"fine_tune_mode": "last-linear-layer"}},
    "adapters alone": {"model": {"fine_tune_mode": "adapters"}, "sharing": {"adapters": "low-rank", "adapter_size": 7}},
    "adapters on top": {"sharing": {"adapters": "top", "adapter_size": 12}},
    "static+finetune": {"sharing": {"name": "static+finetune"}},
    "relation": {"model": {"relation": "shared"}},
    "cosine-embedding": {"model": {"heads": ("sts=cosine-embedding",), "pooling": "mean"}},
    "bregman": {"bregman": {"weight": 1.0}},
    "gradual unfreezing": {"optimizer": {"unfreeze": "gradual"}},
    "cerbertus": {"sharing": {"name": "cerbertus-1"}},
    "pals": {"sharing": {"adapters": "pal", "adapter_size": 12}},
    "cross": {"model": {"pairs": "cross"}},
    "joined": {"model": {"pairs": "joined"}},
    "smart": {"regularizer": {"name": "smart", "weight": 5.0}},
    "fresh surgery": {"update": {"name": "gse", "reading": "fresh"}},
    "rmsprop": {"optimizer": {"name": "rmsprop"}},
    "sgd": {"optimizer": {"name": "sgd", "lr": 0.1}},
    "accumulation": {"training": {"accumulation": 2}},
}


@pytest.mark.parametrize("name", BESIDE)
def test_exits_learn_beside_every_other_choice_and_the_last_of_them_is_the_model(name: str, data: Path):
    parts = build(recipe(data, {"train": "joint", "lte": True}, **{"schedule": {"name": "constant"}, **BESIDE[name]}), say=lambda sentence: None)
    before = {name: tensor.clone() for name, tensor in parts.model.state_dict().items()}
    parts.learner.train()
    update = UpdateStep(parts)
    update(next(parts.sampler))
    after = parts.model.state_dict()
    still = [each for each in before if each.startswith(("exits.", "certainty.")) and torch.equal(before[each], after[each])]
    assert not still
    parts.model.eval()
    with torch.no_grad():
        for task, stream in parts.streams.items():
            batch = next(stream)
            assert torch.equal(all_exits(parts.model, parts.model.exits[task], batch)[:, -1], parts.model(batch))


def test_surgery_leaves_exits_the_gradient_of_their_own_task(data: Path):
    """A task meets another on what both use, and exits are one task's own: neither projected nor averaged."""
    after: dict[str, Weights] = {}
    for name in ("summed", "pcgrad"):
        parts = build(recipe(data, {"train": "joint", "lte": True}, update={"name": name}, training={"clip": 0.0}), say=lambda sentence: None)
        torch.manual_seed(3)
        parts.learner.train()
        UpdateStep(parts)(next(parts.sampler))
        after[name] = dict(parts.model.state_dict())
    same = {name for name, tensor in after["summed"].items() if torch.equal(tensor, after["pcgrad"][name])}
    assert {name for name in after["summed"] if name.startswith(("exits.", "certainty.", "heads."))} <= same
    assert "bert.layers.0.attention.query.weight" not in same


WEIGHED = [({"train": "joint"}, 1, [0.5, 0.5]), ({"train": "weighted"}, 1, [1 / 3, 2 / 3]), ({"train": "alternating", "reduce": "sum"}, 2, [1.0, 1.0]),
           ({"train": "alternating", "reduce": "sum"}, 1, [0.0, 1.0])]


@pytest.mark.parametrize(("exits", "step", "weights"), WEIGHED, ids=lambda each: str(each))
@pytest.mark.parametrize("task", ["sst", "sts"])
def test_the_loss_of_a_step_is_that_of_its_exits_and_of_what_knows_them(exits: dict[str, Any], step: int, weights: list[float], task: str, data: Path):
    """The published code leaves the last exit out of the steps of all exits where a certainty learns; the paper and we do not."""
    parts = build(recipe(data, {**exits, "lte": True, "lte_weight": 3.0, "lte_scale": 2.0}), say=lambda sentence: None)
    model, kind = parts.model.eval(), parts.tasks[task].kind
    for _ in range(step):
        batch = next(parts.streams[task])
    states: list[torch.Tensor] = []
    final = model.loss(batch, model.logits_of(batch, "output", states)(model.embed(batch)))
    turn = parts.exits.turn(task)
    turn.states.extend(states)
    below = model.exits[task][0](states[0], batch.attention_mask)
    own = torch.nn.functional.cross_entropy(below.logits, batch.labels) if kind == "classes" else ((below.logits - batch.labels) ** 2).mean()
    right = (below.logits.argmax(-1) == batch.labels).float() if kind == "classes" else 1 - torch.tanh((below.logits - batch.labels).abs() / 2)
    certain = ((model.certainty[task](below.features) - right) ** 2).mean() if weights[0] else 0.0
    torch.testing.assert_close(parts.exits.loss(batch, final, turn), weights[0] * own + weights[1] * final + 3.0 * certain, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("taken", [1, 2, 3])
def test_a_resumed_run_goes_on_in_step(taken: int, data: Path):
    first, second = (build(recipe(data, {"train": "alternating"}, training={"accumulation": 2}), say=lambda sentence: None) for _ in range(2))
    before = turns(first.exits, first.streams["sst"], taken)
    second.streams["sst"].load_state_dict(first.streams["sst"].state_dict())
    assert before + turns(second.exits, second.streams["sst"], 8 - taken) == [True, True, False, False] * 2
