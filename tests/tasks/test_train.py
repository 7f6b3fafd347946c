"""The loop as a whole: same seed same run, the right number of updates, something is learned, and trouble is told."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from small_run import SIZES, small_recipe, toy_regularizer

from minbert.errors import UserError
from tasks import checkpoint, update_step
from tasks import train as train_module
from tasks.logs import read_lines
from tasks.plots import write_plots
from tasks.predictions import preflight
from tasks.recipe_settings import Recipe
from tasks.registry import TASKS
from tasks.run_folder import RunFolder
from tasks.setup_run import build
from tasks.train import Result, train
from tasks.update_step import UpdateStep

ROOT = Path(__file__).parents[2]


def quiet(sentence: str) -> None:
    """Say nothing."""


@pytest.fixture
def no_finish(monkeypatch: pytest.MonkeyPatch) -> None:
    """For one test and not for the module: predictions and report are written in some of them."""
    monkeypatch.setattr(train_module, "finish", lambda *arguments: {})


def of_few_rows(data: Path, **sections: Any) -> Recipe:
    """Two epochs of 5 steps."""
    return small_recipe(data, data={"folder": str(data), "max_length": 32, "limit": 29}, **sections)


@pytest.fixture(scope="module")
def finished(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Result:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("tasks.finish.write_plots", write_plots)  # which the other tests go without
        return train(of_few_rows(data), tmp_path_factory.mktemp("finished") / "run", say=quiet)


def test_a_finished_run_holds_what_run_folder_describes(finished: Result, data: Path) -> None:
    names = {path.name for path in finished.folder.path.iterdir()}
    assert {"recipe.toml", "environment.json", "tokenizer", "metrics.jsonl", "metrics.csv", "timings.jsonl", "results.json", "predictions",
            "checkpoints", "report.html", "curves.png", "confusion-sst.png", "confusion-quora.png"} <= names
    assert "stopped.json" not in names
    assert set(json.loads(finished.folder.results.read_text())["tasks"]) == set(SIZES)
    for name, ours in [("sst", "sst"), ("quora", "para"), ("sts", "sts")]:
        for split in ("dev", "test"):
            stem = {"sst": "ids-sst", "quora": "quora", "sts": "sts"}[name] + ("-dev" if split == "dev" else "-test-student")
            preflight(finished.folder.predictions / f"{ours}-{split}-output.csv", TASKS[name], [f"{stem}-{place}" for place in range(13)])


def test_the_final_table_is_of_the_best_epoch(finished: Result) -> None:
    epochs = [line for line in read_lines(finished.folder.metrics) if line["kind"] == "epoch"]
    best = max(epochs, key=lambda line: line["overall"])
    assert finished.results["overall"][best["score"]] == pytest.approx(best["overall"], abs=1e-12)
    assert {name: entry["ours"] for name, entry in finished.results["tasks"].items()} == {name: dev["score"] for name, dev in best["dev"].items()}
    assert checkpoint.load(finished.folder.best)["epoch"] == best["epoch"] == finished.progress.best_epoch


def test_time_stays_out_of_the_metrics(finished: Result) -> None:
    assert "seconds" not in finished.folder.metrics.read_text()
    assert [line["epoch"] for line in read_lines(finished.folder.timings)] == [1, 2]


CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, "tests")
from small_run import small_recipe
from tasks import finish
from tasks.train import train
finish.write_plots = lambda folder: []
folder = sys.argv[1]
train(small_recipe(Path(folder), data={"folder": folder, "max_length": 32, "limit": 29}), sys.argv[2], say=lambda sentence: None)
"""


def test_same_seed_same_run_in_a_fresh_process_with_another_hash_seed(finished: Result, data: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "41", "OMP_NUM_THREADS": str(torch.get_num_threads())}
    subprocess.run([sys.executable, "-c", CHILD, str(data), str(tmp_path / "run")], cwd=ROOT, env=environment, check=True)
    other = RunFolder(tmp_path / "run")
    assert other.metrics.read_bytes() == finished.folder.metrics.read_bytes()
    assert other.last.read_bytes() == finished.folder.last.read_bytes()
    for path in finished.folder.predictions.iterdir():
        assert (other.predictions / path.name).read_bytes() == path.read_bytes()


def test_another_seed_is_another_run(finished: Result, data: Path, tmp_path: Path, no_finish: None) -> None:
    train(of_few_rows(data, seed=3), tmp_path / "run", say=quiet)
    assert RunFolder(tmp_path / "run").metrics.read_bytes() != finished.folder.metrics.read_bytes()


