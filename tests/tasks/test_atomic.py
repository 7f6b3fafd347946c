"""A save that fails, is killed or finds no room leaves the old file whole, and the next save leaves no litter."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from minbert.errors import UserError
from tasks.atomic import write_atomically, write_text
from tasks.checkpoint import load, save

ROOT = Path(__file__).parents[2]


def test_a_writer_that_fails_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "old")

    def fail_half_way(beside: Path) -> None:
        beside.write_text("ne")
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        write_atomically(tmp_path / "a.txt", fail_half_way)
    assert (tmp_path / "a.txt").read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_what_a_killed_save_left_goes_at_the_next_save(tmp_path: Path) -> None:
    (tmp_path / ".saving").mkdir()
    (tmp_path / ".saving" / "best.safetensors").write_text("half")
    (tmp_path / ".saving" / ".tmpXYZ").write_text("half")
    write_text(tmp_path / "a.txt", "new")
    assert os.listdir(tmp_path) == ["a.txt"]


# Run as a child, since a limit on file size or another user's rights stay with the process that takes them.
CHILD = """
import resource, sys, torch
from pathlib import Path
from minbert.errors import UserError
from tasks.checkpoint import save
path = Path(sys.argv[1])
{prepare}
try:
    save(path, {{"step": 2, "a": torch.ones(100_000)}})
except UserError as error:
    print(error)
"""


def run_child(path: Path, prepare: str) -> str:
    done = subprocess.run([sys.executable, "-c", CHILD.format(prepare=prepare), str(path)], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


def test_a_full_disk_is_one_sentence_and_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "last.safetensors"
    save(path, {"step": 1, "a": torch.zeros(3)})
    said = run_child(path, "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))")
    assert said.startswith(f"cannot save {path}: ") and said.count("\n") == 1
    assert "what was there before is untouched" in said
    assert load(path)["step"] == 1
    assert os.listdir(tmp_path) == ["last.safetensors"]


def test_a_read_only_folder_is_one_sentence_and_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "last.safetensors"
    save(path, {"step": 1, "a": torch.zeros(3)})
    tmp_path.chmod(0o555)
    try:
        # Root may write anywhere, so the child gives up that right first where it has it.
        said = run_child(path, "import os\nif os.getuid() == 0: os.seteuid(65534)")
    finally:
        tmp_path.chmod(0o755)
    assert said.startswith(f"cannot save {path}: Permission denied; what was there before is untouched")
    assert load(path)["step"] == 1


def test_a_file_where_a_folder_should_be_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file")
    with pytest.raises(UserError, match=r"cannot save .*last\.safetensors: Not a directory"):
        save(tmp_path / "run" / "last.safetensors", {})


def test_killed_saves_lose_nothing(tmp_path: Path) -> None:
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("kill_saves", ROOT / "tests" / "reliability" / "kill_saves.py")
    kill_saves = module_from_spec(spec)
    spec.loader.exec_module(kill_saves)
    counts = kill_saves.kill_many(tmp_path, kills=25, seed=5)
    assert counts["kills"] == counts["loaded"] == counts["clean"] == 25
    assert counts["in the middle of a save"] > 0
