"""Phases of a run: who learns in each, what ends it, what it leaves behind, and that its log is the whole story."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from tasks_same import assert_same
from whole_runs import assert_same_end, lines, run, short

from minbert.errors import UserError
from tasks import checkpoint
from tasks import train as train_module
from tasks.best_weights import BestWeights
from tasks.epoch_bounds import update_step
from tasks.exit_inference import LeavingEarly
from tasks.exit_rules import exit_rule
from tasks.load_run import load_run
from tasks.phase_legs import legs_of, plan_in_words, price
from tasks.phases import Phases
from tasks.progress import Progress
from tasks.recipe import load_recipe, recipe_from_table, to_toml
from tasks.recipe_phases import IMPOSSIBLE as ROWS
from tasks.recipe_phases import TRAINABLE
from tasks.report import render
from tasks.run_facts import read_run
from tasks.setup_run import build
from tasks.stage_plan import StageController, replay
from tasks.trainable import WORDS, turn_of

try:
    import tomllib
except ModuleNotFoundError:
    import tomli as tomllib

pytestmark = pytest.mark.usefixtures("no_finish")
LAYERS = {"phase": {"layers": {"each_layer": "bottom-up", "epochs": 1}}, "exits": {"train": "joint"}, "training": {"epochs": 1}}
EXITS = "exits.train=joint"
REFUSED = [
    (["phase.a.each_layer=bottom-up"], '[phase.a]: each_layer = "bottom-up" trains each layer from its own exit, but exits.train = "none" has none; try exits.train = "joint"'),
    ([EXITS, "phase.a.each_layer=random", "phase.a.trainable=heads"], '[phase.a]: each_layer = "random" says who learns, and so does trainable = "heads"; leave one out'),
    ([EXITS, "phase.a.each_layer=random", "phase.a.patience=2"], "[phase.a]: the turns of each_layer have one loss and a fixed length, so loss and patience have no meaning there; leave them out"),
    (["phase.a.loss=joint"], '[phase.a]: loss = "joint" is about exits, but exits.train = "none" has none; try exits.train = "joint"'),
    (["exits.train=two-stage"], '[phase.a]: exits.train = "two-stage" has stages of its own; try "joint", and a phase with trainable = "heads"'),
    (["phase.a.min_delta=0.1"], "[phase.a]: min_delta = 0.1 belongs to patience, which is 0; try patience = 2"),
    (["optimizer.unfreeze=gradual"], '[phase.a]: optimizer.unfreeze = "gradual" says who learns when, and so do phases; leave one out'),
    (["bregman.weight=1"], "[phase.a]: bregman.weight = 1.0 keeps a teacher through all updates, and phases go back to weights of before; try 0"),
    (["model.fine_tune_mode=last-linear-layer"], '[phase.a]: model.fine_tune_mode = "last-linear-layer" freezes the encoder for good; try "full-model", and trainable = "heads" in a phase'),
]  # fmt: skip
WRONG = [
    (["phase.a.epoch=3"], '[phase.a]: there is no key "epoch"; did you mean epochs?'),
    (["phase.a.lr=1e-5"], "[phase.a]: epochs is missing; it must be a whole number from 1 to a billion."),
    (["phase.a.epochs=0"], "phase.a.epochs is 0, but must be a whole number from 1 to a billion; it has no default."),
    (["phase.a.epochs=10", "phase.a.tasks=[sst, stss]"], '[phase.a]: tasks names "stss", but must be among those of the recipe; did you mean sts?'),
    (["phase.a.epochs=10", "phase.a.tasks=[cfimdb]"], '[phase.a]: tasks names "cfimdb", but must be among those of the recipe; the tasks of this recipe are sst, quora, sts.'),
    (["phase.a.epochs=10", "phase.a.trainable=haeds"], 'phase.a.trainable is "haeds", but must be all, heads, encoder, or a layer such as "layer 3"; did you mean heads?'),
    (["phase.a.epochs=10", "phase.a.trainable=layer 0"], 'phase.a.trainable is "layer 0", but must be all, heads, encoder, or a layer such as "layer 3"; the default is "all".'),
    (["phase.a.epochs=10", "phase.a.loss=final"], 'phase.a.loss is "final", but must be one of "", joint, weighted, alternating; the default is "".'),
    (["phase.a.epochs=3"], "the phases a have 3 epochs together, and training.epochs is 10; set training.epochs = 3, or change phase.a.epochs."),
]


@pytest.mark.parametrize(("overrides", "sentence"), REFUSED + WRONG, ids=[overrides[-1] for overrides, _ in REFUSED + WRONG])
def test_a_phase_that_cannot_be_has_its_sentence(overrides: list[str], sentence: str) -> None:
    complete = [] if (overrides, sentence) in WRONG else ["phase.a.epochs=10"]
    with pytest.raises(UserError) as caught:
        load_recipe("baseline", [*complete, *overrides])
    assert str(caught.value).removesuffix(".") == f"recipe baseline, with the options given: {sentence}".removesuffix(".")


def test_every_row_of_the_table_is_tested() -> None:
    assert len(REFUSED) == len(ROWS)


def test_who_may_learn_is_what_the_words_of_the_model_are() -> None:
    assert set(TRAINABLE) == set(WORDS)


IN_THE_LAST = [
    ({"trainable": "layer 7"}, {}, "[phase.last]: nothing learns with trainable = 'layer 7': this model has 2 layers, and 45 tensors that are not frozen."),
    ({"sampler": "shuffled"}, {"update": {"name": "summed"}}, ('[phase.last]: update.name = "summed" joins the gradients of several tasks in one step, but sampler.name = '
     '"shuffled" makes steps of a single task; try sampler.name = "lock-step" or update.name = "separate".')),
]  # fmt: skip


@pytest.mark.parametrize(("last", "sections", "sentence"), IN_THE_LAST, ids=["layer", "sampler"])
def test_a_mistake_in_the_last_phase_is_told_before_the_first_and_leaves_no_folder(last: dict[str, Any], sections: dict[str, Any], sentence: str, data: Path, tmp_path: Path) -> None:
    recipe = short(data, training={"epochs": 2}, phase={"first": {"epochs": 1}, "last": {"epochs": 1, **last}}, **sections)
    with pytest.raises(UserError) as caught:
        run(recipe, tmp_path / "run")
    assert str(caught.value) == sentence and not (tmp_path / "run").exists()


def test_one_phase_of_everything_is_a_plain_run_so_layer_focus_without_its_first_stage_is_joint_training(data: Path, tmp_path: Path) -> None:
    joint = {"exits": {"train": "joint", "lte": True}}
    plain = checkpoint.load(run(short(data, training={"epochs": 2}, **joint), tmp_path / "plain").folder.last)
    phase = checkpoint.load(run(short(data, training={"epochs": 2}, **joint, phase={"all": {"epochs": 2, "restore": "last"}}), tmp_path / "phase").folder.last)
    for key in ("model", "optimizer", "schedule", "sampler", "streams", "progress"):
        assert_same({**phase[key], "log_bytes": 0}, {**plain[key], "log_bytes": 0}, key)  # the log says the phase besides
    assert phase["phases"]["log"] and "best" not in phase["phases"]


def test_in_its_turn_one_layer_learns_with_its_exits_and_none_above_is_called(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The snapshots are taken between epochs, which are turns; dev is scored in eval mode, which is not counted."""
    seen: list[dict[str, torch.Tensor]] = []
    calls: list[tuple[str, int]] = []
    kept, built = Phases.learning, train_module.start_or_resume

    def watched(*arguments: Any) -> Any:
        parts, progress = built(*arguments)
        for number, layer in enumerate(parts.model.bert.layers, start=1):
            layer.register_forward_hook(lambda *_, number=number: calls.append((parts.phases.leg.name, number)) if parts.model.training else None)
        return parts, progress

    def snapshot(self: Any, parts: Any) -> Any:
        seen.append({name: tensor.clone() for name, tensor in parts.model.state_dict().items()})
        return kept(self, parts)

    monkeypatch.setattr(train_module, "start_or_resume", watched)
    monkeypatch.setattr(Phases, "learning", snapshot)
    result = run(short(data, optimizer={"lr": 1e-2, "weight_decay": 0.1, "backend": "eager"}, **LAYERS), tmp_path / "run")
    seen.append(checkpoint.load(result.folder.last)["model"])
    for before, after, number in ((seen[0], seen[1], 1), (seen[1], seen[2], 2)):
        moved = {name for name in before if not torch.equal(before[name], after[name])}
        above = ("heads.", "bert.pooler.") if number == 2 else ()
        assert moved and all(name.startswith((f"bert.layers.{number - 1}.", *above)) or f".{number - 1}." in name.removeprefix("exits.") for name in moved), number
    assert any(name.startswith("exits.") and not torch.equal(seen[0][name], seen[1][name]) for name in seen[0])
    assert {number for name, number in calls if name == "layers, layer 1"} == {1} and {number for name, number in calls if name == "layers, layer 2"} == {1, 2}


