"""`minbert evaluate --exit` and `minbert exits` on a run with exits: never is the whole model, everything is said, nothing is guessed."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from small_run import small_recipe, write_course_files

from minbert.errors import UserError
from tasks import train as train_module
from tasks.commands import evaluate, exits
from tasks.exit_inference import LeavingEarly, Left
from tasks.exit_timing import layers_of
from tasks.load_run import LoadedRun
from tasks.recipe_exits import ExitSettings
from tasks.registry import TASKS
from tasks.train import train


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A run with exits and one without, whose data lies beside them."""
    folder = tmp_path_factory.mktemp("exits")
    data, settings = write_course_files(folder / "data"), {"epochs": 1, "device": "cpu"}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(train_module, "finish", lambda *arguments: {})
        for name, exits in (("run", {"train": "joint", "lte": True}), ("plain", {})):
            train(small_recipe(data, exits=exits, training=settings), folder / name, say=lambda sentence: None)
    return {name: folder / name for name in ("run", "plain")}


def printed(capsys: pytest.CaptureFixture[str], command: object, *words: object) -> str:
    assert command.main([str(word) for word in words]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("rule", ["confidence=1", "entropy=0", "patience=3", "learned=1"])
def test_never_is_the_whole_model(rule: str, folders: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, evaluate, folders["run"], "--exit", rule)
    rows = re.findall(r"^(\w+) +(-?[\d.]+) +(-?[\d.]+) +2\.00 of 2 +0% ", text, re.MULTILINE)
    assert [row[0] for row in rows] == ["sst", "quora", "sts"] and all(full == early for _, full, early in rows)
    assert "that is never" in text and text.isascii()


def test_leaving_at_once_takes_one_layer_and_a_rule_that_does_not_apply_is_said(folders: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, evaluate, folders["run"], "--exit", "confidence=0", "--turns", 1)
    assert re.search(r"^sst .* 1\.00 of 2 +50% ", text, re.MULTILINE) and re.search(r"^sts .* 2\.00 of 2 +0% .* - +-$", text, re.MULTILINE)
    assert "sts: no rule that was asked applies, so all climb to the top" in text and "sst: leaves by confidence = 0; after each layer 100% 0%" in text
    text = printed(capsys, evaluate, folders["run"], "--exit", "confidence=0", "--exit", "sts:patience=1", "--exit", "sst:confidence=1", "--turns", 1)
    assert re.search(r"^sst .* 2\.00 of 2 ", text, re.MULTILINE) and re.search(r"^sts .* 1\.00 of 2 ", text, re.MULTILINE)


def test_layers_are_in_the_order_of_the_file_whatever_the_batches() -> None:
    early = LeavingEarly.__new__(LeavingEarly)
    torch.nn.Module.__init__(early)
    batches = [([3, 0], [1, 2]), ([1], [2])]
    early.left = [(type("Batch", (), {"indices": tuple(places)})(), Left(torch.zeros(len(places)), torch.tensor(layers), ())) for places, layers in batches]
    assert layers_of(early, 4, 3).tolist() == [2, 2, 3, 1]


def test_exits_writes_what_it_prints_and_evaluate_reads_its_temperatures(folders: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    run = folders["run"]
    text = printed(capsys, exits, run, "--split", "train", "--at-most", 100, "--time-rows", 7, "--thresholds", "0.4,0.9")
    assert text.isascii() and "sst: chosen on 35 rows of train, looked at on 36 others; rule confidence" in text and "looked at on 31 others; rule learned" in text
    found = json.loads((run / "exits.json").read_text())
    assert [point["threshold"] for point in found["tasks"]["sst"]["points"]] == [1, 0.9, 0.4] and len(found["tasks"]["sts"]["points"]) > 3  # another rule, with its own
    assert (found["at_most"], list(found["tasks"])) == (100, ["sst", "quora", "sts"]) and found["tasks"]["sts"]["temperatures"] is None
    with (run / "exits.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == sum(len(task["points"]) for task in found["tasks"].values()) and all(float(row["seconds_early"]) > 0 and float(row["seconds_all_layers"]) > 0 for row in rows)
    assert [sum(row["task"] == name and row["chosen"] == "1" for row in rows) for name in found["tasks"]] == [1, 1, 1]
    picture = (run / "exits.svg").read_text()
    assert picture.count("what each layer knows") >= 3 and "http" not in picture.replace("http://www.w3.org", "")
    before = printed(capsys, evaluate, run, "--exit", "confidence=1", "--calibrated", "--turns", 1)
    assert re.search(r"^sst .* 2\.00 of 2 ", before, re.MULTILINE)


@pytest.mark.parametrize("rule", ["entropy", "patience", "learned"])
def test_exits_takes_each_rule_where_it_applies(rule: str, folders: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, exits, folders["run"], "--split", "train", "--rule", rule, "--time-rows", 0, "--raw", "--at-most", 100)
    assert f"looked at on 36 others; rule {rule}" in text and "temperature" not in text.partition("are written")[0]
    assert f"looked at on 31 others; rule {'learned' if rule == 'entropy' else rule}" in text


def test_the_same_answer_everywhere_is_said_by_evaluate_too(folders: dict[str, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    kept = LoadedRun.evaluate

    def constant(self: LoadedRun, task: Any, *words: Any) -> Any:
        found = kept(self, task, *words)
        return replace(found, predictions=torch.zeros_like(found.predictions)) if task.name == "quora" else found

    monkeypatch.setattr(LoadedRun, "evaluate", constant)
    for words in ([], ["--exit", "confidence=1", "--turns", 1]):
        said = re.findall("^Warning: .*$", printed(capsys, evaluate, folders["run"], *words), re.MULTILINE)
        assert "Warning: task quora: all 13 predictions are 0, so nothing was told apart; its accuracy is that of a constant answer." in said


def told(command: object, *words: object) -> str:
    with pytest.raises(UserError) as caught:
        command.main([str(word) for word in words])
    return str(caught.value)


def test_what_cannot_be_meant_is_told(folders: dict[str, Path]) -> None:
    run, plain = folders["run"], folders["plain"]
    assert told(evaluate, plain, "--exit", "confidence=0.9") == f"the run {plain} has no exits; train one with minbert train early-exit, or with --set exits.train=joint."
    assert told(exits, plain).startswith(f"the run {plain} has no exits; ")
    assert told(exits, run, "--rule", "sure") == "--rule is 'sure', but must be one of confidence, entropy, patience, learned."
    assert told(exits, run, "--at-most", -1) == "--at-most is -1, expected a number of points, 0 or more."
    assert told(exits, run, "--thresholds", "0.9;0.8") == '--thresholds is "0.9;0.8", expected numbers with commas between them, such as 0.999,0.99,0.98.'
    assert told(exits, run, "--thresholds", "90,99").startswith("the exit rule 'confidence' has the threshold 90, expected a probability from 0")
    assert told(exits, run, "--time-rows", -1) == "--time-rows is -1, expected 0 or more."
    assert told(exits, run).startswith("task 'sst' has 13 rows, and choosing on one half")
    assert told(evaluate, run, "--exit", "0.95") == '--exit is "0.95", expected a rule and its threshold such as confidence=0.95, or sts:patience=3 for one task.'
    assert told(evaluate, run, "--exit", "=0.95").startswith('--exit is "=0.95", expected a rule and its threshold')
    assert told(evaluate, run, "--turns", 3) == "--turns is about leaving early, but no --exit says by which rule; add one such as --exit confidence=0.95, or leave --turns out."
    assert told(evaluate, plain, "--calibrated").startswith("--calibrated is about leaving early") and told(evaluate, run, "--tolerance", 1).startswith("--tolerance is about")
    assert "did you mean 'confidence'?" in told(evaluate, run, "--exit", "confidnce=0.9")
    assert told(evaluate, run, "--exit", "sts:confidence=0.9").startswith("the exit rule 'confidence' reads probabilities, and a regression has a score instead")
    assert told(evaluate, run, "--exit", "para:confidence=0.9").startswith(f'--exit is "para:confidence=0.9", but the run {run} was trained on sst, quora, sts; ')
    assert told(evaluate, run, "--exit", "confidence=0.9", "--turns", 0) == "--turns is 0, expected 1 or more."
    (run / "exits.json").unlink(missing_ok=True)
    assert told(evaluate, run, "--exit", "confidence=0.9", "--calibrated").endswith(f"which is not there or cannot be read; say minbert exits {run} first.")


@pytest.mark.parametrize("written, has", [({"checkpoint": "last", "tasks": {"sst": {"temperatures": [1, 2]}}}, "those of the last checkpoint"),
                                          ({"checkpoint": "best", "tasks": {"sst": {"temperatures": None}}}, "none, since its rule read plain scores")], ids=["last", "raw"])
def test_temperatures_of_another_checkpoint_or_of_none_are_not_used_in_secret(written: dict, has: str, folders: dict[str, Path]) -> None:
    run = folders["run"]
    (run / "exits.json").write_text(json.dumps(written))
    assert told(evaluate, run, "--exit", "confidence=0.9", "--calibrated") == (
        f"--calibrated needs the temperatures of the best checkpoint, and {run / 'exits.json'} has {has}; say minbert exits {run} first.")
    (run / "exits.json").write_text('{"checkpoint": "best", "tasks": {"sst": {"temperatures": ["hot"]}}}')
    assert "cannot be read" in told(evaluate, run, "--exit", "confidence=0.9", "--calibrated")


def test_a_rule_that_nothing_was_learned_for_is_told() -> None:
    run = SimpleNamespace(recipe=SimpleNamespace(exits=ExitSettings(train="joint"), training=SimpleNamespace(evaluate_batch_size=32)))
    with pytest.raises(UserError, match="^--rule learned needs a learned certainty, and this run has none; train with exits.lte=true, or use another rule.$"):
        exits._study(run, TASKS["sts"], None, SimpleNamespace(rule="learned"))
    assert [exits.rule_for(TASKS["sts"], None, lte) for lte in (False, True)] == ["patience", "learned"] and exits.rule_for(TASKS["sst"], None, True) == "confidence"
