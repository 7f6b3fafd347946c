"""The small pieces of a run: logs, seeds, devices, precision, environment, run folder, rows."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest
import torch
from small_run import small_recipe, write_course_files

import minbert
from minbert.errors import UserError
from tasks.devices import choose_device
from tasks.environment import describe_environment
from tasks.logs import append_line, cut_back, read_lines, write_table
from tasks.non_finite import gradient_norm
from tasks.precision import make_precision
from tasks.progress import Progress, means
from tasks.recipe_tasks import tasks_of
from tasks.run_folder import RunFolder
from tasks.seeds import named_generator, named_seed
from tasks.setup_run import build
from tasks.splits import choose_rows, read_splits


def test_a_log_cut_back_and_written_again_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    length = append_line(path, {"kind": "train", "loss": 0.1 + 0.2})
    append_line(path, {"kind": "train", "loss": 3})
    whole = path.read_bytes()
    cut_back(path, length)
    append_line(path, {"kind": "train", "loss": 3})
    assert path.read_bytes() == whole and [line["loss"] for line in read_lines(path)] == [0.1 + 0.2, 3]


def test_logs_that_cannot_be_used_are_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    assert read_lines(path) == []
    path.write_text('{"kind": "train"}\n{"kind": ')
    with pytest.raises(UserError, match=r"metrics\.jsonl, line 2: not a line of JSON"):
        read_lines(path)
    with pytest.raises(UserError, match="holds 27 bytes, the checkpoint beside it expects at least 28"):
        cut_back(path, 28)
    with pytest.raises(UserError, match="cannot write to .*: Is a directory"):
        append_line(tmp_path, {})


def test_the_table_has_one_row_an_epoch(tmp_path: Path) -> None:
    log = tmp_path / "metrics.jsonl"
    append_line(log, {"kind": "train", "epoch": 1, "step": 2, "loss": {"sst": 9.0}})
    dev = {"sst": {"metric": "accuracy", "score": 0.75, "confusion": [[1]]}, "sts": {"metric": "pearson", "score": 0.125, "confusion": None}}
    append_line(log, {"kind": "epoch", "epoch": 1, "step": 7, "updates": 21, "loss": {"sst": 1.5, "sts": 0.25}, "dev": dev, "overall": 0.5,
                      "score": "plain", "best": True})
    write_table(log, tmp_path / "metrics.csv")
    assert (tmp_path / "metrics.csv").read_text() == ("epoch,step,updates,sst_loss,sts_loss,sst_accuracy,sts_pearson,overall,best\n"
                                                      "1,7,21,1.5,0.25,0.75,0.125,0.5,1\n")


def test_named_streams_are_fixed_and_apart() -> None:
    # Written down once: a change would silently give every published run other numbers.
    assert named_seed(11711, "dropout") == 2710551609001627801
    seeds = {named_seed(seed, name) for seed in range(50) for name in ("init", "dropout", "sampler", "stream.sst", "stream.sts")}
    assert len(seeds) == 250 and all(0 <= seed < 2**63 for seed in seeds)
    assert torch.equal(torch.rand(3, generator=named_generator(3, "a")), torch.rand(3, generator=named_generator(3, "a")))


def test_devices_that_are_not_there_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert choose_device("auto") == choose_device("cpu") == torch.device("cpu")
    with pytest.raises(UserError, match=r"device 'cuda' is not available here \(torch .* sees cpu\): use --device cpu or --device auto"):
        choose_device("cuda")
    with pytest.raises(UserError, match="device 'cdua': expected one of auto, cpu, cuda, mps; did you mean cuda"):
        choose_device("cdua")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert choose_device("auto") == torch.device("cuda")


def test_precisions() -> None:
    cpu, a, b = torch.device("cpu"), torch.randn(3, 5), torch.randn(5, 7)
    for name, dtype in [("fp32", torch.float32), ("bf16", torch.bfloat16)]:
        precision = make_precision(name, cpu)
        with precision.autocast():
            assert (a @ b).dtype == dtype
        assert not precision.scaler.is_enabled()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch remarks that this machine may have no CUDA
        assert make_precision("fp16", torch.device("cuda")).dtype == torch.float16
    with pytest.raises(UserError, match="training.precision = 'fp16' needs a CUDA device and this run is on cpu: use bf16 or fp32"):
        make_precision("fp16", cpu)
    with pytest.raises(UserError, match="training.precision = 'bf61': expected one of fp32, bf16, fp16; did you mean bf16"):
        make_precision("bf61", cpu)


def test_the_environment_is_plain_and_tells_nothing_about_the_person() -> None:
    found = describe_environment(torch.device("cpu"))
    assert json.loads(json.dumps(found)) == found and found["torch"] == torch.__version__ and found["threads"] == torch.get_num_threads()
    assert found["minbert"] == minbert.__version__  # installed or not
    assert str(Path.home()) not in json.dumps(found)


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot make the run folder .*file/run: Not a directory"):
        RunFolder(tmp_path / "file" / "run").expect_free()


def test_means_empty_their_sums() -> None:
    progress = Progress()
    for losses in ({"a": 1.0, "b": 5.0}, {"a": 2.0}):
        progress.add(losses)
    assert means(progress.since_line) == {"a": 1.5, "b": 5.0} and progress.since_line == {} and progress.step == 2
    assert Progress.from_plain(json.loads(json.dumps(progress.to_plain()))) == progress


def test_a_smaller_share_is_part_of_a_larger_one(tmp_path: Path) -> None:
    recipe = small_recipe(write_course_files(tmp_path))
    whole = read_splits(recipe, tasks_of(recipe), lambda sentence: None)["train"]["sst"]
    ids: list[list[str]] = []
    for settings in ({"share": 0.25}, {"share": 0.5}, {"limit": 47}, {"share": 0.5, "limit": 11}):
        data: Any = small_recipe(tmp_path, data=settings).data
        ids.append([example.id for example in choose_rows(whole, data, named_generator(3, "rows")).examples])
    assert [len(chosen) for chosen in ids] == [18, 36, 47, 11]
    assert set(ids[3]) < set(ids[0]) < set(ids[1]) < set(ids[2])
    order = [example.id for example in whole.examples]
    assert all(chosen == sorted(chosen, key=order.index) for chosen in ids)


def test_what_readers_skip_is_said(tmp_path: Path) -> None:
    folder = write_course_files(tmp_path)
    with (folder / "sts-dev.csv").open("a") as file:
        file.write("99\tlast\tone film\ttwo films\t\n")
    said: list[str] = []
    recipe = small_recipe(folder)
    read_splits(recipe, tasks_of(recipe), said.append)
    assert len(said) == 1 and "sts-dev.csv: 14 rows read, 13 kept, 1 skipped for an empty label" in said[0]


def test_the_gradient_s_length_is_that_of_one_long_vector_and_notices_nan() -> None:
    parameters = [torch.randn(3, 5, requires_grad=True), torch.randn(7, requires_grad=True), torch.randn(2, requires_grad=True)]
    for parameter in parameters[:2]:
        parameter.grad = torch.randn_like(parameter)
    flat = torch.cat([parameter.grad.flatten() for parameter in parameters[:2]])
    torch.testing.assert_close(gradient_norm(parameters), flat.norm())
    parameters[1].grad[3] = float("nan")
    assert gradient_norm(parameters).isnan()


def test_what_the_optimizer_refuses_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    recipe = small_recipe(write_course_files(tmp_path), optimizer={"backend": "compiled"})
    with pytest.raises(UserError, match=r"\[optimizer\]: AdamW got backend='compiled' but found no C\+\+ compiler .*; install one, or use backend='auto', which needs none\."):
        build(recipe, say=lambda said: None)


def test_fewer_dev_rows_are_the_same_whatever_the_seed_and_test_files_can_be_left_alone(tmp_path: Path) -> None:
    folder = write_course_files(tmp_path / "data")
    found = []
    for seed in (1, 2):
        recipe = small_recipe(folder, data={"folder": str(folder), "dev_limit": 5, "test": False}, seed=seed)
        splits = read_splits(recipe, tasks_of(recipe), lambda sentence: None)
        assert splits["test"] == {} and all(len(split) == 5 for split in splits["dev"].values())
        found.append([example.id for split in splits["dev"].values() for example in split.examples])
    assert found[0] == found[1] and len(set(found[0])) == 15
