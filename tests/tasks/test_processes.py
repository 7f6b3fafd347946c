"""Two processes train one model: the same numbers as one process to rounding, each example scored once, one voice, one stop, one folder.

What two processes compute is in tests/several_processes.py; one pair of them does it all in turn, and ends as every process ends.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import torch
from several_processes import COMMAND, REGIMES, WHOLE

from minbert.errors import UserError
from tasks import checkpoint
from tasks.collectives import buckets, gather_with_gradient, largest, reduce_gradients
from tasks.joining import BACKENDS, here, joined, own_device
from tasks.processes import ALONE, World, expect_divisible, expect_one_process, world
from tasks.recipe import load_recipe
from tasks.shards import kept, places
from tasks.shared_split import counts_of_processes, own_turns

ROOT = Path(__file__).parents[2]
TORCHRUN = {"RANK": "1", "WORLD_SIZE": "2", "LOCAL_RANK": "1", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "29500"}


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def start(rank: int, port: int, command: list[str], folder: Path) -> subprocess.Popen:
    environ = {**os.environ, "RANK": str(rank), "LOCAL_RANK": str(rank), "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port),
               "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error::ResourceWarning"}
    environ.pop("MINBERT_DATA", None)
    return subprocess.Popen([sys.executable, *command], cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def both(command: list[str], folder: Path) -> list[tuple[int, str, str]]:
    """(status, output, errors) of the two processes."""
    port = free_port()
    started = [start(rank, port, command, folder) for rank in range(2)]
    ended = [process.communicate(timeout=300) for process in started]
    return [(process.returncode, *texts) for process, texts in zip(started, ended)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("processes")
    environ = {name: value for name, value in os.environ.items() if name not in ("MINBERT_DATA", "WORLD_SIZE")} | {"OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-W", "error::ResourceWarning", str(ROOT / "tests" / "several_processes.py"), "course", "out"]
    ended = subprocess.run(command, check=False, cwd=place, env=environ, capture_output=True, text=True, timeout=600)
    assert ended.returncode == 0, ended.stderr
    (place / "said").write_text(ended.stdout)
    (place / "errors").write_text(ended.stderr)
    return place


@pytest.fixture(scope="module")
def found(folder: Path) -> list[dict[str, Any]]:
    return [json.loads((folder / f"out.{rank}.json").read_text()) for rank in range(2)]


@pytest.mark.parametrize("name", REGIMES)
def test_two_processes_are_one_with_the_same_batches(name: str, found: list[dict[str, Any]]):
    (differences,) = [each["regimes"][name] for each in found if name in each["regimes"]]
    assert max(differences.values()) < 1e-12, differences  # float64: 1e-15 is rounding, 1e-6 what was promised


@pytest.mark.parametrize("name", WHOLE)
def test_two_processes_are_one_through_the_phases_of_a_run(name: str, found: list[dict[str, Any]]):
    (difference,) = [each["changing runs"][name] for each in found if name in each["changing runs"]]
    assert difference < 1e-12


def test_to_project_parts_and_add_them_up_would_be_another_method(found: list[dict[str, Any]]):
    assert all(each["control"] > 1e-6 for each in found)


def test_in_single_precision_gradients_differ_by_rounding(found: list[dict[str, Any]]):
    assert all(each["single"] < 1e-6 for each in found)


def test_rows_are_gathered_and_taken_forward_and_backward(found: list[dict[str, Any]]):
    for each in found:
        rows = each["rows"]
        assert (rows["sum"], rows["uneven"], rows["surplus"]) == ([3.0] * 3, [0, 0, 0, 1, 1], 0.0)
        assert all(rows[name] for name in ("gathered", "own slopes", "all slopes", "none stays none"))


def test_simcse_sees_the_negatives_of_all_processes(found: list[dict[str, Any]]):
    assert max(value for each in found for value in each["simcse"].values()) < 1e-12


def test_masked_words_count_once_also_where_a_process_has_no_text(found: list[dict[str, Any]]):
    assert max(value for each in found for value in each["masked words"].values()) < 1e-12


def test_each_example_is_scored_once_and_bit_for_bit_as_alone(found: list[dict[str, Any]]):
    for size in ("3", "4", "32"):
        assert all(each["evaluation"][size]["same"] for each in found)
    # 13 rows in both orders; 4 + 4 + 4 + 1 are divided evenly, with nothing left for copies
    assert [each["evaluation"]["4"]["read"] for each in found] == [2 * (4 + 4), 2 * (4 + 1)]


def test_an_error_of_one_is_told_to_all(found: list[dict[str, Any]]):
    for each in found:
        agreed = each["agreement"]
        assert (agreed["all"], agreed["one"]) == ("there is no such file.", "process 1 of 2: there is no such file.")
        assert agreed["signal"] == signal.SIGTERM and agreed["leaders"] == 40
        assert agreed["not finite"] == ["loss", 1]  # one row of the epoch's last batch, or whichever was first: all know the whole batch
        assert agreed["noise differs"] and "no longer have the same weights" in agreed["drift"]


def weights(folder: Path, name: str) -> dict[str, torch.Tensor]:
    return checkpoint.load(folder / "out" / name / "checkpoints" / "last.safetensors")["model"]


@pytest.mark.parametrize("dropout", ["0.0", "0.3"])
def test_a_signal_to_one_stops_both_and_resumed_it_is_as_never_stopped(dropout: str, folder: Path, found: list[dict[str, Any]]):
    assert [each["runs"][dropout]["steps"] for each in found] == [[4, 3, signal.SIGTERM]] * 2
    whole, stopped = weights(folder, f"whole{dropout}"), weights(folder, f"stopped{dropout}")
    assert all(torch.equal(whole[name], stopped[name]) for name in whole)
    names = ["metrics.jsonl", "metrics.csv"]
    assert [(folder / "out" / f"whole{dropout}" / name).read_bytes() for name in names] == [(folder / "out" / f"stopped{dropout}" / name).read_bytes() for name in names]


def test_with_dropout_it_is_another_run(folder: Path):
    assert any(not torch.equal(tensor, weights(folder, "whole0.3")[name]) for name, tensor in weights(folder, "whole0.0").items())


def test_one_process_goes_on_with_what_two_have_saved_and_two_with_what_one_has(folder: Path, found: list[dict[str, Any]]):
    two, changed, grown, one = (weights(folder, name) for name in ("whole0.0", "alone0.0", "grown", "one"))
    assert max(float((one[name] - tensor).abs().max()) for states in (two, changed, grown) for name, tensor in states.items()) < 1e-12
    assert any("saved with 2 processes and goes on with 1 process" in sentence for sentence in found[0]["runs"]["others"])


def test_processes_can_part_and_meet_again(found: list[dict[str, Any]]):
    assert [each["met again"] for each in found] == [[0, 1], [0, 1]]


def test_a_group_that_was_left_is_gone(found: list[dict[str, Any]]):
    assert [each["leaves nothing"] for each in found] == [True, True]  # else its threads are there when Python ends, which sometimes aborts a process


def test_the_command_line_writes_one_run_and_says_it_once(folder: Path, found: list[dict[str, Any]]):
    assert [each["command"] for each in found] == [0, 0]
    expect_one_run(folder, (folder / "said").read_text())


def expect_one_run(place: Path, said: str) -> None:
    assert said.count("Run folder: runs/practice\n") == 2 and said.count("epoch 1/1") == 1  # at the start and in the end, by one process
    assert [path.name for path in (place / "runs").iterdir()] == ["practice"]
    assert {"results.json", "report.html", "metrics.jsonl"} <= {path.name for path in (place / "runs" / "practice").iterdir()}


def test_only_the_leader_writes(found: list[dict[str, Any]]):
    assert any("results.json" in path for path in found[0]["wrote"]) and found[1]["wrote"] == []


def test_a_mistake_is_told_by_one_of_them(folder: Path, found: list[dict[str, Any]]):
    assert [each["mistake"] for each in found] == [2, 2]
    assert (folder / "errors").read_text().count("minbert: sampler.batch_size is 7, the rows of all 2 processes") == 1


def test_who_waits_for_a_process_that_was_killed_ends_soon_with_a_sentence(folder: Path, found: list[dict[str, Any]]):
    sentence, seconds = json.loads((folder / "out.alone.json").read_text())
    assert "process 0 of 2 has lost another one" in sentence and "minbert train --resume" in sentence
    assert seconds < 60  # gloo sees the closed connection; without that it would be TIMEOUT, ten minutes


def test_only_the_leader_speaks(found: list[dict[str, Any]]):
    said = [found[rank]["runs"]["0.0"]["said"] for rank in range(2)]
    assert "Stopped after step 3, everything is saved" in " ".join(said[0]) and said[1] == []


def test_a_checkpoint_of_one_process_holds_nothing_of_others(folder: Path):
    assert "processes" not in checkpoint.load(folder / "out" / "one" / "checkpoints" / "last.safetensors")
    assert checkpoint.load(folder / "out" / "whole0.3" / "checkpoints" / "last.safetensors")["processes"]["size"] == 2


def test_a_process_alone_joins_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WORLD_SIZE", "1")
    parameter = torch.ones(2, requires_grad=True)
    parameter.grad = torch.full((2,), 3.0)
    with joined() as own:
        assert own == here() == ALONE and not torch.distributed.is_initialized()
        reduce_gradients([parameter], own)
        assert gather_with_gradient(parameter, own).data_ptr() == parameter.data_ptr()
    assert parameter.grad.tolist() == [3.0, 3.0] and largest(7, own) == 7


def test_the_world_is_read_from_the_environment():
    assert world({}) == world({"WORLD_SIZE": "1"}) == world({"RANK": "0"}) == ALONE
    assert world(TORCHRUN) == World(1, 2, 1) and not world(TORCHRUN).leads


@pytest.mark.parametrize("changes, sentence", [
    ({"WORLD_SIZE": "two"}, "WORLD_SIZE is 'two', expected a number, 1 or more"),
    ({"WORLD_SIZE": "0"}, "WORLD_SIZE is '0', expected a number, 1 or more"),
    ({"RANK": "2"}, "RANK is '2', expected a number from 0 to 1"),
    ({"LOCAL_RANK": "-1"}, "LOCAL_RANK is '-1', expected a number from 0 to 1"),
    ({"MASTER_PORT": ""}, "WORLD_SIZE is 2, but the environment has no MASTER_PORT, which torchrun sets beside it"),
])  # fmt: skip
def test_a_broken_environment_is_one_sentence(changes: dict[str, str], sentence: str):
    with pytest.raises(UserError, match=sentence):
        world({**TORCHRUN, **changes})


def test_a_batch_must_divide():
    expect_divisible(12, 4)
    with pytest.raises(UserError, match="sampler.batch_size is 10, the rows of all 4 processes together, and cannot be cut into 4 equal parts: choose a multiple of 4, such as 8."):
        expect_divisible(10, 4)


def test_processes_need_a_gpu_each(monkeypatch: pytest.MonkeyPatch):
    recipe = load_recipe("practice", ["training.device=cuda"])
    monkeypatch.setattr("tasks.joining.choose_device", lambda name: torch.device(name))
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    assert own_device(recipe, ALONE) == torch.device("cuda")
    with pytest.raises(UserError, match="process 1 of this machine needs a CUDA GPU of its own, and there is 1: start as many processes as there are GPUs"):
        own_device(recipe, World(1, 2, 1))
    assert "nccl" in BACKENDS[True] and BACKENDS[False] == "gloo"


@pytest.mark.parametrize("command", ["compare", "evaluate", "predict"])
def test_other_commands_run_in_one_process(command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    from minbert.__main__ import main

    for name, value in {**TORCHRUN, "RANK": "0"}.items():
        monkeypatch.setenv(name, value)
    assert main([command]) == 2
    assert f"minbert {command} runs in one process and torchrun started 2" in capsys.readouterr().err
    monkeypatch.setattr("tasks.processes.GRACE", 0.0)
    with pytest.raises(SystemExit):  # the others end without a word
        expect_one_process(command, TORCHRUN)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("count, size", [(5, 3), (1, 2), (6, 3), (5, 4), (13, 2)])
def test_parts_cover_a_batch(count: int, size: int):
    parts = [places(count, World(rank, size)) for rank in range(size)]
    assert len({len(part) for part in parts}) == 1
    read = list(chain(*parts))
    assert read[:count] == list(range(count)) and set(read[count:]) <= {count - 1}
    assert list(chain(*(part[: kept(count, World(rank, size))] for rank, part in enumerate(parts)))) == list(range(count))


@pytest.mark.parametrize("count, size", [(13, 3), (4, 2), (13, 1), (40, 4)])
def test_turns_cover_a_split_once(count: int, size: int):
    batches = [list(range(start, min(start + 4, count))) for start in range(0, count, 4)]
    turns = [own_turns(batches, World(rank, size)) for rank in range(size)]
    counted = [list(chain(*own))[:rows] for own, rows in zip(turns, counts_of_processes(count, 4, size))]
    assert sorted(chain(*counted)) == list(range(count)) and len({len(own) for own in turns}) == 1


def test_buckets_hold_every_gradient_once_in_order():
    tensors = [torch.zeros(size, dtype=dtype) for size, dtype in [(3, torch.float32), (5, torch.float32), (40, torch.float32), (2, torch.float64), (1, torch.float64)]]
    found = list(buckets(tensors, limit=40))
    assert [[len(each) for each in bucket] for bucket in found] == [[3, 5], [40], [2, 1]]


@pytest.mark.slow
def test_the_command_line_end_to_end(tmp_path: Path):
    environ = {name: value for name, value in os.environ.items() if name != "MINBERT_DATA"} | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--master-port", str(free_port()), "-m", "minbert", *COMMAND]
    ended = subprocess.run(command, check=False, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stderr
    expect_one_run(tmp_path, ended.stdout)


@pytest.mark.slow
def test_a_mistake_is_told_once(tmp_path: Path):
    ended = both(["-m", "minbert", *COMMAND, "--set", "sampler.batch_size=7"], tmp_path)
    assert [status for status, _, _ in ended] == [2, 2]
    assert "".join(errors for _, _, errors in ended).count("sampler.batch_size is 7, the rows of all 2 processes") == 1
    assert not list((tmp_path / "runs").glob("*")), "a run that never began leaves nothing behind"


@pytest.mark.slow
def test_who_is_left_alone_does_not_wait_for_ever(tmp_path: Path):
    port = free_port()
    long = ["-m", "minbert", *COMMAND, "--epochs", "400", "--run-folder", "long"]
    first, second = (start(rank, port, long, tmp_path) for rank in range(2))
    log = tmp_path / "long" / "metrics.jsonl"
    deadline = time.monotonic() + 120
    while not log.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    second.kill()
    _, errors = first.communicate(timeout=120)
    second.communicate()
    assert first.returncode == 2 and "process 0 of 2 has lost another one" in errors
