"""`minbert ensemble` on finished runs and on prediction files: what it chooses, what it writes, what it refuses."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from small_run import DEV_ROWS, small_recipe, write_course_files

from minbert.errors import UserError
from tasks.commands import ensemble, predict
from tasks.data import read_split
from tasks.ensemble_candidates import Asked, find_candidate
from tasks.metrics import METRICS
from tasks.predictions import prediction_path, preflight, read_predictions
from tasks.registry import TASKS
from tasks.train import train

TRIO = ("sst", "quora", "sts")
pytestmark = pytest.mark.filterwarnings("ignore:every one of the 13 predictions")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two finished runs of three tasks that differ in seed and rate, and one of two tasks; their data folder lies beside them."""
    folder = tmp_path_factory.mktemp("ensemble")
    data = write_course_files(folder / "data")
    for number, (tasks, rate) in enumerate([(TRIO, 1e-3), (TRIO, 3e-3), (("sst", "sts"), 2e-3)]):
        recipe = small_recipe(data, tasks=tasks, seed=number, training={"epochs": 1}, optimizer={"lr": rate}, data={"folder": str(data), "max_length": 32, "limit": 20})
        with pytest.MonkeyPatch.context() as patch:
            # Baselines take longer than the training, and nobody looks at them here.
            patch.setattr("tasks.finish.bag_of_words_baseline", lambda train, dev, task: 0.0)
            train(recipe, folder / f"run{number}", say=lambda sentence: None)
    return [folder / f"run{number}" for number in range(3)]


def made(out: Path, *words: object) -> dict:
    """Run the command and return ensemble.json."""
    assert ensemble.main([*map(str, words), "--out", str(out), "--nested", "5"]) == 0
    return json.loads((out / "ensemble.json").read_text())


def told(*words: object) -> str:
    """The sentence that the command answers with."""
    with pytest.raises(UserError) as caught:
        ensemble.main([str(word) for word in words])
    return str(caught.value)


def dev_score(runs: list[Path], name: str, path: Path) -> float:
    """The score of a prediction file, against the labels of the data that the runs were made with."""
    rows = read_split(runs[0].parent / "data", TASKS[name], "dev").examples
    found = preflight(path, TASKS[name], [row.id for row in rows])
    by_id = dict(zip(found.ids, found.values))
    return METRICS[TASKS[name].metric]([by_id[row.id] for row in rows], [float(row.label) for row in rows])


def test_the_files_score_what_the_table_says_and_nobody_alone_scores_more(runs, tmp_path, capsys):
    found = made(tmp_path / "out", *runs)
    printed = capsys.readouterr().out
    for name, entry in found["tasks"].items():
        assert dev_score(runs, name, prediction_path(tmp_path / "out", TASKS[name], "dev")) == pytest.approx(entry["ensemble"], abs=1e-7)
        alone = [json.loads((run / "results.json").read_text())["tasks"].get(name, {"ours": -1})["ours"] for run in runs]
        assert entry["best_alone"] == pytest.approx(max(alone), abs=1e-7) and entry["ensemble"] >= entry["best_alone"]
        assert len(entry["path"]) == sum(score > -1 for score in alone) and entry["nested"]["draws"] == 5
        assert f"{name}: who was taken" in printed
        assert len(read_predictions(prediction_path(tmp_path / "out", TASKS[name], "test"), TASKS[name]).ids) == DEV_ROWS
    table = (tmp_path / "out" / "ensemble.md").read_text()
    assert table.startswith("`minbert ensemble ") and "| sst | accuracy | 3 |" in table and "| quora | accuracy | 2 |" in table
    assert printed.isascii() and "best of each: overall " in printed and "ensembles: overall " in printed


def test_one_run_alone_answers_what_predict_answers(runs, tmp_path):
    made(tmp_path / "out", runs[0])
    for split in ("dev", "test"):
        assert predict.main([str(runs[0]), "--split", split, "--out", str(tmp_path / "alone")]) == 0
    for path in (tmp_path / "alone").iterdir():
        assert (tmp_path / "out" / path.name).read_bytes() == path.read_bytes()


