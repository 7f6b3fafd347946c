"""A run that is stopped and resumed, at whatever step, cannot be told from one that never was."""

from __future__ import annotations

import copy
import dataclasses
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from small_run import small_recipe, toy_regularizer
from tasks_same import assert_same

from minbert.errors import UserError
from tasks import checkpoint, start_run
from tasks import train as train_module
from tasks.interrupt import Interrupted
from tasks.recipe_settings import Recipe
from tasks.run_folder import RunFolder
from tasks.train import train
from tasks.update_step import UpdateStep

QUIET: dict[str, Any] = {"say": lambda sentence: None}
REGULARIZED = {"make_regularizer": toy_regularizer, "weight": 0.1}


@pytest.fixture(scope="module", autouse=True)
def _few_lines() -> Iterator[None]:
    """A line of losses every third step, so that most saves fall between two lines and must carry half a mean."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(train_module, "LINES_PER_EPOCH", 3)
        yield


# Every save of the run below, as (step, epochs evaluated): after each step, and once more after each evaluation.
SAVES = [(step, (step - 1) // 9) for step in range(1, 19)] + [(9, 1), (18, 2)]
# In every run of the tests: all places between two lines of the log, both sides of an evaluation, and the ends; the others behave like these.
USUAL = {(1, 0), (4, 0), (5, 0), (6, 0), (9, 0), (9, 1), (11, 1), (16, 1), (18, 1), (18, 2)}


@pytest.fixture(scope="module")
def saves(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run 18 steps that save after each, and keep a copy of every save with the log of that moment."""
    kept, run = tmp_path_factory.mktemp("saves"), RunFolder(tmp_path_factory.mktemp("whole") / "run")

    def save_and_keep(parts: Any, progress: Any, folder: RunFolder) -> None:
        start_run.save(parts, progress, folder)
        shutil.copytree(folder.path, kept / f"{progress.step}-{progress.evaluated}")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(train_module, "save", save_and_keep)
        train(everything(data), run.path, **REGULARIZED, **QUIET)
    assert {path.name for path in kept.iterdir()} == {f"{step}-{evaluated}" for step, evaluated in SAVES}
    shutil.copytree(run.path, kept / "finished")
    return kept


def everything(data: Path, **sections: Any) -> Recipe:
    """18 steps, 2 epochs, 3 tasks, linear schedule, clipping, a save after each step; with it a regularizer with noise of its own."""
    return nine_steps(data, **{"training": {"save_every": 1}, **sections})


def nine_steps(data: Path, **sections: Any) -> Recipe:
    """An epoch of 9 steps, of the 12 to 14 that the sets have: no stream begins again where an epoch does."""
    return small_recipe(data, sampler={"batch_size": 5, "window": 3, "iterations": 9}, **sections)


@pytest.fixture(scope="module")
def never_stopped(saves: Path) -> RunFolder:
    return RunFolder(saves / "finished")


