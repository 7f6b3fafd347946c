"""`minbert compare` from the words typed to the table, on a course in miniature."""

from __future__ import annotations

import csv
import json
import re
import statistics
from pathlib import Path

import pytest
from small_run import write_course_files

from minbert.errors import UserError
from tasks.commands.compare import main, out_folder
from tasks.commands.compare_options import compare_parser
from tasks.metrics import pearson
from tasks.predictions import read_predictions
from tasks.registry import TASKS

SMALL = ["--data", "data", "--weights", "tiny", "--set", "data.max_length=32", "--set", "data.limit=20", "--device", "cpu", "--epochs", "1", "--lr", "1e-3",
         "--set", "optimizer.backend=eager", "--same-process"]
TWO = ["summed", "gse", *SMALL, "--seeds", "2", "--out", "out"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory in which the comparison TWO has been made."""
    folder = tmp_path_factory.mktemp("compare")
    write_course_files(folder / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MINBERT_DATA", raising=False)
        patch.chdir(folder)
        assert main(TWO) == 0
    return folder


@pytest.fixture(autouse=True)
def _inside(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    monkeypatch.delenv("MINBERT_DATA", raising=False)


def test_means_and_deviations_are_those_of_the_runs() -> None:
    rows = list(csv.DictReader(Path("out/table.csv").read_text().splitlines()))
    assert [row["row"] for row in rows] == ["summed", "gse"]
    for row in rows:
        runs = [json.loads(Path(f"out/{row['row']}/seed-{seed}/results.json").read_text()) for seed in (11711, 11712)]
        overall = [run["overall"]["normalised"] for run in runs]
        assert float(row["overall_mean"]) == pytest.approx(statistics.fmean(overall)) and float(row["overall_deviation"]) == pytest.approx(statistics.stdev(overall))
        assert float(row["sts_mean"]) == pytest.approx(statistics.fmean(run["tasks"]["sts"]["ours"] for run in runs))
    assert rows[1]["published_overall"] == "0.644"


def test_the_difference_is_that_of_the_means_and_answers_are_those_of_the_files() -> None:
    summary = json.loads(Path("out/results.json").read_text())
    first, second = summary["rows"]
    found = second["against_first"]["overall"]
    assert first["against_first"] is None
    assert found["difference"] == pytest.approx(second["overall"]["mean"] - first["overall"]["mean"])
    assert found["low"] <= found["difference"] <= found["high"] and 0 <= found["not_better"] <= 1
    sts = read_predictions("out/gse/seed-11712/predictions/sts-dev-output.csv", TASKS["sts"])
    labels = [float(line.split("\t")[-1]) for line in Path("data/sts-dev.csv").read_text().splitlines()[1:]]
    assert second["runs"][1]["scores"]["sts"]["score"] == pytest.approx(pearson(sts.values, labels), abs=1e-6)


def test_everything_is_written_and_the_page_tells_the_command_and_what_is_unfair() -> None:
    page = Path("out/table.md").read_text()
    assert page.startswith("`minbert compare summed gse --data data ")
    assert "Note: Fairness: rows differ in optimizer updates (4 in gse; 2 in summed), so" in page
    assert Path("out/chart.svg").read_text().startswith("<svg ") and Path("out/gse/seed-11711/report.html").exists()


def test_the_same_command_again_runs_nothing_and_writes_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in (Path("out/table.md"), Path("out/results.json"), Path("out/chart.svg"))}
    assert main(TWO) == 0
    assert capsys.readouterr().out.count(": finished before.\n") == 4
    assert {path: path.read_bytes() for path in before} == before


def test_a_longer_list_of_seeds_and_another_row_use_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summed", "gse", "pcgrad", *SMALL, "--seeds", "11711,11712,9", "--out", "out", "--dry-run"]) == 0
    printed = capsys.readouterr().out
    assert printed.count(" finished ") == 4 and printed.count(" missing ") == 5 and "9 runs; what is left takes about" in printed
    assert re.search(r"^summed, seed 9 +missing +2 +48 +\d+\.\d s \(measured\)$", printed, re.MULTILINE)
    assert re.search(r"^pcgrad, seed 9 +missing +2 +48 +\d+\.\d s \(rough\)$", printed, re.MULTILINE)
    assert not Path("out/pcgrad").exists()


def test_a_run_that_fails_is_named_the_others_are_made_and_the_status_is_1(capsys: pytest.CaptureFixture[str]) -> None:
    broken = ["--set", "regularizer.name=smart-mt-dnn", "--set", "regularizer.weight=1e38"]
    assert main(["summed", *SMALL, *broken, "--sweep", "training.clip=0,1", "--out", "fails"]) == 1
    printed = capsys.readouterr().out
    assert "0 of 1, 1 FAILED" in printed and "summed clip=0, seed 11711, failed: " in printed
    assert json.loads(Path("fails/results.json").read_text())["rows"][0]["runs"][0]["state"] == "failed"


def test_slim_keeps_what_tables_need_and_a_part_of_dev_is_compared_as_that_part(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sst", *SMALL, "--sweep", "optimizer.weight_decay=0,0.5", "--set", "data.dev_limit=5", "--out", "slim", "--slim"]) == 0
    assert not list(Path("slim").glob("*/*/checkpoints/*")) and len(list(Path("slim").glob("*/*/report.html"))) == 2
    assert main(["sst", *SMALL, "--sweep", "optimizer.weight_decay=0,0.5", "--set", "data.dev_limit=5", "--out", "slim"]) == 0
    printed = capsys.readouterr().out
    assert "sst weight_decay=0.5" in printed and printed.count(": finished before.") == 2 and "0.5 -" not in printed


@pytest.mark.parametrize(("words", "said"), [
    (["bseline"], 'there is no recipe "bseline"'),
    (["baseline"], "whose files do not come with minbert; give their folder with --data DIR"),
    ([], "compare: the following arguments are required: RECIPE (or --sweep KEY=VALUE,VALUE); minbert compare --help"),
    (["sst", "sst", "--data", "data"], 'two rows are called "sst"'),
    (["sst", "--data", "data", "--lr", "1e-3", "--sweep", "optimizer.lr=1,2"], "--sweep optimizer.lr and --lr set the same thing; give one of them."),
    (["sst", "--data", "data", "--set", "optimizer.lr=3", "--sweep", "optimizer.lr=1,2"], "--sweep optimizer.lr and --set optimizer.lr=3 set the same thing"),
    (["sst", "--data", "data", "--run-folder", "x"], "has no option --run-folder; the runs lie in the folder after --out."),
    (["sst", "--data", "data", "--limit", "5"], "has no option --limit; say --set data.limit=VALUE."),
    (["sst", "--data", "data", "--seed-count", "5"], "minbert compare has no option"),
    (["summed", *SMALL, "--epochs", "2", "--out", "out"], "compare in another folder with --out"),
])
def test_mistakes_are_one_sentence_before_anything_runs(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UserError) as error:
        main(words)
    assert said in str(error.value)


def test_the_folder_is_named_after_the_recipes_unless_that_is_long() -> None:
    def folder(*words: str) -> str:
        return out_folder(compare_parser().parse_args(words)).as_posix()

    assert folder("baseline", "mine/own gse.toml") == "runs/compare-baseline-own-gse" and folder("sst", "--out", "x") == "x"
    assert folder(*["cosine-embedding"] * 5) == "runs/compare" and folder("--sweep", "optimizer.lr=1,2") == "runs/compare-sweep"


@pytest.mark.parametrize(("words", "recipe"), [([], "practice"), (["--data", "data"], "baseline")])
def test_a_sweep_alone_is_of_the_recipe_that_train_would_choose(words: list[str], recipe: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--sweep", "optimizer.weight_decay=0,1e-5,1e-4,1e-3,1e-2", "--set", "weights=tiny", "--dry-run"]) == 0
    printed = capsys.readouterr().out
    assert [f"{recipe} weight_decay={value}, seed 11711" in printed for value in ("0", "1e-5", "1e-4", "1e-3", "1e-2")] == [True] * 5 and "5 runs;" in printed