def test_stored_scores_of_a_regression_stand_for_the_checkpoint(runs, tmp_path, monkeypatch):
    computed = made(tmp_path / "computed", *runs, "--task", "sts", "--data", runs[0].parent / "data")
    monkeypatch.setattr("tasks.ensemble_candidates.load_run", lambda *words: pytest.fail("the checkpoint is not needed"))
    stored = made(tmp_path / "stored", *runs, "--task", "sts")
    assert stored["tasks"]["sts"]["members"] == computed["tasks"]["sts"]["members"]
    assert stored["tasks"]["sts"]["ensemble"] == pytest.approx(computed["tasks"]["sts"]["ensemble"], abs=1e-7)


def test_rounded_classes_vote_and_are_never_averaged(runs, tmp_path):
    folders = [run / "predictions" for run in runs]
    data = runs[0].parent / "data"
    assert told(*folders, "--data", data, "--out", tmp_path / "a").startswith(
        f"{folders[0] / 'sst-dev-output.csv'} holds rounded answers, whose mean is no answer; use --average votes to let the majority decide, ")
    files = made(tmp_path / "files", *folders, "--data", data, "--average", "votes")
    whole = made(tmp_path / "runs", *runs, "--average", "votes")
    for name, entry in files["tasks"].items():
        assert entry["ensemble"] == pytest.approx(whole["tasks"][name]["ensemble"], abs=1e-7) and entry["space"] == "votes"


def test_single_files_answer_their_one_task(runs, tmp_path, capsys):
    files = [run / "predictions" / "sts-dev-output.csv" for run in runs]
    found = made(tmp_path / "out", *files, "--data", runs[0].parent / "data", "--standardise")
    assert list(found["tasks"]) == ["sts"] and found["tasks"]["sts"]["standardise"]
    assert dev_score(runs, "sts", tmp_path / "out" / "sts-dev-output.csv") == pytest.approx(found["tasks"]["sts"]["ensemble"], abs=1e-7)
    shutil.copy(files[0], tmp_path / "sts-dev-output.csv")
    assert made(tmp_path / "again", tmp_path / "sts-dev-output.csv", "--data", runs[0].parent / "data")
    assert f"Warning: no test answers to sts were written, because {tmp_path / 'sts-dev-output.csv'} has no sts-test-output.csv." in capsys.readouterr().out


def test_a_slim_run_answers_from_its_files(runs, tmp_path):
    shutil.copytree(runs[0], tmp_path / "slim")
    shutil.rmtree(tmp_path / "slim" / "checkpoints")
    found = made(tmp_path / "out", tmp_path / "slim", runs[1], "--task", "sts")
    assert {step["name"] for step in found["tasks"]["sts"]["path"]} == {str(tmp_path / "slim"), str(runs[1])}


def test_a_bar_keeps_candidates_out(runs, tmp_path):
    alone = {step["name"]: step["alone"] for step in made(tmp_path / "all", *runs, "--task", "sts")["tasks"]["sts"]["path"]}
    low, *_, high = sorted(alone.values())
    entry = made(tmp_path / "few", *runs, "--task", "sts", "--bar", f"sts={high}")["tasks"]["sts"]
    assert [step["alone"] for step in entry["path"]] == [high] and low in entry["below_the_bar"].values()
    best = max(alone, key=alone.get)
    assert told(*runs, "--bar", "sts=0.999", "--out", tmp_path / "none") == (
        f"no candidate for sts reaches the bar of 0.999: the best, {best}, has {high:.4f} on dev; lower --bar sts=.")


