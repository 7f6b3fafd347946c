"""Stages inside whole runs: what they learn from, that the tasks after them are the same, and that a stopped one goes on as if it never stopped."""

from __future__ import annotations

import dataclasses
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from small_run import small_recipe, write_course_files
from tasks_same import assert_same

from minbert.bert import Bert
from minbert.errors import UserError
from minbert.mlm import MaskedLanguageModel
from tasks import checkpoint
from tasks import train as train_module
from tasks.logs import read_lines
from tasks.pretrain import Pretrained, pretrain
from tasks.recipe_settings import Recipe
from tasks.recipe_stages import MlmSettings, SimcseSettings, StageSettings
from tasks.run_folder import RunFolder
from tasks.stages_run import StageRun
from tasks.train import Result, train

BOTH = ("mlm", "simcse")
pytestmark = pytest.mark.usefixtures("no_finish")


def with_stages(data: Path, *run: str, simcse: dict[str, Any] | None = None, mlm: dict[str, Any] | None = None, **sections: Any) -> Recipe:
    """Stages of 4 and 3 steps before one epoch of 4: 20 rows of each task are 100 texts."""
    training = {"epochs": 1, "clip": 1.0, "device": "cpu", **sections.pop("training", {})}
    recipe = small_recipe(data, data={"folder": str(data), "max_length": 32, "limit": 20}, training=training, **sections)
    settings = {"simcse": SimcseSettings(**{"batch_size": 32, "lr": 1e-3, **(simcse or {})}),
                "mlm": MlmSettings(**{"batch_size": 32, "lr": 1e-3, "held_out": 0.2, **(mlm or {})})}
    return dataclasses.replace(recipe, stages=StageSettings(run), **{name: settings[name] for name in run})


def run(recipe: Recipe, folder: Path, **options: Any) -> Result:
    return train(recipe, folder, **{"say": lambda sentence: None, **options})


@pytest.fixture(scope="module")
def recipe(data: Path) -> Recipe:
    return with_stages(data, *BOTH, simcse={"evaluate_every": 2}, training={"save_every": 1})