def test_after_layer_focus_examples_leave_early_without_further_training(data: Path, tmp_path: Path) -> None:
    result = run(short(data, **LAYERS), tmp_path / "run")
    loaded, scored = load_run(result.folder.path, "last"), lines(result, "epoch")[-1]
    for threshold, layer in ((0.0, 0), (1.0, -1)):
        early = LeavingEarly(loaded.model, loaded.model.exits, {"sst": exit_rule("confidence", threshold, "classes")})
        found = loaded.evaluate(loaded.tasks["sst"], loaded.encode(loaded.tasks["sst"], loaded.read(loaded.tasks["sst"], "dev")), early)
        assert found.score == scored["exits"]["sst"][layer]


TURNS = {"cerbertus": {"sharing": {"name": "cerbertus-1"}}, "pals": {"sharing": {"adapters": "pal", "adapter_size": 12}}, "joined": {"model": {"pairs": "joined"}},
         "cross": {"model": {"pairs": "cross"}}, "smart": {"regularizer": {"name": "smart", "weight": 5.0}}}


@pytest.mark.parametrize("name", TURNS)
def test_in_its_turn_one_layer_learns_beside_every_other_choice(name: str, data: Path) -> None:
    """Towers have a turn with the layer that they stand for; adapters have none."""
    parts = build(short(data, optimizer={"lr": 1e-2, "weight_decay": 0.1, "backend": "eager"}, **LAYERS, **TURNS[name]), say=lambda sentence: None)
    phases = Phases(parts)
    for leg, number in zip(phases.legs, (1, 2), strict=True):
        parts, before = phases.enter(parts), {name: tensor.clone() for name, tensor in parts.model.state_dict().items()}
        parts.learner.train()
        with phases.learning(parts):
            update_step(parts, None, None, Progress())(next(parts.sampler))
        moved = {name for name, tensor in parts.model.state_dict().items() if not torch.equal(tensor, before[name])}
        assert moved and all(turn_of(each, 2) == number for each in moved) and any(each.startswith(("bert.layers.", "towers.")) for each in moved)
        assert any(each.startswith("exits." if number == 1 else "heads.") for each in moved)
        phases.controller.observe(leg.length, 0.5)


