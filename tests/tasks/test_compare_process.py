"""A run in a process of its own: the same bytes as here, its own peak memory, a stop that saves, a crash that becomes a sentence."""

from __future__ import annotations

import json
import signal
import sys
import threading
from pathlib import Path

import pytest
import torch
from comparison import make, small_row, small_runs
from small_run import write_course_files

from tasks import compare_process
from tasks.compare_process import run_in_child
from tasks.compare_rows import runs_of
from tasks.compare_runs import Runner
from tasks.compare_state import FINISHED, HALF, read_outcome, state_of
from tasks.interrupt import Interrupt


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OMP_NUM_THREADS", str(torch.get_num_threads()))  # sums over other numbers of threads round otherwise
    return write_course_files(tmp_path / "data")


@pytest.mark.slow
def test_a_child_makes_the_run_that_this_process_would_and_knows_its_own_memory(data: Path, tmp_path: Path) -> None:
    (run,), (here,) = (small_runs(data, tmp_path / place, row={}) for place in ("child", "here"))
    said: list[str] = []
    with Interrupt(told=b"") as interrupt:
        outcome = run_in_child(run, False, said.append, interrupt)
    make(here)
    assert outcome == read_outcome(run.folder) and outcome.sentence is None and outcome.device == "cpu"
    assert any(line.startswith("epoch 1/1: dev ") for line in said)
    assert run.folder.metrics.read_bytes() == here.folder.metrics.read_bytes() and run.folder.results.read_bytes() == here.folder.results.read_bytes()
    assert outcome.peak_bytes is None or 1e8 < outcome.peak_bytes < 5e9


def test_a_stop_saves_and_the_same_call_goes_on_to_the_same_end(data: Path, tmp_path: Path) -> None:
    row = small_row(data, "row", training={"epochs": 3, "clip": 1.0, "device": "cpu"})
    (run,), (whole,) = (runs_of([row], "1", tmp_path / place) for place in ("stopped", "whole"))
    said: list[str] = []

    def stop_after_the_first_epoch(sentence: str) -> None:
        said.append(sentence)
        if "epoch 1/3" in sentence:
            signal.raise_signal(signal.SIGINT)

    assert Runner(stop_after_the_first_epoch)([run]) == signal.SIGINT
    assert state_of(run) == HALF and "Go on with" not in "\n".join(said)
    assert Runner(said.append, own_process=False)([run]) is None
    assert state_of(run) == FINISHED and "[1/1] row, seed 11711: goes on where it stopped." in said and read_outcome(run.folder).attempts == 2
    make(whole)
    assert run.folder.metrics.read_bytes() == whole.folder.metrics.read_bytes()


@pytest.mark.parametrize(("code", "said"), [
    ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "was killed, as systems do when memory runs out"),
    ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "died of SIGSEGV"),
    ("import sys; sys.exit(5)", "ended with status 5 and no result"),
])
def test_a_child_that_dies_becomes_a_sentence_and_the_others_go_on(code: str, said: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare_process, "START", code)
    runs, lines = small_runs(data, tmp_path, one={}, two={}), []
    assert Runner(lines.append)(runs) is None
    assert all(said in (read_outcome(run.folder).sentence or "") for run in runs)
    assert [line for line in lines if line.startswith("[2/2] two, seed 11711: FAILED: ")]


def test_where_no_process_can_be_started_runs_share_this_one_and_it_is_said(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(compare_process.subprocess, "Popen", refuse)
    (run,), lines = small_runs(data, tmp_path, row={}), []
    Runner(lines.append)([run])
    assert lines[1] == ("No process of its own could be started for each run (Resource temporarily unavailable): they run in this one, and peak memory stays unknown.")
    assert state_of(run) == FINISHED and read_outcome(run.folder).peak_bytes is None


def test_a_child_whose_parent_is_gone_stops_by_itself() -> None:
    # The child watches standard input; a parent that dies closes the other end.
    watch = "import threading, time\nfrom tasks.compare_child import _watch_parent\n" \
            "try:\n threading.Thread(target=_watch_parent, daemon=True).start()\n while True: time.sleep(0.01)\nexcept KeyboardInterrupt:\n print('stopped')"
    child = compare_process.subprocess.Popen([sys.executable, "-c", f"import sys; sys.path.insert(0, {json.dumps(str(compare_process.ROOT))})\n{watch}"],
                                             stdin=compare_process.subprocess.PIPE, stdout=compare_process.subprocess.PIPE, text=True)
    timer = threading.Timer(20, child.kill)
    timer.start()
    out, _ = child.communicate("")
    timer.cancel()
    assert out == "stopped\n"
