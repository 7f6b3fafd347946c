"""The passes through the encoder counted beforehand are those that layers do: told by hooks on every layer of a run, forwards and backwards."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from comparison import make, small_runs
from small_run import write_course_files

from tasks import train as train_module
from tasks.compare_costs import facts_of, passes_of
from tasks.compare_counts import counts_of
from tasks.compare_estimate import estimate
from tasks.compare_rows import Run
from tasks.compare_summary import summarise
from tasks.compare_tables import tables_of
from tasks.compare_work import config_of
from tasks.logs import read_lines
from tasks.recipe import load_recipe

LAYERS = 2  # of `tiny`
CROSS = {"model": {"pairs": "cross"}}  # so that a row is an example
TURNS = {"layers": {"each_layer": "bottom-up", "epochs": 2}, "together": {"epochs": 1}}
CASES: dict[str, dict[str, Any]] = {
    "plain": {},
    "summed, by one task a step": {"sampler": {"name": "proportional", "batch_size": 5}, "update": {"name": "summed"}},
    "layer focus": {"exits": {"train": "joint"}, "phase": TURNS},
    "heads, then one layer": {"phase": {"a": {"epochs": 1, "trainable": "heads", "tasks": ("sst",)}, "b": {"epochs": 2, "trainable": "layer 2"}}},
    "two stages of exits": {"exits": {"train": "two-stage"}},
    "gradual unfreezing": {"optimizer": {"unfreeze": "gradual", "lr": 1e-3}},
    "frozen": {"model": {"pairs": "cross", "fine_tune_mode": "last-linear-layer"}, "exits": {"train": "joint"}},
    "gse, read anew": {"update": {"name": "gse", "reading": "fresh"}},
    "bregman": {"bregman": {"weight": 1.0}},
    "r-drop": {"regularizer": {"name": "r-drop", "weight": 1.0}},
    "static beside": {"sharing": {"name": "static+finetune"}},
    "smart": {"regularizer": {"name": "smart", "weight": 1.0}},
    "smart in turns": {"exits": {"train": "alternating", "smart_on": "final"}, "regularizer": {"name": "smart", "weight": 1.0}},
}

QUICK = {"layer focus", "gradual unfreezing", "smart in turns"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_course_files(tmp_path_factory.mktemp("course"))


@pytest.fixture(autouse=True)
def _no_finish(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_module, "finish", lambda *arguments: {})


def only_run(data: Path, out: Path, epochs: int = 3, **sections: Any) -> Run:
    training = {"epochs": epochs, "clip": 1.0, "device": "cpu"}
    (run,) = small_runs(data, out, row={**CROSS, "training": training, **sections})
    return run


def epochs(run: Run) -> list[dict[str, Any]]:
    return [line for line in read_lines(run.folder.metrics) if line["kind"] == "epoch"]


def watched(run: Run, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Make `run`; returns the rows that went through a layer while it was trained, "forward" and "backward"."""
    rows: Counter[str] = Counter()
    built = train_module.start_or_resume

    def hooked(*arguments: Any) -> Any:
        parts, progress = built(*arguments)

        def count(layer: Any, inputs: Any, output: Any) -> None:
            states = output if hasattr(output, "requires_grad") else output[0]
            if parts.model.training:
                rows["forward"] += len(states)
                if states.requires_grad:
                    states.register_hook(lambda gradient: rows.update(backward=len(gradient)))

        teachers = [parts.teacher.model] if parts.teacher else []
        for module in [part for model in (parts.model, *teachers) for part in model.modules() if type(part).__name__ == "EncoderLayer"]:
            module.register_forward_hook(count)
        return parts, progress

    with monkeypatch.context() as patched:
        patched.setattr(train_module, "start_or_resume", hooked)
        make(run)
    return rows


