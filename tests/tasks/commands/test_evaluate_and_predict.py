"""`minbert evaluate` and `minbert predict` on a finished run: the same scores again, and files that a grader would take."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from small_run import DEV_ROWS, SIZES, small_recipe, write_course_files

from minbert.errors import UserError
from tasks.commands import evaluate, predict
from tasks.predictions import preflight, read_predictions
from tasks.registry import TASKS
from tasks.train import train


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of three tasks, whose data folder lies beside it."""
    folder = tmp_path_factory.mktemp("commands")
    recipe = small_recipe(write_course_files(folder / "data"), training={"epochs": 1})
    train(recipe, folder / "run", say=lambda sentence: None)
    return folder / "run"


def test_evaluate_finds_the_scores_that_the_run_found(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main([str(run)]) == 0
    printed = capsys.readouterr().out
    results = json.loads((run / "results.json").read_text())
    for name, entry in results["tasks"].items():
        assert re.search(rf"^{name} +{DEV_ROWS} +{entry['metric']} +{entry['ours']:.3f}$", printed, re.MULTILINE)
    assert f"overall {results['overall']['normalised']:.4f} (normalised: " in printed and printed.isascii()


def test_evaluate_reads_the_split_and_the_checkpoint_asked_for(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main([str(run), "--split", "train", "--checkpoint", "last", "--device", "cpu"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"last checkpoint of {run}, train split:\n")
    assert all(re.search(rf"^{name} +{size} ", printed, re.MULTILINE) for name, size in SIZES.items())


def test_evaluate_follows_data_that_moved(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main([str(run)]) == 0
    before = capsys.readouterr().out
    moved_run, moved_data = tmp_path / "run", tmp_path / "elsewhere"
    shutil.copytree(run, moved_run)
    shutil.copytree(run.parent / "data", moved_data)
    assert evaluate.main([str(moved_run), "--data", str(moved_data)]) == 0
    assert capsys.readouterr().out == before.replace(str(run), str(moved_run))


def test_predict_writes_the_files_that_the_run_wrote(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for split in ("dev", "test"):
        assert predict.main([str(run), "--split", split, "--out", str(tmp_path)]) == 0
    assert f"{tmp_path / 'para-test-output.csv'}: {DEV_ROWS} predictions, every id once" in capsys.readouterr().out
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert written == {path.name: path.read_bytes() for path in (run / "predictions").iterdir()}
    assert len(written) == 6


def test_predict_answers_for_a_file_of_ones_own(run: Path, tmp_path: Path) -> None:
    own = tmp_path / "mine.csv"
    own.write_text("id\tsentence\na\tgood film\nb\tbad film\n", encoding="utf-8")
    assert predict.main([str(run), "--input", str(own), "--task", "sst", "--out", str(tmp_path / "out")]) == 0
    preflight(tmp_path / "out" / "sst-mine-output.csv", TASKS["sst"], ["a", "b"])


def test_predict_knows_the_courses_output_options(run: Path, tmp_path: Path) -> None:
    words = [str(run), "--split", "dev", "--task", "sts", "--out", str(tmp_path)]
    assert predict.main([*words, "--sts_dev_out", str(tmp_path / "copy.csv")]) == 0
    assert read_predictions(tmp_path / "copy.csv", TASKS["sts"]).ids == read_predictions(tmp_path / "sts-dev-output.csv", TASKS["sts"]).ids
    assert not (tmp_path / "sst-dev-output.csv").exists()


def told(command: object, *words: str) -> str:
    """The sentence that the command answers with."""
    with pytest.raises(UserError) as caught:
        command.main([str(word) for word in words])
    return str(caught.value)


def test_what_cannot_be_meant_is_told(run: Path, tmp_path: Path) -> None:
    assert told(evaluate, run, "--split", "test") == ('--split is "test", but must be dev or train; minbert predict answers for a test split, which has '
                                                      "no labels to score.")
    assert told(evaluate, run, "--split", "tain") == '--split is "tain", but must be dev or train; did you mean train?'
    assert told(evaluate, run, "--checkpoint", "first").startswith('--checkpoint is "first", but must be best or last; ')
    assert told(predict, run, "--device", "gpu").startswith('--device is "gpu", but must be auto or cpu or cuda or mps; ')
    assert told(evaluate, tmp_path) == (f'"{tmp_path}" holds no best checkpoint, it is no run folder; expected a folder in which minbert train has '
                                        "finished an epoch, such as runs/practice.")
    (tmp_path / "recipe.toml").touch()
    assert f'"{tmp_path}" holds no last checkpoint, it has no checkpoint yet; ' in told(evaluate, tmp_path, "--checkpoint", "last")
    assert told(evaluate, run, "--data", "nowhere").startswith('--data: there is no folder "nowhere"; ')
    assert told(predict, run, "--task", "quoora") == (f'--task is "quoora", but the run {run} was trained on sst, quora, sts; did you mean quora?')
    assert told(predict, run, "--input", "x.csv") == (f"--input needs --task NAME, because the run {run} was trained on several: sst, quora, sts.")
    assert told(predict, run, "--split", "test", "--sst_dev_out", "x.csv") == ("the dev predictions of sst are asked for in x.csv, but this command "
                                                                             "makes others; say --split dev without --input, or leave the option out.")


def test_nothing_is_written_when_one_of_the_files_cannot_be_read(run: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(run.parent / "data", data)
    (data / "sts-dev.csv").unlink()
    assert "sts-dev.csv: there is no such file" in told(predict, run, "--split", "dev", "--data", data, "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_damaged_checkpoint_is_told(run: Path, tmp_path: Path) -> None:
    shutil.copytree(run, tmp_path / "run")
    path = tmp_path / "run" / "checkpoints" / "best.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    assert "cannot be read as a checkpoint" in told(evaluate, tmp_path / "run")
