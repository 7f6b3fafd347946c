"""A save that fails, is killed or finds no room leaves the old file whole, and the next save leaves no litter."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from minbert.errors import UserError
from minbert.files import write_atomically, write_bytes, write_text

ROOT = Path(__file__).parents[2]


def test_a_writer_that_fails_leaves_the_old_file_and_no_litter(tmp_path):
    write_text(tmp_path / "a.txt", "old")

    def fail_half_way(beside):
        beside.write_text("ne")
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        write_atomically(tmp_path / "a.txt", fail_half_way)
    assert (tmp_path / "a.txt").read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_bytes_that_the_disk_does_not_keep_never_reach_the_name(tmp_path, monkeypatch):
    write_bytes(tmp_path / "file", b"old")

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match=r"cannot save .*file: No space left on device; what was there before is untouched, so make room or .* go on from there\."):
        write_bytes(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"old" and os.listdir(tmp_path) == ["file"]


def test_what_killed_saves_left_goes_at_the_next_save_and_what_a_running_one_writes_stays(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for owner in (ended.pid, os.getpid(), os.getppid(), "x"):  # a dead process, our own number from before, a living process, and no number at all
        (tmp_path / f".saving-{owner}").mkdir()
        (tmp_path / f".saving-{owner}" / "best.safetensors").write_text("half")
    write_text(tmp_path / "a.txt", "new")
    assert sorted(os.listdir(tmp_path)) == [f".saving-{os.getppid()}", "a.txt"]


def test_folders_are_made_and_the_bytes_are_whole(tmp_path):
    write_bytes(tmp_path / "a" / "b" / "file", bytes(range(256)))
    assert (tmp_path / "a" / "b" / "file").read_bytes() == bytes(range(256)) and os.listdir(tmp_path / "a" / "b") == ["file"]


def test_text_is_written_as_it_is_given(tmp_path):
    write_text(tmp_path / "a.txt", "one\r\ntwo\n\u00e9")
    assert (tmp_path / "a.txt").read_bytes() == b"one\r\ntwo\n\xc3\xa9"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no umask")
def test_who_may_read_the_file_is_for_the_umask_to_say(tmp_path):
    before = os.umask(0o027)
    try:
        write_atomically(tmp_path / "file", lambda beside: os.close(os.open(beside, os.O_CREAT, 0o600)))
    finally:
        os.umask(before)
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o640


# Run as a child, since a limit on file size or another user's rights stay with the process that takes them.
CHILD = """
import os, resource, sys
from pathlib import Path
import numpy
from safetensors.numpy import save_file
from minbert.errors import UserError
from minbert.files import write_atomically
{prepare}
try:
    write_atomically(Path(sys.argv[1]), lambda beside: save_file(dict(a=numpy.ones(100_000)), beside))
except UserError as error:
    print(error)
"""


def run_child(path: Path, prepare: str) -> str:
    done = subprocess.run([sys.executable, "-c", CHILD.format(prepare=prepare), str(path)], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


def test_a_full_disk_is_one_sentence_and_the_old_file_stays(tmp_path):
    path = tmp_path / "last.safetensors"
    write_bytes(path, b"old")
    said = run_child(path, "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))")
    assert said.startswith(f"cannot save {path}: ") and said.count("\n") == 1
    assert "what was there before is untouched" in said
    assert path.read_bytes() == b"old" and os.listdir(tmp_path) == ["last.safetensors"]


def test_a_read_only_folder_is_one_sentence_and_the_old_file_stays(tmp_path):
    path = tmp_path / "last.safetensors"
    write_bytes(path, b"old")
    tmp_path.chmod(0o555)
    try:
        # Root may write anywhere, so the child gives up that right first where it has it.
        said = run_child(path, "if os.getuid() == 0: os.seteuid(65534)")
    finally:
        tmp_path.chmod(0o755)
    assert said.startswith(f"cannot save {path}: Permission denied; what was there before is untouched")
    assert path.read_bytes() == b"old"


def test_a_file_where_a_folder_should_be_is_one_sentence(tmp_path):
    (tmp_path / "run").write_text("a file")
    with pytest.raises(UserError, match=r"cannot save .*last\.safetensors: Not a directory"):
        write_bytes(tmp_path / "run" / "last.safetensors", b"new")