@pytest.fixture(scope="module")
def whole(recipe: Recipe, no_finish: None, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return run(recipe, tmp_path_factory.mktemp("whole") / "run").folder


def lines_of(folder: RunFolder, stage: str, key: str) -> list[dict[str, Any]]:
    return [line for line in read_lines(folder.metrics) if line["kind"] == "stage" and line["stage"] == stage and key in line]


def test_a_stage_leaves_losses_figures_and_an_encoder_from_which_the_tasks_start(whole: RunFolder) -> None:
    assert [line["step"] for line in lines_of(whole, "mlm", "loss")] == [1, 2, 3] and [line["step"] for line in lines_of(whole, "simcse", "loss")] == [1, 2, 3, 4]
    assert [(line["step"], set(line["seen"]["held out"])) for line in lines_of(whole, "mlm", "seen")] == [(0, {"loss", "accuracy"}), (3, {"loss", "accuracy"})]
    assert [(line["step"], set(line["seen"]["sts"])) for line in lines_of(whole, "simcse", "seen")] == [(step, {"pearson", "spearman"}) for step in (0, 2, 4)]
    start, mlm, simcse = (dict(Bert.from_pretrained(each).state_dict()) for each in ("tiny", whole.encoder("mlm"), whole.encoder("simcse")))
    name = "layers.0.attention.query.weight"
    assert not torch.equal(start[name], mlm[name]) and not torch.equal(mlm[name], simcse[name])
    assert [(line["stage"], line["step"]) for line in read_lines(whole.timings) if "stage" in line] == [("mlm", 3), ("simcse", 4)]
    assert checkpoint.load(whole.stage).keys() == {"recipe", "stage", "finished", "progress"}  # the encoder lies in its folder, once


def stages_alone(recipe: Recipe, folder: Path, **options: Any) -> Pretrained:
    return pretrain(recipe, folder, **{"say": lambda sentence: None, **options})


@pytest.mark.parametrize("step", [1, 3, pytest.param(5, marks=pytest.mark.slow), 7])
def test_stopped_in_a_stage_and_resumed_it_equals_never_stopped(step: int, recipe: Recipe, whole: RunFolder, tmp_path: Path,
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    with monkeypatch.context() as patched:
        patched.setattr(StageRun, "step", at_step(step, lambda: os.kill(os.getpid(), signal.SIGINT)))
        stopped = stages_alone(recipe, tmp_path / "run", say=said.append)
    assert stopped.stopped_by == signal.SIGINT
    stage, at = ("mlm", step) if step <= 3 else ("simcse", step - 3)
    assert said[-1] == f"Stopped after step {at} of the stage {stage}, everything is saved. Go on with: minbert pretrain --resume {tmp_path / 'run'}"
    torch.manual_seed(step)
    expect_equal(stages_alone(recipe, tmp_path / "run", resume=True).folder, whole)


@pytest.mark.parametrize("step", [2, 6])
def test_killed_in_a_stage_it_goes_on_from_the_last_save(step: int, recipe: Recipe, whole: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(StageRun, "step", at_step(step, die))
        stages_alone(recipe, tmp_path / "run")
    expect_equal(stages_alone(recipe, tmp_path / "run", resume=True).folder, whole)


def at_step(step: int, happens: Callable[[], object]) -> Callable[[StageRun], float | None]:
    """`StageRun.step`, after whose call number `step` something happens."""
    taken, kept = [0], StageRun.step

    def counted(self: StageRun) -> float | None:
        norm, taken[0] = kept(self), taken[0] + 1
        if taken[0] == step:
            happens()
        return norm

    return counted


def die(*arguments: Any, **options: Any) -> None:
    raise KeyboardInterrupt


def expect_equal(folder: RunFolder, whole: RunFolder) -> None:
    """The same lines about stages, and the same encoders."""
    lines = [line for line in whole.metrics.read_bytes().splitlines() if b'"kind": "stage"' in line]
    assert folder.metrics.read_bytes().splitlines() == lines and len(lines) == 12
    for stage in BOTH:
        assert_same(dict(Bert.from_pretrained(folder.encoder(stage)).state_dict()), dict(Bert.from_pretrained(whole.encoder(stage)).state_dict()))


@pytest.mark.parametrize("place", ["start_or_resume", "save"])
def test_killed_after_the_stages_the_tasks_start_again_from_their_encoder(place: str, recipe: Recipe, whole: RunFolder, tmp_path: Path,
                                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed before the tasks' first step, or with lines of theirs in the log and no checkpoint yet."""
    recipe = dataclasses.replace(recipe, training=dataclasses.replace(recipe.training, save_every=0))
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(train_module, place, die)
        run(recipe, tmp_path / "run")
    folder = run(recipe, tmp_path / "run", resume=True).folder
    assert folder.metrics.read_bytes() == whole.metrics.read_bytes()
    assert_same(checkpoint.load(folder.last)["model"], checkpoint.load(whole.last)["model"])


def test_stopped_before_the_tasks_first_step_the_log_of_the_stages_stays(recipe: Recipe, whole: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = train_module.start_or_resume

    def stop(*arguments: Any, **options: Any) -> Any:
        os.kill(os.getpid(), signal.SIGINT)
        return kept(*arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(train_module, "start_or_resume", stop)
        assert run(recipe, tmp_path / "run").stopped_by == signal.SIGINT
    folder = run(recipe, tmp_path / "run", resume=True).folder
    assert folder.metrics.read_bytes() == whole.metrics.read_bytes()
    assert_same(checkpoint.load(folder.last), checkpoint.load(whole.last))


def test_switched_off_the_stages_change_no_bit_and_switched_on_no_order(data: Path, tmp_path: Path) -> None:
    off, on = (run(with_stages(data, *names), tmp_path / str(len(names))).folder for names in ((), ("simcse",)))
    assert not off.stage.exists() and not (off.path / "encoders").exists()
    one, other = checkpoint.load(off.last), checkpoint.load(on.last)
    for key in ("streams", "sampler", "dropout", "generators", "schedule"):
        assert_same(one[key], other[key], key)
    assert not torch.equal(one["model"]["bert.pooler.dense.weight"], other["model"]["bert.pooler.dense.weight"])


def test_the_encoder_of_a_stage_named_as_weights_gives_the_run_that_the_stage_began(data: Path, tmp_path: Path) -> None:
    on = run(with_stages(data, "simcse"), tmp_path / "on").folder
    after = run(dataclasses.replace(with_stages(data), weights=str(on.encoder("simcse"))), tmp_path / "after").folder
    assert_same(checkpoint.load(on.last)["model"], checkpoint.load(after.last)["model"])


def test_only_training_texts_are_read(data: Path, tmp_path: Path) -> None:
    """Other dev and test files, the same stages; one other training text, other stages."""
    recipe = with_stages(data, *BOTH)
    first = stages_alone(recipe, tmp_path / "first").folder
    other = write_course_files(tmp_path / "other", seed=5)
    for file in data.glob("*-train.csv"):
        (other / file.name).write_bytes(file.read_bytes())
    second = stages_alone(dataclasses.replace(recipe, data=dataclasses.replace(recipe.data, folder=str(other))), tmp_path / "second").folder
    for stage in BOTH:
        assert_same(dict(Bert.from_pretrained(first.encoder(stage)).state_dict()), dict(Bert.from_pretrained(second.encoder(stage)).state_dict()))
    assert lines_of(first, "mlm", "seen") == lines_of(second, "mlm", "seen") and lines_of(first, "simcse", "seen") != lines_of(second, "simcse", "seen")


def test_the_folder_after_masked_words_opens_as_a_masked_language_model(whole: RunFolder) -> None:
    """Encoder, head and the tied decoder, in ours and in transformers."""
    transformers = pytest.importorskip("transformers")
    ours = MaskedLanguageModel.from_pretrained(whole.encoder("mlm"))
    theirs = transformers.BertForMaskedLM.from_pretrained(whole.encoder("mlm")).eval()
    ids = torch.tensor([[101, 300, 103, 400, 102]])
    assert (ours(ids) - theirs(ids).logits).abs().max() < 1e-4
    assert ours.words is ours.bert.embeddings.word.weight and theirs.cls.predictions.decoder.weight is theirs.bert.embeddings.word_embeddings.weight


def test_the_stages_alone_then_the_tasks_are_the_whole_run(recipe: Recipe, whole: RunFolder, tmp_path: Path) -> None:
    done = stages_alone(recipe, tmp_path / "run")
    assert done.encoder == done.folder.encoder("simcse") and "Before the tasks" in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert_same(checkpoint.load(run(recipe, tmp_path / "run", resume=True).folder.last), checkpoint.load(whole.last))


def test_without_a_stage_there_is_nothing_to_pretrain(data: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"recipe small has no stage before its tasks, so there is nothing to pretrain; name one with stages\.run = "):
        stages_alone(with_stages(data), tmp_path / "run")


def test_a_folder_with_a_stage_in_it_is_not_free(whole: RunFolder, recipe: Recipe, tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    checkpoint.save(folder.stage, checkpoint.load(whole.stage))
    with pytest.raises(UserError, match=r"already holds a run \(stage\.safetensors\)"):
        run(recipe, folder.path)


def test_a_stage_resumes_with_its_own_recipe_only_and_says_when_there_is_nothing_to_resume(whole: RunFolder, recipe: Recipe, tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    with pytest.raises(UserError, match=r"no checkpoint at .*stage\.safetensors"):
        run(recipe, folder.path, resume=True)
    checkpoint.save(folder.stage, checkpoint.load(whole.stage))
    with pytest.raises(UserError, match=r"saved with simcse\.lr = 0\.001 and this run has simcse\.lr = 0\.1"):
        run(dataclasses.replace(recipe, simcse=dataclasses.replace(recipe.simcse, lr=0.1)), folder.path, resume=True)


def test_a_mistake_in_the_tasks_is_told_before_the_stages(data: Path, tmp_path: Path) -> None:
    recipe = with_stages(data, "simcse")
    recipe = dataclasses.replace(recipe, data=dataclasses.replace(recipe.data, folder=str(tmp_path)))
    with pytest.raises(UserError, match="there is no such file"):
        run(recipe, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_frozen_embeddings_are_those_that_masked_words_came_to(data: Path, tmp_path: Path) -> None:
    """[optimizer] is about the tasks: a stage moves the table, to which its decoder is tied, and the tasks leave it as the stage did."""
    folder = run(with_stages(data, "mlm", optimizer={"embedding_lr_multiplier": 0, "backend": "eager"}), tmp_path / "run").folder
    start, after = (Bert.from_pretrained(each).embeddings.word.weight for each in ("tiny", folder.encoder("mlm")))
    assert not torch.equal(start, after) and torch.equal(checkpoint.load(folder.last)["model"]["bert.embeddings.word.weight"], after)


def test_a_frozen_encoder_has_its_features_from_after_the_stage(data: Path, tmp_path: Path) -> None:
    folder = run(with_stages(data, "simcse", model={"fine_tune_mode": "last-linear-layer"}), tmp_path / "run").folder
    state, after = checkpoint.load(folder.last)["model"], Bert.from_pretrained(folder.encoder("simcse")).state_dict()
    assert all(torch.equal(state[f"bert.{name}"], tensor) for name, tensor in after.items())


def test_the_estimate_of_a_comparison_counts_what_stages_read(data: Path) -> None:
    """Twice the steps read twice as much; SimCSE encodes each text twice."""
    from tasks.stages_estimate import stage_work

    once, twice = (stage_work(with_stages(data, "mlm", mlm={"steps": steps})) for steps in (10, 20))
    assert twice == pytest.approx(2 * once) and stage_work(with_stages(data)) == 0
    short = {"steps": 10, "max_length": 8}  # every text is cut to 8 word pieces
    assert stage_work(with_stages(data, "mlm", mlm=short)) == pytest.approx(3 * 10 * 32 * 8, rel=0.2)
    assert stage_work(with_stages(data, "simcse", simcse=short)) == pytest.approx(2 * stage_work(with_stages(data, "mlm", mlm=short)))