@pytest.mark.parametrize("step, evaluated", [each if each in USUAL else pytest.param(*each, marks=pytest.mark.slow) for each in SAVES])
def test_resumed_at_any_step_equals_never_stopped(step: int, evaluated: int, data: Path, saves: Path, never_stopped: RunFolder, tmp_path: Path,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    folder = RunFolder(tmp_path / "run")
    shutil.copytree(saves / f"{step}-{evaluated}", folder.path)
    with folder.metrics.open("a") as log:
        log.write('{"kind": "train", "step": 99')  # what was logged after the save, down to half a line, will come again
    # A save is a disk's wait and these have been made once; predictions and report follow from the checkpoint.
    monkeypatch.setattr(train_module, "save", lambda parts, progress, to: start_run.save(parts, progress, to) if progress.evaluated == 2 else None)
    monkeypatch.setattr(train_module, "finish", lambda *arguments: {})
    torch.manual_seed(step)  # what torch's own generator holds by now must not matter
    assert train(everything(data), folder.path, resume=True, **REGULARIZED, **QUIET).progress.step == 18
    # One comparison for all: parameters, optimizer, generators, streams, sampler, schedule, sums of losses, best score.
    assert_same(checkpoint.load(folder.last), checkpoint.load(never_stopped.last))
    assert_same(checkpoint.load(folder.best), checkpoint.load(never_stopped.best))
    assert folder.metrics.read_bytes() == never_stopped.metrics.read_bytes()
    assert folder.table.read_bytes() == never_stopped.table.read_bytes()


@pytest.mark.parametrize("step", [5, 9, pytest.param(14, marks=pytest.mark.slow)])
def test_a_signal_saves_after_the_step_and_the_run_goes_on(step: int, data: Path, never_stopped: RunFolder, tmp_path: Path,
                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    folder, whole = RunFolder(tmp_path / "run"), UpdateStep.__call__

    def update(self: UpdateStep, names: tuple[str, ...]) -> dict[str, float]:
        losses = whole(self, names)
        if self.updates == 3 * step:
            os.kill(os.getpid(), signal.SIGTERM)
        return losses

    said: list[str] = []
    with monkeypatch.context() as patched:
        patched.setattr(UpdateStep, "__call__", update)
        stopped = train(nine_steps(data), folder.path, **REGULARIZED, say=said.append)
    assert stopped.stopped_by == signal.SIGTERM and stopped.results is None
    assert said[-1] == f"Stopped after step {step}, everything is saved. Go on with: minbert train --resume {folder.path}"
    assert checkpoint.load(folder.last)["progress"]["step"] == step
    train(nine_steps(data), folder.path, resume=True, **REGULARIZED, **QUIET)
    assert folder.metrics.read_bytes() == never_stopped.metrics.read_bytes()


def test_stopped_while_dev_is_scored_it_scores_again(data: Path, never_stopped: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = RunFolder(tmp_path / "run")

    def broken_off(*arguments: Any) -> None:
        raise Interrupted(2)

    with monkeypatch.context() as patched:
        patched.setattr(train_module, "score_epoch", broken_off)
        assert train(nine_steps(data), folder.path, **REGULARIZED, **QUIET).stopped_by == 2
    train(nine_steps(data), folder.path, resume=True, **REGULARIZED, **QUIET)
    assert folder.metrics.read_bytes() == never_stopped.metrics.read_bytes()


def test_a_finished_run_resumed_only_finishes_again(data: Path, never_stopped: RunFolder) -> None:
    before = never_stopped.metrics.read_bytes()
    result = train(everything(data), never_stopped.path, resume=True, **REGULARIZED, **QUIET)
    assert result.progress.step == 18 and never_stopped.metrics.read_bytes() == before


@pytest.mark.parametrize("change, sentence", [
    ({"optimizer": {"lr": 2e-3}}, r"saved with optimizer\.lr = 0\.001 and this run has optimizer\.lr = 0\.002: resume with the recipe of then"),
    ({"seed": 3}, r"saved with seed = 11711 and this run has seed = 3"),
    ({"tasks": ("sst", "sts")}, r'saved with tasks = \["sst", "quora", "sts"\] and this run has tasks = \["sst", "sts"\]'),
])
def test_another_recipe_is_refused_by_the_name_of_the_key(change: dict[str, Any], sentence: str, data: Path, never_stopped: RunFolder) -> None:
    with pytest.raises(UserError, match=sentence):
        train(everything(data, **change), never_stopped.path, resume=True, **QUIET)


def edited(never_stopped: RunFolder, folder: RunFolder, edit: Any) -> None:
    state = copy.deepcopy(checkpoint.load(never_stopped.last))
    edit(state)
    checkpoint.save(folder.last, state)


@pytest.mark.parametrize("edit, sentence", [
    (lambda state: state["model"].pop("heads.sst.linear.bias"), "tensor heads.sst.linear.bias is missing"),
    (lambda state: state["model"]["bert.pooler.dense.bias"].fill_(float("nan")), "tensor bert.pooler.dense.bias holds NaN or infinity"),
    (lambda state: state["optimizer"].update(ghost={"step": 1}), "the optimizer remembers ghost, which is not part of this model"),
    (lambda state: state["optimizer"]["bert.pooler.dense.bias"].update(mean=torch.zeros(7)), r"optimizer remembers of bert\.pooler\.dense\.bias does not fit its shape \(32,\)"),
    (lambda state: state["model"].update({"bert.pooler.dense.bias": torch.zeros(32).half()}), r"tensor bert\.pooler\.dense\.bias is torch\.float16, expected torch\.float32"),
    (lambda state: state.pop("sampler"), r"last\.safetensors does not hold what this minbert saves \(KeyError: 'sampler'\); use the minbert that wrote it, or another checkpoint\."),
    (lambda state: state["progress"].update(step="7"), r"\(TypeError: progress\.step is '7'\)"),
    (lambda state: state.update(config="{"), r"last\.safetensors: config\.json: expected a JSON object, but it cannot be parsed"),
    (lambda state: state["streams"]["sts"].update(examples=62), "saved position was taken with examples 62, now it is 61"),
])
def test_a_checkpoint_that_does_not_fit_is_one_sentence(edit: Any, sentence: str, data: Path, never_stopped: RunFolder, tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    edited(never_stopped, folder, edit)
    folder.tokenizer.symlink_to(never_stopped.tokenizer)
    with pytest.raises(UserError, match=sentence):
        train(everything(data), folder.path, resume=True, **QUIET)


def test_a_lost_log_is_one_sentence(data: Path, never_stopped: RunFolder, tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    edited(never_stopped, folder, lambda state: None)
    folder.tokenizer.symlink_to(never_stopped.tokenizer)
    with pytest.raises(UserError, match="holds 0 bytes, the checkpoint beside it expects at least"):
        train(everything(data), folder.path, resume=True, **QUIET)


def test_nothing_to_resume_is_one_sentence(data: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no checkpoint at .*last\.safetensors"):
        train(everything(data), tmp_path, resume=True, **QUIET)


def test_no_setting_of_the_recipe_escapes_the_comparison(data: Path) -> None:
    from tasks.run_state import expect_same_recipe, plain_recipe

    recipe = everything(data)
    for section in ("data", "model", "sampler", "update", "optimizer", "schedule", "training"):
        for field in dataclasses.fields(getattr(recipe, section)):
            saved = plain_recipe(recipe)
            saved[section][field.name] = "something else"
            with pytest.raises(UserError, match=f"{section}.{field.name}"):
                expect_same_recipe(saved, recipe, "last")
