"""`minbert train` from the words typed to the last line printed, on a course in miniature."""

from __future__ import annotations

import json
import re
import signal
from pathlib import Path
from typing import Any

import pytest
from small_run import DEV_ROWS, write_course_files

from minbert.errors import UserError
from tasks.commands.train import free_folder, main
from tasks.console import epoch_line
from tasks.predictions import preflight
from tasks.recipe import load_recipe
from tasks.registry import TASKS

SMALL = ["--weights", "tiny", "--set", "data.max_length=32", "--device", "cpu", "--epochs", "1", "--batch-size", "8",
         "--set", "optimizer.backend=eager"]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of small course files beside an empty working directory; no data folder in the environment."""
    monkeypatch.delenv("MINBERT_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    return write_course_files(tmp_path / "data")


def test_a_run_ends_with_the_table_both_scores_and_where_everything_lies(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outputs = ["--sst_dev_out", "out/sst.csv", "--para_test_out", "out/para.csv"]
    assert main(["--data", str(data), *SMALL, *outputs]) == 0
    printed = capsys.readouterr().out
    assert printed.isascii() and printed.startswith("Recipe baseline: ")
    results = json.loads(Path("runs/baseline/results.json").read_text())
    for name in ("sst", "quora", "sts"):
        entry = results["tasks"][name]
        figures = " +".join(re.escape(f"{entry[column]:.3f}") for column in ("majority", "bag_of_words", "ours"))
        assert re.search(rf"^{name} +{entry['metric']} +{figures}$", printed, re.MULTILINE)
    assert f"overall {results['overall']['normalised']:.4f} (normalised: (sst + quora + (sts + 1)/2) / 3)" in printed
    assert f"overall {results['overall']['plain']:.4f} (plain: (sst + quora + sts) / 3)" in printed
    assert re.search(r"^epoch 1/1: dev sst accuracy 0\.\d{3}, quora .*; overall 0\.\d{4} normalised, the best so far$", printed, re.MULTILINE)
    assert printed.endswith("Run folder: runs/baseline\nReport:     runs/baseline/report.html\n") and Path("runs/baseline/report.html").is_file()
    preflight("out/sst.csv", TASKS["sst"], [f"ids-sst-dev-{place}" for place in range(DEV_ROWS)])
    preflight("out/para.csv", TASKS["quora"], [f"quora-test-student-{place}" for place in range(DEV_ROWS)])


def test_the_classifiers_options_train_its_one_task(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "ids-sst-test-student.csv").unlink()
    files = ["--train", "data/ids-sst-train.csv", "--dev", "data/ids-sst-dev.csv", "--dev_out", "d.csv", "--test_out", "t.csv"]
    assert main(["sst", *files, *SMALL, "--option", "pretrain", "--lr", "1e-3", "--run-folder", "mine"]) == 0
    printed = capsys.readouterr().out
    assert Path("d.csv").is_file() and Path("mine/report.html").is_file()
    assert "Warning: t.csv was not written, because task sst has no test file in the data folder." in printed
    assert load_recipe("mine/recipe.toml").model.fine_tune_mode == "last-linear-layer"


def test_show_prints_a_recipe_that_can_be_trained_and_starts_nothing(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sst", "--data", str(data), *SMALL, "--show"]) == 0
    Path("again.toml").write_text(capsys.readouterr().out)
    assert load_recipe("again.toml") == load_recipe("sst", [f"data.folder='{data}'", "weights=tiny", "data.max_length=32", "training.device=cpu",
                                                            "training.epochs=1", "optimizer.backend=eager"])
    assert not Path("runs").exists()


def test_a_stopped_run_is_resumed_by_the_sentence_it_printed(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ctrl_c_after_the_second(record: dict[str, Any], epochs: int) -> str:
        if record["epoch"] == 2:
            signal.raise_signal(signal.SIGINT)
        return epoch_line(record, epochs)

    monkeypatch.setattr("tasks.train.epoch_line", ctrl_c_after_the_second)
    assert main(["sst", "--data", "data", *SMALL, "--epochs", "3"]) == 130
    advice = re.search(r"Go on with: minbert train (--resume \S+)\n", capsys.readouterr().out)
    assert advice and not Path("runs/sst/report.html").exists()
    assert main(advice[1].split()) == 0
    resumed = capsys.readouterr().out
    assert "Going on after step " in resumed and "\nepoch 3/3: " in resumed and "epoch 2/3" not in resumed
    assert Path("runs/sst/report.html").is_file()


def test_resume_takes_no_other_choice(data: Path) -> None:
    with pytest.raises(UserError, match=r"^--resume goes on with the run's own recipe, so --lr cannot be given with it; leave it out, or start a new run\.$"):
        main(["--resume", "runs/x", "--lr", "1"])
    with pytest.raises(UserError, match=r"so the recipe sst cannot be given with it"):
        main(["sst", "--resume", "runs/x"])
    with pytest.raises(UserError, match=r"^--resume: \"data\" is no run folder \(it holds no recipe\.toml\); expected a folder that minbert train wrote"):
        main(["--resume", "data"])


def test_output_files_for_tasks_that_are_not_trained_are_refused_before_training(data: Path) -> None:
    with pytest.raises(UserError, match=r"^--sts-dev-out is about the task sts, but the recipe trains sst; leave it out, or choose tasks with --tasks\.$"):
        main(["sst", "--data", str(data), *SMALL, "--sts_dev_out", "x.csv"])
    assert not Path("runs").exists()


def test_a_new_run_takes_the_first_folder_that_holds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert free_folder("sst") == Path("runs/sst")
    Path("runs/sst").mkdir(parents=True)
    assert free_folder("sst") == Path("runs/sst")
    Path("runs/sst/recipe.toml").touch()
    Path("runs/sst-2").touch()
    assert free_folder("sst") == Path("runs/sst-3")
    assert free_folder("../a b\n") == Path("runs/a-b")
    assert free_folder("...") == Path("runs/run")
