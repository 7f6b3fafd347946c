"""Techniques inside whole runs: switched off they change no bit, on they change the run, and a stopped run with any of them goes on as if it never stopped."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from whole_runs import assert_same_end, broken_off, equal, run, short, weights

from tasks import checkpoint
from tasks.recipe_settings import Recipe
from tasks.train import Result

CROSS = {"pairs": "cross", "pair_order": "random"}
TECHNIQUES: dict[str, dict[str, Any]] = {
    "pcgrad": {"update": {"name": "pcgrad"}},
    "gradvac": {"update": {"name": "gradvac"}},
    "gse": {"update": {"name": "gse"}},
    "gse-fresh": {"update": {"name": "gse", "reading": "fresh"}},
    "smart": {"regularizer": {"name": "smart", "weight": 5.0}},
    "smart-off": {"regularizer": {"name": "smart", "weight": 5.0, "dropout": "off", "point": "words"}},
    "smart-mt-dnn": {"regularizer": {"name": "smart-mt-dnn", "weight": 1.0}},
    "r-drop": {"regularizer": {"name": "r-drop", "weight": 1.0}},
    "bregman": {"bregman": {"weight": 1.0}},
    "smart-gse": {"regularizer": {"name": "smart", "weight": 5.0}, "update": {"name": "gse"}},
    "smart-bregman": {"regularizer": {"name": "smart", "weight": 5.0}, "bregman": {"weight": 1.0, "every": 3}},
    "cosine": {"model": {"heads": ("sts=cosine-2d+1",)}},
    "cosine-embedding": {"model": {"heads": ("sts=cosine-embedding",), "pooling": "mean"}},
    "cosine-paraphrase": {"model": {"heads": ("quora=cosine-embedding",), "pooling": "mean"}},
    "either-order": {"model": {"pairs": "cross", "pair_order": "random", "evaluate_order": "averaged"}},
    "cerbertus": {"sharing": {"name": "cerbertus-1"}, "model": CROSS},
    "multi+triple-smart": {"sharing": {"name": "multi+triple"}, "regularizer": {"name": "smart", "weight": 5.0}},
    "static-bregman": {"sharing": {"name": "static+finetune"}, "bregman": {"weight": 1.0}},
    "pals-in-towers-gse": {"sharing": {"name": "cerbertus-1", "adapters": "pal", "adapter_size": 12}, "update": {"name": "gse"}},
    "adapters-alone": {"sharing": {"adapters": "low-rank", "adapter_size": 7}, "model": {"fine_tune_mode": "adapters"}, "optimizer": {"lr": 1e-3, "adapter_lr_multiplier": 10.0}},
    "relation-pcgrad": {"model": {"relation": "shared"}, "update": {"name": "pcgrad"}},
    "rates": {"optimizer": {"layer_rates": "ulmfit", "embedding_lr_multiplier": 0.0}, "schedule": {"name": "slanted-triangular"}, "model": {"head_dropouts": ("sts=0.9",)}},
    "stages": {"stages": {"run": ("mlm", "simcse")}, "mlm": {"steps": 2, "lr": 1e-3}, "simcse": {"steps": 2, "lr": 1e-3}},
    "bp1": {"stages": {"run": ("simcse",)}, "simcse": {"steps": 2, "lr": 1e-3}, "sharing": {"adapters": "pal", "adapter_size": 12}, "sampler": {"name": "annealed", "batch_size": 5}},
    "rmsprop": {"optimizer": {"name": "rmsprop", "lr": 1e-4, "momentum": 0.9, "weight_decay": 0.01, "backend": "eager"}, "update": {"name": "pcgrad"}},
    "sgd": {"optimizer": {"name": "sgd", "lr": 1e-2, "momentum": 0.9, "backend": "eager"}, "update": {"name": "gse"}},
    "unfreeze": {"optimizer": {"unfreeze": "gradual"}, "update": {"name": "pcgrad"}, "regularizer": {"name": "smart", "weight": 5.0}},
    "exits-joint": {"exits": {"train": "joint"}},
    "exits-two-stage": {"exits": {"train": "two-stage", "reduce": "sum"}, "training": {"epochs": 2}, "model": CROSS},
    "exits-alternating-smart": {"exits": {"train": "alternating", "smart_on": "final"}, "regularizer": {"name": "smart", "weight": 5.0}, "sharing": {"name": "cerbertus-1"}},
    "exits-lte-gse-fresh": {"exits": {"train": "weighted", "lte": True}, "update": {"name": "gse", "reading": "fresh"}, "sharing": {"adapters": "pal", "adapter_size": 12}},
    "joined-smart": {"model": {"pairs": "joined", "second_cls": "dropped", "pooling": "mean"}, "regularizer": {"name": "smart", "weight": 5.0}},
    "joined-exits": {"model": {"pairs": "joined", "joined_types": "zeros"}, "exits": {"train": "joint", "lte": True}},
    "cross-attention-gse": {"model": {"pairs": "cross-attention"}, "update": {"name": "gse"}},
    "phases": {"phase": {"sentiment": {"tasks": ("sst",), "epochs": 1, "lr": 1e-2, "regularized": False}, "together": {"epochs": 1, "patience": 1}},
               "training": {"epochs": 2}, "regularizer": {"name": "smart", "weight": 5.0}, "update": {"name": "pcgrad"}},
    "layer-focus": {"phase": {"layers": {"each_layer": "top-down", "epochs": 1}, "together": {"epochs": 1, "loss": "alternating"}}, "training": {"epochs": 2},
                    "exits": {"train": "joint"}, "model": {"pairs": "joined"}},
    "times": {"sampler": {"batch_size": 15, "window": 3, "times": 3}},
}


# Of techniques that keep the same things between steps one is stopped in every run, and the others where there is time.
ALIKE = {"pcgrad", "gse", "gse-fresh", "smart", "smart-off", "smart-mt-dnn", "smart-gse", "bregman", "cosine", "cosine-embedding", "multi+triple-smart", "static-bregman",
         "cerbertus", "pals-in-towers-gse", "bp1", "sgd", "exits-joint", "joined-smart", "cross-attention-gse"}
STOPPED = [pytest.param(name, marks=pytest.mark.slow) if name in ALIKE else name for name in sorted(TECHNIQUES)]
pytestmark = pytest.mark.usefixtures("no_finish")


def three_steps(data: Path, **sections: Any) -> Recipe:
    """One epoch of 5 rows a batch: a run that stops in its second step has one behind it and one before it."""
    return short(data, 15, **sections)


def saving(data: Path, name: str) -> Recipe:
    """A technique's recipe with a save after each step."""
    sections = TECHNIQUES[name]
    return three_steps(data, **{**sections, "training": {**sections.get("training", {}), "save_every": 1}})