def test_the_caller_s_random_numbers_are_left_alone(data: Path, tmp_path: Path, no_finish: None) -> None:
    before = torch.get_rng_state()
    train(of_few_rows(data, training={"epochs": 1}), tmp_path / "run", say=quiet)
    assert torch.equal(torch.get_rng_state(), before)


def test_weight_zero_equals_no_regularizer_bit_for_bit(finished: Result, data: Path, tmp_path: Path, no_finish: None) -> None:
    train(of_few_rows(data), tmp_path / "run", make_regularizer=toy_regularizer, weight=0.0, say=quiet)
    assert RunFolder(tmp_path / "run").last.read_bytes() == finished.folder.last.read_bytes()


# 13 rows a batch, min(71, 67, 61) // 13 = 4 lock-steps of 3 updates; shuffled: ceil(71/13) + ceil(67/13) + ceil(61/13) = 6 + 6 + 5 steps of one.
@pytest.mark.parametrize("settings, steps, updates", [
    ({}, 4, 12),
    ({"update": {"name": "summed"}}, 4, 4),
    ({"sampler": {"name": "shuffled"}}, 17, 17),
    ({"sampler": {"iterations": 3}}, 3, 9),
    ({"sampler": {"name": "annealed"}, "training": {"accumulation": 2, "epochs": 1}}, 6, 6),  # 3 tasks * (61 // (13 * 2))
    ({"sampler": {"name": "proportional", "iterations": 2}}, 2, 2),  # an epoch without one of the tasks
    ({"training": {"accumulation": 2, "epochs": 1}}, 2, 6),
    ({"training": {"accumulation": 2, "epochs": 1}, "update": {"name": "summed"}}, 2, 2),
    ({"tasks": ("sst",)}, 5, 5),
])
def test_steps_and_updates_of_an_epoch(settings: dict[str, Any], steps: int, updates: int, data: Path, tmp_path: Path, no_finish: None) -> None:
    training, sampler = ({**usual, **settings.get(name, {})} for name, usual in (("training", {"epochs": 1, "device": "cpu"}), ("sampler", {"batch_size": 13})))
    recipe = small_recipe(data, **{**settings, "training": training, "sampler": sampler})
    progress = train(recipe, tmp_path / "run", say=quiet).progress
    assert (progress.step, progress.updates) == (steps, updates) == (steps, build(recipe, say=quiet).updates_per_epoch)


def test_each_update_touches_its_own_head_and_no_other(data: Path) -> None:
    parts = build(small_recipe(data, schedule={"name": "constant"}), say=quiet)
    update = UpdateStep(parts)
    before = {name: parameter.clone() for name, parameter in parts.model.named_parameters()}
    update(("quora",))
    moved = {name for name, parameter in parts.model.named_parameters() if not torch.equal(parameter, before[name])}
    assert {name.split(".")[1] for name in moved if name.startswith("heads.")} == {"quora"}
    assert all(parameter not in parts.optimizer.state for name in ("sst", "sts") for parameter in parts.model.heads[name].parameters())


def gradients_of(parts: Any) -> list[torch.Tensor]:
    """Copies of all gradients of the model, in its order."""
    return [parameter.grad.clone() for parameter in parts.model.parameters() if parameter.grad is not None]


def test_accumulated_batches_give_the_gradient_of_one_large_batch(data: Path) -> None:
    """Four batches of 5 against one of 20, same rows: dropout off, because it draws by shape."""
    still = {"head_dropout": 0.0, "hidden_dropout": 0.0, "attention_dropout": 0.0}
    moved = []
    for batch_size, accumulation in [(5, 4), (20, 1)]:
        recipe = small_recipe(data, tasks=("sst",), model=still, sampler={"batch_size": batch_size, "window": 1}, schedule={"name": "constant"},
                              training={"accumulation": accumulation, "clip": 0.0, "device": "cpu"})
        parts = build(recipe, say=quiet)
        rows = torch.randperm(71, generator=torch.Generator().manual_seed(5)).tolist()[:20]
        chunks = iter([rows[start : start + batch_size] for start in range(0, 20, batch_size)])
        from tasks.batching import collate
        parts.streams["sst"] = (collate(parts.encoded["train"]["sst"], chunk) for chunk in chunks)
        gradients = []
        parts.optimizer.step = lambda parts=parts, gradients=gradients: gradients.extend(gradients_of(parts))
        UpdateStep(parts)(("sst",))
        moved.append(torch.cat([gradient.flatten() for gradient in gradients]))
    torch.testing.assert_close(moved[0], moved[1], atol=1e-6, rtol=1e-4)


