"""Files appear whole or not at all."""

from __future__ import annotations

import os

import pytest

from minbert.errors import UserError
from minbert.files import write_in_one_move


def test_a_failed_write_leaves_the_old_file_and_no_litter(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match=r"cannot write .*file \(No space left on device\); choose a folder that can be written and has room\."):
        write_in_one_move(path, b"new")
    assert path.read_bytes() == b"old" and os.listdir(tmp_path) == ["file"]


def test_a_file_where_a_folder_should_be_is_told(tmp_path):
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(UserError, match=r"cannot write .*taken/config\.json \("):
        write_in_one_move(tmp_path / "taken" / "config.json", b"new")


def test_folders_are_made_and_the_bytes_are_whole(tmp_path):
    write_in_one_move(tmp_path / "a" / "b" / "file", bytes(range(256)))
    assert (tmp_path / "a" / "b" / "file").read_bytes() == bytes(range(256)) and os.listdir(tmp_path / "a" / "b") == ["file"]
