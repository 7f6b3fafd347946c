"""`minbert` and a student edition, as a student meets them: the shell's minbert is the library's, the code that runs is the student's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from edition_small import EVERY_BODY, PROBED, ROOT, fill

from minbert.errors import UserError
from sanity_checks import solution_command
from sanity_checks.bodies import BODIES
from sanity_checks.edition import find_edition
from sanity_checks.edition_writing import write_edition

HOME = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "MINBERT_EDITION", "MINBERT_DEBUG")} | {"OMP_NUM_THREADS": "1", "NO_COLOR": "1"}


def installed(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`minbert WORDS` as the console script of an installed library runs it: the library on the path, and not the current folder."""
    program = "import sys; sys.path.pop(0); sys.path.insert(0, sys.argv.pop(1)); from minbert.__main__ import main; raise SystemExit(main())"
    return subprocess.run([sys.executable, "-c", program, str(ROOT), *words], cwd=folder, env=HOME, capture_output=True, text=True, check=False)


def alone(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`python -m minbert WORDS` in an edition with no library installed."""
    return subprocess.run([sys.executable, "-m", "minbert", *words], cwd=folder, env=HOME, capture_output=True, text=True, check=False)


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    write_edition(tmp_path / "mine")
    return tmp_path / "mine"


def outcomes(edition: Path, *components: str) -> dict[str, str]:
    done = alone(edition, "sanity", "--json", *components)
    return {each["component"]: each["outcome"] for each in json.loads(done.stdout)["components"]}


def test_on_disk_untouched_is_not_started_and_filled_ones_alone_become_right(edition):
    filled: list[str] = []
    for share in ((), PROBED[1::2]):
        fill(edition, [body for name in share for body in BODIES[name]])
        filled += share
        assert outcomes(edition, *PROBED) == {name: "correct" if name in filled else "not started" for name in PROBED}


def test_start_writes_an_edition_and_says_how_to_go_on(tmp_path):
    done = installed(tmp_path, "start", "mine")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{len(EVERY_BODY)} bodies in {len(BODIES)} components are yours to write" in done.stdout and "cd mine" in done.stdout
    again = installed(tmp_path, "start", "mine")
    assert again.returncode == 2 and again.stderr.startswith("minbert: ") and "holds files already" in again.stderr and again.stderr.count("\n") == 1


@pytest.mark.parametrize("words", [["start"], ["start", "one", "--component", "attention"]])
def test_start_wants_a_folder_or_a_component(tmp_path, words):
    done = installed(tmp_path, *words)
    assert done.returncode == 2 and "either the name of a new folder" in done.stderr and list(tmp_path.iterdir()) == []


def test_the_installed_command_runs_the_code_of_the_edition_it_stands_in(edition):
    below = edition / "tasks" / "practice"
    done = installed(edition, "sanity", "add_norm")
    assert done.returncode == 1 and "not started" in done.stdout, done.stdout + done.stderr
    fill(edition, BODIES["add_norm"])
    assert installed(below, "sanity", "add_norm").returncode == 0


def test_the_edition_of_an_edition_is_refused(edition, tmp_path):
    done = alone(edition, "start", str(tmp_path / "second"))
    assert done.returncode == 2 and "this is itself a student edition" in done.stderr and not (tmp_path / "second").exists()


@pytest.mark.parametrize("run", [installed, alone])
def test_training_is_refused_with_the_names_of_what_is_not_right(edition, run):
    done = run(edition, "train")
    assert (done.returncode, done.stdout) == (2, "") and done.stderr.count("\n") == 1
    assert "14 of 14 are not right yet: feed_forward (not started), attention (not started)" in done.stderr
    assert "begin with python -m minbert.sanity feed_forward" in done.stderr and not (edition / "runs").exists()
    assert run(edition, "train", "--help").returncode == 0


def test_one_wrong_component_is_enough_to_refuse(edition):
    fill(edition, EVERY_BODY)
    path = edition / "minbert/layer.py"
    path.write_text(path.read_text(encoding="utf-8").replace("residual + dropout(branch)", "residual - dropout(branch)"), encoding="utf-8")
    done = alone(edition, "train")
    assert done.returncode == 2 and "add_norm (wrong); begin with python -m minbert.sanity add_norm" in done.stderr


@pytest.mark.slow  # a training process and all of its baselines
def test_a_filled_edition_trains(edition):
    fill(edition, EVERY_BODY)
    done = alone(edition, "train", "practice", "--weights", "tiny", "--set", "data.limit=16", "--epochs", "1", "--run-folder", "runs/first")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (edition / "runs/first/report.html").exists() and "overall" in done.stdout


def test_a_solution_is_shown_after_the_component_passes_and_not_before(edition):
    before = installed(edition, "solution", "attention")
    assert (before.returncode, before.stdout) == (2, "") and "attention is not started" in before.stderr
    fill(edition, BODIES["attention"])
    after = installed(edition, "solution", "attention")
    assert after.returncode == 0, after.stderr
    assert "# minbert/attention.py, line" in after.stdout and "scores.softmax(dim=-1)" in after.stdout and after.stdout.count("# minbert/attention.py, line") == 5


def test_an_edition_by_itself_has_no_solutions_to_show(edition, monkeypatch):
    here = find_edition(edition)
    monkeypatch.setattr(solution_command, "RUNNING", edition)
    assert solution_command.library_beside(here) == ROOT  # the library that runs these tests is installed or on the path
    monkeypatch.setattr(sys, "path", [str(edition), "", *(entry for entry in sys.path if not (Path(entry or ".") / "minbert").exists())])
    monkeypatch.setattr(sys, "meta_path", [finder for finder in sys.meta_path if "editable" not in repr(finder)])
    monkeypatch.chdir(edition)
    with pytest.raises(UserError, match="only the student edition .* holds no solutions: install the minbert library beside it"):
        solution_command.library_beside(here)


def test_solution_knows_where_it_is_and_what_there_is(edition, tmp_path):
    outside = installed(tmp_path, "solution", "attention")
    assert outside.returncode == 2 and "there is no student edition here" in outside.stderr
    assert "did you mean attention?" in installed(edition, "solution", "atention").stderr


@pytest.mark.parametrize("run", [installed, alone])
def test_a_component_begun_again_keeps_the_rest_of_the_file_and_a_copy(edition, run):
    fill(edition, [*BODIES["add_norm"], *BODIES["layer"]])
    path = edition / "minbert/layer.py"
    mine = path.read_text(encoding="utf-8") + "\n\ndef helper():\n    return 1\n"
    path.write_text(mine, encoding="utf-8")
    done = run(edition, "start", "--component", "add-norm")
    assert done.returncode == 0 and "your file as it was: backups/minbert/layer-1.py" in done.stdout
    now = path.read_text(encoding="utf-8")
    assert "not started: add_norm" in now and "not started: EncoderLayer" not in now and "def helper" in now
    assert (edition / "backups/minbert/layer-1.py").read_text(encoding="utf-8") == mine
    assert "nothing of add_norm was written yet" in run(edition, "start", "--component", "add_norm").stdout
    fill(edition, BODIES["add_norm"])
    assert "backups/minbert/layer-2.py" in run(edition, "start", "--component", "add_norm").stdout
    assert (edition / "backups/minbert/layer-1.py").read_text(encoding="utf-8") == mine


def test_a_file_that_cannot_be_read_is_begun_again_as_a_whole_and_kept(edition):
    (edition / "minbert/layer.py").write_text("def add_norm(:\n")
    done = alone(edition, "start", "--component", "add_norm")
    assert "all of it is as it was handed out; your file as it was: backups/minbert/layer-1.py" in done.stdout
    assert (edition / "minbert/layer.py").read_bytes() == (edition / "sanity_checks/skeletons/minbert/layer.py").read_bytes()
    assert (edition / "backups/minbert/layer-1.py").read_text() == "def add_norm(:\n"


def test_a_component_is_begun_again_in_editions_only(tmp_path):
    done = installed(tmp_path, "start", "--component", "attention")
    assert done.returncode == 2 and "there is no student edition here" in done.stderr
