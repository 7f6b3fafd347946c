"""Whole runs with extra rows: stopped and gone on with to the last bit; and on the course's own files every row accounted for."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from small_run import SIZES, small_recipe, write_course_files
from tasks_same import assert_same

from minbert.errors import UserError
from tasks import checkpoint
from tasks import train as train_module
from tasks.commands import compare, train
from tasks.logs import read_lines
from tasks.recipe import load_recipe
from tasks.recipe_settings import Recipe
from tasks.recipe_tasks import tasks_of
from tasks.run_folder import RunFolder
from tasks.splits import Splits, read_splits
from tasks.streams import BatchStream

RECIPES = ("bp1-extra", "bp1-warmup", "bp1-relational")
LINES = ["premise\thypothesis\tlabel", *(f"a dog number {place}\tan animal\t{'entailment' if place % 2 else 'neutral'}" for place in range(30))]


def with_extra(folder: Path, **changes: Any) -> Recipe:
    data = write_course_files(folder)
    (data / "snli.csv").write_text("\n".join(LINES) + "\n", encoding="utf-8")
    training = {"epochs": 1, "clip": 1.0, "device": "cpu", "save_every": 1}
    made = small_recipe(data, training=training, sampler={"batch_size": 5, "window": 3, "iterations": 4}, **changes)
    return replace(made, extra={"snli": {"task": "quora", "file": "snli.csv", "map": "snli-paraphrase", "limit": 25}})


def trained(recipe: Recipe, folder: Path, **options: Any) -> RunFolder:
    return train_module.train(recipe, folder, say=lambda sentence: None, **options).folder


def test_stopped_with_extra_rows_a_run_goes_on_bit_for_bit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_module, "finish", lambda *arguments: {})
    recipe, drawn, taken = with_extra(tmp_path / "data"), [], []
    take, step = BatchStream.__next__, train_module.UpdateStep.__call__
    with monkeypatch.context() as patched:
        patched.setattr(BatchStream, "__next__", lambda stream: (drawn.append(batch := take(stream)), batch)[1])
        never = trained(recipe, tmp_path / "never")
    assert any(name.startswith("snli:") for batch in drawn for name in batch.ids)

    def stopping(self: Any, names: Any) -> Any:
        taken.append(names)
        if len(taken) == 3:
            raise KeyboardInterrupt
        return step(self, names)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(train_module.UpdateStep, "__call__", stopping)
        trained(recipe, tmp_path / "stopped")
    resumed = trained(recipe, tmp_path / "stopped", resume=True)
    assert_same(checkpoint.load(resumed.last), checkpoint.load(never.last))
    assert resumed.metrics.read_bytes() == never.metrics.read_bytes()
    assert checkpoint.load(resumed.last)["sampler"]["sizes"] == {**SIZES, "quora": SIZES["quora"] + 25}


def rows_of(course_data: Path, say: list[str], *changes: str) -> Splits:
    recipe = load_recipe("bp1-extra", [f"data.folder={course_data}", *changes])
    return read_splits(recipe, tasks_of(recipe), say.append)


def test_every_row_of_the_real_extra_files_is_mapped_and_none_is_in_dev_or_test(course_data: Path) -> None:
    if not (course_data / "extra" / "snli.csv").is_file():
        pytest.skip("the folder of the course files has no extra/snli.csv")
    said: list[str] = []
    train = rows_of(course_data, said, "extra.snli.overlap=refuse", "extra.cfimdb.overlap=refuse")["train"]
    assert {name: len(split) for name, split in train.items()} == {"sst": 8544 + 1707, "quora": 41_013 + 19_666, "sts": 6040}
    labels = Counter((example.id.partition(":")[0], example.label) for split in train.values() for example in split.examples if example.id.startswith(("snli:", "cfimdb:")))
    assert labels == {("snli", 0.0): 12_969, ("snli", 1.0): 6697, ("cfimdb", 0): 856, ("cfimdb", 4): 851}
    assert "extra.snli: 19,666 rows read from extra/snli.csv, 19,666 join the training rows of quora (0: 12,969, 1: 6,697)." in said
    assert "extra.cfimdb: 1,707 rows read from ids-cfimdb-train.csv, 1,707 join the training rows of sst (0: 856, 4: 851)." in said


@pytest.mark.slow
def test_reviews_that_are_held_out_are_counted_and_dropped_or_refused(course_data: Path, tmp_path: Path) -> None:
    lines = [path.read_text(encoding="utf-8").splitlines() for path in (course_data / "ids-sst-dev.csv", course_data / "ids-sst-train.csv")]
    (tmp_path / "both.csv").write_text("\n".join([lines[0][0], *lines[0][1:8], *lines[1][1:6]]) + "\n", encoding="utf-8")
    own = ["extra.cfimdb.map={0=0,1=1,2=2,3=3,4=4}", "extra.cfimdb.columns=[sentence]", "extra.cfimdb.label=sentiment", f"extra.cfimdb.file={tmp_path / 'both.csv'}"]
    said: list[str] = []
    rows_of(course_data, said, *own)
    (sentence,) = [each for each in said if each.startswith("extra.cfimdb")]
    assert "12 rows read" in sentence and "5 join the training rows of sst" in sentence and "left out: 7 that dev or test has too; 5 of them are among the rows of sst already." in sentence
    with pytest.raises(UserError, match=r"line 2 is ids-sst-dev\.csv, line 2; .* and 4 more\)"):
        rows_of(course_data, said, *own, "extra.cfimdb.overlap=refuse")


@pytest.mark.slow
@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_with_extra_rows_is_planned_and_run_on_the_real_files(name: str, course_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    if not (course_data / "extra" / "snli.csv").is_file():
        pytest.skip("the folder of the course files has no extra/snli.csv")
    monkeypatch.chdir(tmp_path)
    few = ["--weights", "tiny", "--data", str(course_data), "--epochs", "1", *(f"--set={each}" for each in (
        "sampler.iterations=6", "simcse.steps=2", "simcse.evaluate_every=0", "data.limit=400", "data.dev_limit=40", "data.test=false", "training.device=cpu", "data.max_length=48"))]
    assert compare.main([name, *few, "--dry-run"]) == 0
    planned = capsys.readouterr().out
    assert " missing " in planned and " 192 " in planned  # six batches of 32 rows
    assert train.main([name, *few, "--run-folder", "run"]) == 0
    told = capsys.readouterr().out
    assert "19,666 join the training rows of quora" in told and "1,707 join the training rows of sst" in told
    folder = RunFolder(tmp_path / "run")
    (last,) = [line for line in read_lines(folder.metrics) if line["kind"] == "epoch"]
    assert (last["step"], set(last["dev"])) == (6, {"sst", "quora", "sts"}) and folder.results.exists()
