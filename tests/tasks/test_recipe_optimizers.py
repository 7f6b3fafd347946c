"""[optimizer] name: what is read of the section, what is refused, and that the name alone decides who moves the weights."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from impossible_settings import each_of, expect_impossible
from small_run import small_recipe, write_course_files
from tasks_small import small_model

from tasks import checkpoint
from tasks import train as train_module
from tasks.optimizer_of import READS, make_optimizer
from tasks.optimizers import OPTIMIZERS
from tasks.recipe import load_recipe
from tasks.recipe_optimizers import OPTIMIZER_COMBINATIONS
from tasks.recipe_rates import OptimizerSettings
from tasks.train import train

IMPOSSIBLE = [
    (["optimizer.name=sgd", "optimizer.form=torch"], ('optimizer.name = "sgd" is not AdamW, and one of form, backend, betas and correct_bias in [optimizer] is '
     'set, which only AdamW reads; leave them out, or try optimizer.name = "adamw".')),
    (["optimizer.momentum=0.9"], ('optimizer.momentum = 0.9 belongs to rmsprop and sgd, but optimizer.name = "adamw" has its own, the first of betas; '
     'try optimizer.betas = [0.9, 0.999].')),
    (["optimizer.smoothing=0.9"], 'optimizer.smoothing = 0.9 is the memory of rmsprop, but optimizer.name = "adamw"; try optimizer.name = "rmsprop".'),
]  # fmt: skip


@each_of(IMPOSSIBLE)
def test_a_setting_that_this_optimizer_would_ignore_has_its_sentence_and_without_the_last_is_possible(overrides: list[str], sentence: str) -> None:
    expect_impossible(overrides, sentence)


def test_every_row_of_the_table_is_tested_and_every_optimizer_is_read_for() -> None:
    assert len(IMPOSSIBLE) == len(OPTIMIZER_COMBINATIONS) and set(READS) == set(OPTIMIZERS)


@pytest.mark.parametrize(("settings", "words"), [
    ({"name": "rmsprop", "smoothing": 0.9, "eps": 1e-3, "momentum": 0.5}, {"alpha": 0.9, "eps": 1e-3, "momentum": 0.5}),
    ({"name": "sgd", "momentum": 0.5}, {"momentum": 0.5}),
    ({"betas": (0.5, 0.9), "form": "torch"}, {"betas": (0.5, 0.9), "form": "torch"}),
])  # fmt: skip
def test_its_own_settings_reach_it_and_groups_keep_their_rates(settings: dict, words: dict) -> None:
    recipe = replace(load_recipe("baseline"), optimizer=OptimizerSettings(lr=0.5, head_lr_multiplier=3.0, weight_decay=0.25, **settings))
    optimizer = make_optimizer(recipe, small_model())
    assert type(optimizer) is OPTIMIZERS[recipe.optimizer.name]
    for group in optimizer.param_groups:
        assert {key: group[key] for key in words} == words
        assert (group["lr"], group["weight_decay"]) == (1.5 if "heads" in group["name"] else 0.5, 0.0 if "no decay" in group["name"] else 0.25)


def test_plain_sgd_remembers_nothing_and_nobody_complains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_module, "finish", lambda *arguments: {})
    data, said = write_course_files(tmp_path / "course"), []
    recipe = small_recipe(data, data={"folder": str(data), "max_length": 32, "limit": 10}, training={"epochs": 1, "device": "cpu"},
                          optimizer={"name": "sgd", "lr": 0.1})
    state = checkpoint.load(train(recipe, tmp_path / "run", say=said.append).folder.last)
    assert state["optimizer"] == {} and not any("has not had a gradient" in line for line in said)
    assert not torch.equal(state["model"]["heads.sst.linear.weight"], torch.zeros_like(state["model"]["heads.sst.linear.weight"]))