def test_a_plan_that_trains_layer_by_layer_costs_no_more_than_its_epochs(data: Path) -> None:
    recipe = short(data, **{**LAYERS, "training": {"epochs": 3}, "phase": {"layers": {"each_layer": "top-down", "epochs": 2}, "together": {"epochs": 1}}})
    parts = build(recipe, say=lambda sentence: None)
    legs, length = legs_of(recipe, 2, parts.encoded["train"]), parts.sampler.steps_per_epoch
    cost = price(legs, 2)
    assert [leg.name for leg in legs] == ["layers, layer 2", "layers, layer 1", "together"]
    assert 3 * length - 7 / 6 < cost.full_steps <= 3 * length and cost.batches == sum(leg.length for leg in legs)  # a step more of each layer costs 7/6
    assert plan_in_words(legs, 2).startswith(f"Phases: layers, layer 2; layers, layer 1; together. At most {cost.batches} steps, for the price of ")


SENTIMENT = {"tasks": ("sst",), "epochs": 4, "patience": 1, "min_delta": 0.9, "lr": 5e-2}


def test_a_phase_ends_when_its_own_score_stops_rising_and_puts_its_best_weights_back(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scores = iter([0.5, 0.4, 0.7])
    real = train_module.score_epoch

    def scored(*arguments: Any) -> dict[str, Any]:
        found = real(*arguments)
        found["dev"]["sst"]["score"] = next(scores)
        return found

    put_back: list[dict[str, torch.Tensor]] = []
    kept = BestWeights.put_back
    monkeypatch.setattr(train_module, "score_epoch", scored)
    monkeypatch.setattr(BestWeights, "put_back", lambda self, model: (put_back.append(dict(self.tensors)), kept(self, model))[1])
    recipe = short(data, training={"epochs": 5}, phase={"sentiment": {**SENTIMENT, "min_delta": 0.0}, "together": {"epochs": 1}})
    result = run(recipe, tmp_path / "run")
    told = [record["phase"] for record in lines(result, "epoch")]
    assert [(each["name"], each["action"], each["why"], each["put_back"]) for each in told] == [
        ("sentiment", "stay", "", False), ("sentiment", "advance", "plateau", True), ("together", "finish", "budget", False)]  # fmt: skip
    page = render(read_run(result.folder.path))
    assert "the score stopped rising; the best weights of it were put back" in page and "Phases" not in render(replace(read_run(result.folder.path), epochs=()))
    assert len(put_back) == 1 and [each["score"] for each in told[:2]] == [0.5, 0.4]
    legs = legs_of(recipe, 2, build(recipe, say=lambda sentence: None).encoded["train"])
    again = replay(StageController([leg.stage for leg in legs]), checkpoint.load(result.folder.last)["phases"]["log"])
    assert [decision.action for decision in again] == [each["action"] for each in told]


def test_other_heads_wait_while_one_task_is_trained(data: Path, tmp_path: Path) -> None:
    before = build(short(data), say=lambda sentence: None).model.state_dict()
    state = checkpoint.load(run(short(data, phase={"sentiment": {**SENTIMENT, "epochs": 1}}), tmp_path / "run").folder.last)
    moved = {name.split(".")[1] for name, tensor in state["model"].items() if name.startswith("heads.") and not torch.equal(tensor, before[name])}
    assert moved == {"sst"} and state["streams"]["quora"]["position"] == 0


@pytest.mark.parametrize("stop", [6, *(pytest.param(stop, marks=pytest.mark.slow) for stop in range(1, 12) if stop != 6)])
def test_stopped_at_any_step_it_goes_on_bit_for_bit(stop: int, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = short(data, training={"epochs": 4, "save_every": 1}, exits={"train": "joint"}, phase={
        "sentiment": {**SENTIMENT, "epochs": 2}, "layers": {"each_layer": "random", "epochs": 1}, "together": {"epochs": 1, "loss": "weighted"}})
    never = run(recipe, tmp_path / "never")
    kept, taken = train_module.UpdateStep.__call__, []

    def stopping(self: Any, names: Any) -> Any:
        taken.append(names)
        if len(taken) == stop:
            raise KeyboardInterrupt
        return kept(self, names)

    with monkeypatch.context() as patched:
        patched.setattr(train_module.UpdateStep, "__call__", stopping)
        try:
            run(recipe, tmp_path / "stopped")
        except KeyboardInterrupt:
            pass
    resume = (tmp_path / "stopped" / "checkpoints" / "last.safetensors").exists()
    if not resume:
        pytest.skip("stopped before anything was saved")
    resumed = run(recipe, tmp_path / "stopped", resume=True)
    assert_same_end(resumed, never)


def test_phases_survive_being_written_in_their_order() -> None:
    recipe = load_recipe("baseline", ["phase.z.epochs=4", "phase.z.tasks=[sst]", "phase.a.epochs=6"])
    again = recipe_from_table(tomllib.loads(to_toml(recipe)))
    assert list(again.phase) == ["z", "a"] and again == recipe
