"""A folder is found where a student would point, and refused in a sentence where there is none."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from starter_checkouts import Checkout, written

from minbert.errors import UserError
from sanity_checks.starter.folder import find_checkout


def test_a_nested_checkout_is_found(tmp_path: Path):
    nested = tmp_path / "unpacked" / "minbert-default-final-project-main"
    nested.mkdir(parents=True)
    assert find_checkout(written(Checkout(), nested)) == nested == find_checkout(tmp_path)


def test_what_editors_and_archives_leave_is_no_checkout(tmp_path: Path):
    for hidden in (".ipynb_checkpoints", "__MACOSX", ".git"):
        (tmp_path / hidden).mkdir()
        (tmp_path / hidden / "bert.py").write_text("", encoding="utf-8")
    with pytest.raises(UserError, match=r"has no bert.py and no optimizer.py \(it has no Python files\)"):
        find_checkout(tmp_path)


def test_one_file_is_enough(tmp_path: Path):
    (tmp_path / "optimizer.py").write_text("", encoding="utf-8")
    assert find_checkout(tmp_path) == tmp_path


def refused(path: Path) -> str:
    """The one sentence with which a path is refused."""
    with pytest.raises(UserError) as error:
        find_checkout(path)
    return str(error.value)


def test_other_paths_are_refused_in_one_sentence(tmp_path: Path):
    assert re.search("there is no folder .*nowhere: give the folder that holds your bert.py", refused(tmp_path / "nowhere"))
    (tmp_path / "bert.txt").write_text("", encoding="utf-8")
    assert re.search("is a file, expected a folder", refused(tmp_path / "bert.txt"))
    with zipfile.ZipFile(tmp_path / "submission.zip", "w") as archive:
        archive.writestr("bert.py", "")
    assert re.search("is an archive: unpack it first", refused(tmp_path / "submission.zip"))
    assert re.search("has no bert.py but an archive, submission.zip: unpack it first", refused(tmp_path))


def test_two_checkouts_are_not_guessed_between(tmp_path: Path):
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "bert.py").write_text("", encoding="utf-8")
    assert re.search(r"holds 2 checkouts \(first, second\): name one of them", refused(tmp_path))