def test_test_files_are_opened_after_the_choice_and_by_members_alone(runs, tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr("tasks.ensemble_candidates.read_split",
                        lambda folder, task, split, split_has_labels: seen.append((split, task.name, split_has_labels)) or read_split(folder, task, split, split_has_labels))
    found = made(tmp_path / "out", *runs)
    splits = [split for split, *_ in seen]
    assert splits == sorted(splits) and set(splits) == {"dev", "test"}  # all of dev before the first of test
    assert {labels for split, _, labels in seen if split == "test"} == {False}
    assert sum(split == "test" for split in splits) == sum(len(entry["members"]) for entry in found["tasks"].values())
    assert 'no option "--split"' in told(*runs, "--split", "test")  # there is no way to ask for another


def test_other_examples_and_other_labels_are_refused(runs, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(runs[0].parent / "data", data)
    path = data / "sts-dev.csv"
    lines = path.read_text().splitlines()
    shutil.copytree(runs[0], tmp_path / "moved")
    recipe = tmp_path / "moved" / "recipe.toml"
    recipe.write_text(recipe.read_text().replace(str(runs[0].parent / "data"), str(data)))
    shutil.rmtree(tmp_path / "moved" / "checkpoints")  # a run without weights answers from its files and reads labels where its recipe says
    words = (runs[1], tmp_path / "moved", "--task", "sts", "--out", tmp_path / "out")
    path.write_text("\n".join([lines[0], lines[1].rpartition("\t")[0] + "\t0.5", *lines[2:]]) + "\n")
    assert told(*words) == f"{tmp_path / 'moved'} and {runs[1]} have other dev labels of sts for the same ids; give both the same files with --data DIR."
    path.write_text("\n".join(lines[:-1]) + "\n")
    assert "13 ids where 12 were expected: 1 unexpected ('sts-dev-12' on line 14)" in told(*words)


def test_what_cannot_be_meant_is_told(runs, tmp_path):
    out = ("--out", tmp_path / "out")
    assert told(runs[0], runs[0].parent / "." / "run0", *out).endswith("is given twice, and would count twice in every mean; give each candidate once.")
    assert told(tmp_path, *out) == f"{tmp_path} is neither a run folder, such as runs/practice, nor a folder with prediction files such as sst-dev-output.csv."
    assert told(tmp_path / "gone", *out) == (f"there is no {tmp_path / 'gone'}; expected a run folder, such as runs/practice, a folder with prediction files, or one "
                                             "such as sst-dev-output.csv.")
    (tmp_path / "mine.csv").touch()
    assert told(tmp_path / "mine.csv", *out) == f"{tmp_path / 'mine.csv'} is no dev file of predictions: expected a name such as sst-dev-output.csv, or a run folder."
    assert told(runs[0], "--average", "probability", *out) == '--average is "probability", but must be probabilities or votes or logits; did you mean probabilities?'
    assert told(runs[0], "--task", "quoora", *out) == '--task names the task "quoora", but the candidates answer sst, quora, sts; did you mean quora?'
    assert told(runs[0], "--task", "sst", "--bar", "quora=0.5", *out).startswith('--bar names the task "quora", but ')
    assert told(runs[0], "--bar", "sst=53", *out) == '--bar is "sst=53", expected TASK=SCORE with a score as a share, such as sst=0.53.'
    assert told(runs[0], "--bar", "sst", *out).startswith('--bar is "sst", expected TASK=SCORE')
    assert told(runs[0], "--nested", "-1", *out) == "--nested is -1, expected 0 or more draws of half of dev."
    assert told(runs[0], "--data", "nowhere", *out).startswith('--data: there is no folder "nowhere"; ')
    assert not (tmp_path / "out").exists()
    made(tmp_path / "out", runs[0], "--task", "sts")
    assert told(runs[0], *out) == f"{tmp_path / 'out'} already holds an ensemble; give another folder with --out, so that no answers of two ensembles are mixed."


def test_prediction_files_need_the_examples_they_answer(runs, tmp_path, monkeypatch):
    monkeypatch.delenv("MINBERT_DATA", raising=False)
    assert told(runs[0] / "predictions", "--task", "sts", "--out", tmp_path / "out") == (
        f"{runs[0] / 'predictions'} holds answers to sts and no examples; say where the data files lie with --data DIR.")


def test_one_name_for_two_tasks_is_refused(runs):
    one = find_candidate(str(runs[0]), Asked())
    other = replace(one, name="other", tasks={"sst": replace(TASKS["sst"], num_outputs=3, label_range=(0, 2))})
    with pytest.raises(UserError, match="describe the task sst differently: classes with 5 outputs and classes with 3; they cannot answer together"):
        ensemble.tasks_asked([one, other], [], {})