@pytest.mark.parametrize("name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in CASES])
def test_the_passes_counted_beforehand_are_those_that_layers_do(name: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = only_run(data, tmp_path, **CASES[name])
    rows = watched(run, monkeypatch)
    told = passes_of(counts_of(run.recipe))
    assert rows["forward"] == pytest.approx(LAYERS * told["forward"])
    # A layer that a gradient only passes does half of a backward pass, and a hook sees a whole one.
    passed_only = {"smart": 1, "smart in turns": 0.5}.get(name, 0) * told["forward"] / (3 if name == "smart" else 2) / 2
    assert rows["backward"] == pytest.approx(LAYERS * (told["backward"] + passed_only))
    assert counts_of(run.recipe).scored == len(epochs(run))


def test_a_phase_that_ends_early_counts_for_what_it_did(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, scores = train_module.score_epoch, iter([0.5, 0.4, 0.7])

    def scored(*arguments: Any) -> dict[str, Any]:
        found = real(*arguments)
        found["dev"]["sst"]["score"] = next(scores)
        return found

    monkeypatch.setattr(train_module, "score_epoch", scored)
    run = only_run(data, tmp_path, epochs=5, phase={"first": {"epochs": 4, "tasks": ("sst",), "patience": 1}, "all": {"epochs": 1}})
    rows, planned = watched(run, monkeypatch), counts_of(run.recipe)
    entry = {"metric": "accuracy", "ours": 0.5}
    run.folder.results.write_text(json.dumps({"overall": {"normalised": 0.5, "plain": 0.5}, "tasks": dict.fromkeys(run.recipe.tasks, entry)}))
    made = facts_of(run, planned)
    assert made["updates"] == epochs(run)[-1]["updates"] == planned.updates - 2 * 4  # 20 rows in batches of 5, twice not taken
    assert LAYERS * made["forward"] == rows["forward"] == LAYERS * sum(made["examples"].values()) == LAYERS * (planned.total - 40)
    timed = read_lines(run.folder.timings)
    assert len(timed) == 3 and all(made[key] == pytest.approx(sum(line[key] for line in timed)) for key in ("train_seconds", "evaluate_seconds"))
    monkeypatch.setattr("tasks.compare_summary.against_first", lambda *arguments: {})
    (cost,) = [each for each in tables_of(summarise([run], {run: planned})) if each.title.startswith("Cost")]
    shown = dict(zip(cost.head, cost.rows[0]))
    assert (shown["updates"], shown["passes"]) == (f"{made['updates']}", f"{3 * (planned.total - 40)}")


def test_turns_for_the_price_of_epochs_are_estimated_at_the_time_of_these(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.compare_estimate.matrix_rate", lambda device: 1e6)
    monkeypatch.setattr("tasks.compare_estimate.STARTING", 0.0)
    more = {"sampler": {"batch_size": 5, "iterations": 1000}, "exits": {"train": "joint"}}  # so many that a rounded number of steps is none to speak of
    turns, plain = (only_run(data, tmp_path, **more, **each) for each in ({"phase": TURNS}, {}))
    (one, _), (other, _) = (estimate(run, counts_of(run.recipe), []) for run in (turns, plain))
    assert one == pytest.approx(other, rel=1e-3)


def test_layer_focus_its_ablation_and_its_controls_have_one_price(data: Path) -> None:
    told = [f"data.folder={data}", "sampler.iterations=600"]
    names = ("slf", "slf-top-down", "slf-random", "slf-stage-1", "slf-stage-2", "exits-layer-decay", "exits-unfreezing")
    for more in ([], ["weights=minilm"]):
        half = ["optimizer.unfreeze_layers=3"] if more else []
        prices = [counts_of(load_recipe(name, [*told, *more, *(half if name == "exits-unfreezing" else [])])).passes for name in names]
        assert prices == pytest.approx([prices[-1]] * len(names), rel=1e-3)


@pytest.mark.parametrize(("weights", "layers"), [("tiny", 2), ("minilm", 6), ("bert-base-uncased", 12), ("nowhere/to-be-found", 12)])
def test_depth_is_known_without_loading_anything(weights: str, layers: int) -> None:
    assert config_of(weights).num_hidden_layers == layers


def test_depth_of_a_folder_is_that_of_its_own_config(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(replace(config_of("tiny"), num_hidden_layers=5).to_json())
    assert config_of(str(tmp_path)).num_hidden_layers == 5