def test_clipping_leaves_a_gradient_of_the_length_allowed(data: Path) -> None:
    for limit in (0.01, 1e6):
        parts = build(small_recipe(data, training={"clip": limit, "device": "cpu"}), say=quiet)
        lengths = []
        parts.optimizer.step = lambda parts=parts, lengths=lengths: lengths.extend(gradients_of(parts))
        update = UpdateStep(parts)
        update(("sst",))
        assert torch.cat([each.flatten() for each in lengths]).norm().item() == pytest.approx(min(limit, update.gradient_norm), rel=1e-5)


def test_a_run_that_never_began_leaves_no_folder_behind(data: Path, tmp_path: Path) -> None:
    recipe = dataclasses.replace(small_recipe(data), weights=str(tmp_path / "nowhere"))
    with pytest.raises(UserError, match="nowhere"):
        train(recipe, tmp_path / "run", say=quiet)
    assert not (tmp_path / "run").exists()


def test_something_is_learned(data: Path, tmp_path: Path, no_finish: None) -> None:
    recipe = small_recipe(data, optimizer={"lr": 3e-3}, schedule={"name": "constant"}, training={"epochs": 8, "clip": 1.0, "device": "cpu"})
    result = train(recipe, tmp_path / "run", say=quiet)
    epochs = [line for line in read_lines(result.folder.metrics) if line["kind"] == "epoch"]
    for task in SIZES:
        assert epochs[-1]["loss"][task] < 0.9 * epochs[0]["loss"][task]
    assert result.progress.best > epochs[0]["overall"] + 0.1


def test_last_linear_layer_moves_the_heads_alone_and_equals_the_uncached_run(data: Path, tmp_path: Path, no_finish: None) -> None:
    recipe = of_few_rows(data, model={"fine_tune_mode": "last-linear-layer", "head_dropout": 0.0}, optimizer={"lr": 1e-2})
    cached, uncached = tmp_path / "cached", tmp_path / "uncached"
    train(recipe, cached, say=quiet)
    train(recipe, uncached, make_regularizer=toy_regularizer, weight=0.0, say=quiet)
    one, two = (checkpoint.load(RunFolder(path).last)["model"] for path in (cached, uncached))
    before = build(recipe, say=quiet).model.state_dict()
    for name, tensor in one.items():
        assert torch.equal(tensor, before[name]) == name.startswith("bert."), name
        torch.testing.assert_close(tensor, two[name], atol=1e-5, rtol=1e-4)


def test_bfloat16_trains_on_the_cpu_and_keeps_weights_in_float32(data: Path, tmp_path: Path, no_finish: None) -> None:
    result = train(of_few_rows(data, training={"precision": "bf16", "epochs": 1, "device": "cpu"}), tmp_path / "run", say=quiet)
    epoch = read_lines(result.folder.metrics)[-1]
    assert all(loss < 50 for loss in epoch["loss"].values())
    assert {tensor.dtype for tensor in checkpoint.load(result.folder.last)["model"].values()} == {torch.float32}


def test_a_folder_that_holds_a_run_is_not_overwritten(finished: Result, data: Path) -> None:
    before = finished.folder.last.read_bytes()
    with pytest.raises(UserError, match=r"already holds a run \(last\.safetensors\): go on with `minbert train --resume"):
        train(of_few_rows(data), finished.folder.path, say=quiet)
    assert finished.folder.last.read_bytes() == before


def poison(monkeypatch: pytest.MonkeyPatch, at_call: int, what: str) -> None:
    """From call `at_call` on, the row with id ids-sst-train-7 gives NaN: as a loss, or in the gradient alone."""
    whole, calls = update_step.make_objective, []

    class Backwards(torch.autograd.Function):
        @staticmethod
        def forward(context: Any, loss: torch.Tensor) -> torch.Tensor:
            return loss.clone()

        @staticmethod
        def backward(context: Any, gradient: torch.Tensor) -> torch.Tensor:
            return gradient * float("nan")

    def poisoned(*arguments: Any) -> Any:
        objective = whole(*arguments)

        def loss_of(task: str) -> torch.Tensor:
            calls.append(task)
            loss = objective(task)
            if len(calls) < at_call:
                return loss
            return loss * float("nan") if what == "loss" else Backwards.apply(loss)

        return loss_of

    monkeypatch.setattr(update_step, "make_objective", poisoned)


