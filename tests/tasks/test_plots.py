"""The PNG pictures: drawn where matplotlib is, one sentence where it is not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from run_example import write_example

from minbert.errors import UserError
from tasks.plots import write_plots

PNG = b"\x89PNG\r\n\x1a\n"


def test_one_picture_of_curves_and_one_matrix_a_task_with_classes(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    assert write_plots(write_example(tmp_path)) == ["curves.png", "confusion-mood.png", "confusion-match.png"]
    assert all((tmp_path / name).read_bytes().startswith(PNG) for name in ("curves.png", "confusion-mood.png", "confusion-match.png"))


def test_without_matplotlib_one_sentence_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    told = write_plots(write_example(tmp_path))
    assert len(told) == 1 and 'pip install "minbert[plots]"' in told[0]
    assert not list(tmp_path.glob("*.png"))


def test_a_run_without_a_log_draws_only_what_it_has(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    (write_example(tmp_path) / "metrics.jsonl").unlink()
    assert write_plots(tmp_path) == ["confusion-mood.png", "confusion-match.png"]


def test_an_empty_run_draws_nothing(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    assert write_plots(tmp_path) == []


def test_a_path_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not a run folder"):
        write_plots(tmp_path / "nowhere")
