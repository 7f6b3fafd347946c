"""One comparison at a time in a folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from minbert.errors import UserError
from tasks.compare_lock import only_one

pytest.importorskip("fcntl")


def test_a_second_comparison_is_refused_until_the_first_has_ended(tmp_path: Path) -> None:
    with only_one(tmp_path / "out"), pytest.raises(UserError, match="another minbert compare works in .*out"), only_one(tmp_path / "out"):
        pass
    with only_one(tmp_path / "out"):
        pass


def test_a_child_that_inherits_the_lock_holds_it_when_its_parent_is_gone(tmp_path: Path) -> None:
    with only_one(tmp_path) as held:
        child = subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE, pass_fds=held)
    with pytest.raises(UserError, match="or a run that it left is still saving"), only_one(tmp_path):
        pass
    child.communicate(b"\n")
    with only_one(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot write in .*file/out: .*; give another folder with --out"), only_one(tmp_path / "file" / "out"):
        pass