@pytest.mark.parametrize("what", ["loss", "gradient"])
@pytest.mark.parametrize("clip", [0.0, 1.0])
def test_a_number_that_is_none_stops_the_run_and_names_the_rows(what: str, clip: float, data: Path, tmp_path: Path,
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    folder = RunFolder(tmp_path / "run")
    poison(monkeypatch, at_call=3 * 8 + 2, what=what)  # the second task, quora, of the ninth step
    sentence = rf"training stopped at step 9: the {what} of task quora is nan on the rows with id quora-train-\d+, .*lower optimizer\.lr"
    with pytest.raises(UserError, match=sentence):
        train(small_recipe(data, training={"clip": clip, "save_every": 4, "device": "cpu"}), folder.path, say=quiet)
    stopped = json.loads(folder.stopped.read_text())
    assert stopped["step"] == 9 and stopped["task"] == "quora" and len(stopped["rows"]) == 5
    assert all(row["id"].startswith("quora-train-") and float(row["loss"]) < 100 for row in stopped["rows"])
    last = checkpoint.load(folder.last)
    assert last["progress"]["step"] == 8 and all(tensor.isfinite().all() for tensor in last["model"].values())


def test_weights_that_give_nan_are_found_by_the_row_that_does(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Word 'two' made infinite: only the rows that hold it are named."""
    folder, started = RunFolder(tmp_path / "run"), train_module.start_or_resume

    def with_a_bad_word(*arguments: Any, **options: Any) -> Any:
        parts, progress = started(*arguments, **options)
        parts.model.bert.embeddings.word.weight.data[parts.tokenizer.pieces(["two"])[0][0]] = float("inf")
        return parts, progress

    monkeypatch.setattr(train_module, "start_or_resume", with_a_bad_word)
    with pytest.raises(UserError, match="the loss of task sst is nan on the rows with id ids-sst-train"):
        train(small_recipe(data, tasks=("sst",)), folder.path, say=quiet)
    rows = json.loads(folder.stopped.read_text())["rows"]
    texts = [line.split("\t")[2].split() for line in (data / "ids-sst-train.csv").read_text().splitlines()[1:]]
    assert {row["loss"] == "nan" for row in rows} == {True, False}
    assert [row["loss"] == "nan" for row in rows] == ["two" in texts[row["index"]] for row in rows]


def test_silent_failures_are_said_aloud(data: Path, tmp_path: Path, no_finish: None, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    whole = UpdateStep.__call__
    monkeypatch.setattr(UpdateStep, "__call__", lambda self, names: whole(self, names[:1]))  # only sst is ever trained
    train(of_few_rows(data, optimizer={"lr": 1e-9}, training={"epochs": 1, "device": "cpu"}), tmp_path / "run", say=said.append)
    heads = [sentence for sentence in said if "has not had a gradient yet, so its scores are those of random weights" in sentence]
    assert [sentence.split()[5] for sentence in heads] == ["quora", "sts"]


def test_constant_predictions_are_said_aloud(data: Path, tmp_path: Path, no_finish: None, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    started = train_module.start_or_resume

    def with_dead_heads(*arguments: Any, **options: Any) -> Any:
        parts, progress = started(*arguments, **options)
        for head in parts.model.heads.values():
            for parameter in head.parameters():
                parameter.data.zero_()
        return parts, progress

    monkeypatch.setattr(train_module, "start_or_resume", with_dead_heads)
    train(of_few_rows(data, optimizer={"lr": 1e-30}, training={"epochs": 1, "device": "cpu"}), tmp_path / "run", say=said.append)
    assert any("task quora: all 13 dev predictions are 0, so nothing was learned yet" in sentence for sentence in said)


def test_progress_bars_count_every_step_and_every_dev_batch(data: Path, tmp_path: Path, no_finish: None) -> None:
    from tqdm import tqdm

    bars = []

    def bar(*arguments: Any, **options: Any) -> tqdm:
        bars.append(tqdm(*arguments, **options, file=open(os.devnull, "w")))  # noqa: SIM115
        return bars[-1]

    train(small_recipe(data), tmp_path / "run", say=quiet, bar=bar)
    titles = [(one.desc.strip(": "), one.n) for one in bars]
    assert titles[:4] == [("epoch 1/2", 12), ("dev sst", 1), ("dev quora", 1), ("dev sts", 1)] and len(bars) == 8
    for one in bars:
        one.fp.close()