@pytest.fixture(scope="module")
def plain(data: Path, no_finish: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, torch.Tensor]:
    return weights(run(three_steps(data), tmp_path_factory.mktemp("plain") / "run"))


@pytest.fixture(scope="module")
def whole(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Result]:
    """Technique -> a run with it from start to end, made once, a save after each step."""
    return functools.cache(lambda name: run(saving(data, name), tmp_path_factory.mktemp("whole") / "run"))


@pytest.mark.parametrize("off", [{"regularizer": {"name": "smart", "weight": 0.0, "epsilon": 0.1}}, {"bregman": {"weight": 0.0, "every": 7}},
                                 {"model": {"cosine_scale": 3.0, "keep_cosine": True}}], ids=["smart", "bregman", "cosine"])
def test_switched_off_a_technique_changes_no_bit(off: dict[str, Any], data: Path, plain: dict[str, torch.Tensor], tmp_path: Path):
    assert equal(weights(run(three_steps(data, **off), tmp_path / "run")), plain)


@pytest.mark.parametrize("name", sorted(set(TECHNIQUES) - {"times", "either-order"}))
def test_switched_on_it_changes_the_run(name: str, whole: Callable[[str], Result], plain: dict[str, torch.Tensor]):
    found = weights(whole(name))
    shared = found.keys() & plain.keys()
    assert any(not torch.equal(found[each], plain[each]) for each in shared if found[each].shape == plain[each].shape)
    assert all(tensor.isfinite().all() for tensor in found.values())


@pytest.mark.parametrize("update", ["pcgrad", "gradvac"])
def test_with_one_task_surgery_changes_no_bit(update: str, data: Path, tmp_path: Path):
    one, other = (run(three_steps(data, tasks=("sst",), update={"name": name}), tmp_path / name) for name in ("separate", update))
    assert equal(weights(one), weights(other))


@pytest.mark.parametrize("name, updates", [("separate", 9), ("summed", 3), ("pcgrad", 3), ("gse", 6), ("summed-twice", 6), ("pcgrad-twice", 6)])
def test_the_updates_of_a_run_are_counted(name: str, updates: int, data: Path, tmp_path: Path):
    result = run(three_steps(data, update={"name": name}), tmp_path / "run")
    assert (result.progress.step, result.progress.updates) == (3, updates)


def test_three_times_the_steps_walk_through_small_sets_again(data: Path, tmp_path: Path):
    once, thrice = (run(three_steps(data, sampler={"batch_size": 5, "window": 3, "times": times}), tmp_path / str(times)) for times in (1, 3))
    assert (once.progress.step, thrice.progress.step) == (3, 9)
    assert {state["epoch"] for state in checkpoint.load(thrice.folder.last)["streams"].values()} == {2}  # the third walk through 15 rows


@pytest.mark.parametrize("name", STOPPED)
def test_stopped_in_the_middle_and_resumed_it_equals_never_stopped(name: str, whole: Callable[[str], Result], data: Path, tmp_path: Path):
    recipe = saving(data, name)
    broken_off(recipe, tmp_path / "stopped")
    torch.manual_seed(5)
    assert_same_end(run(recipe, tmp_path / "stopped", resume=True), whole(name))


def test_the_teacher_is_in_the_checkpoint_and_is_not_the_student(data: Path, tmp_path: Path):
    saved = checkpoint.load(run(three_steps(data, bregman={"weight": 1.0}), tmp_path / "run").folder.last)
    name = "bert.layers.0.attention.query.weight"
    assert saved["teacher"].keys() == saved["model"].keys() and not torch.equal(saved["teacher"][name], saved["model"][name])


def test_a_teacher_that_never_moves_stays_the_first_model(data: Path, tmp_path: Path):
    still = run(three_steps(data, bregman={"weight": 1.0, "momentum": 1.0, "late_momentum": 1.0}), tmp_path / "still")
    first = run(three_steps(data, optimizer={"lr": 1e-30}), tmp_path / "first")
    teacher, start = checkpoint.load(still.folder.last)["teacher"], weights(first)  # the start, but for zeros that became 1e-30
    assert all(torch.allclose(teacher[name], start[name], rtol=0, atol=1e-25) for name in start)


def test_a_saturated_cosine_head_is_said(data: Path, tmp_path: Path):
    said: list[str] = []
    run(three_steps(data, model={"heads": ("sts=cosine-d",)}), tmp_path / "run", say=said.append)
    assert any("task sts" in line and "has almost no slope" in line for line in said), said
