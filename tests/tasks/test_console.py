"""Tables are plain: ASCII, no colour, aligned where there is room and short lists where there is not."""

from __future__ import annotations

import io

import pytest

from tasks import console
from tasks.console import epoch_line, overall_lines, progress_bar, results_table, score, table

RESULTS = {"tasks": {"sst": {"metric": "accuracy", "majority": 0.262, "bag_of_words": 0.4, "ours": 0.5},
                     "a_long_name": {"metric": "pearson", "majority": None, "bag_of_words": -0.25, "ours": 0.8125}}}


def test_the_final_table_by_hand() -> None:
    assert results_table(RESULTS, 80) == "task (dev)     metric  majority  bag of words   ours\nsst          accuracy     0.262         0.400  0.500\na_long_name   pearson         -        -0.250  0.812"


def test_a_narrow_terminal_gets_a_list_with_the_same_figures() -> None:
    assert results_table(RESULTS, 40).splitlines()[:6] == ["sst", "  metric: accuracy", "  majority: 0.262", "  bag of words: 0.400", "  ours: 0.500",
                                                           "a_long_name"]


@pytest.mark.parametrize("width", range(1, 80, 7))
def test_every_cell_is_there_at_every_width(width: int) -> None:
    printed = results_table(RESULTS, width)
    assert all(figure in printed for figure in ("0.262", "0.400", "0.500", "-0.250", "0.812", "accuracy", "a_long_name"))


def test_a_row_that_just_fits_stays_a_row() -> None:
    assert table(["ab", "c"], [["x", "yz"]], 6) == "ab   c\nx   yz"
    assert table(["ab", "c"], [["x", "yz"]], 5) == "x\n  c: yz"


def test_width_follows_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    assert results_table(RESULTS).startswith("sst\n  metric: accuracy\n")


def test_no_score_is_a_dash_and_not_a_zero() -> None:
    assert (score(None), score(0.0), score(-0.12345)) == ("-", "0.000", "-0.123")


def test_the_score_that_chose_the_epoch_comes_first_and_brings_its_formula() -> None:
    scores = {"sst": ("accuracy", 0.5), "sts": ("pearson", 0.0)}
    assert overall_lines(scores, "plain") == ["overall 0.2500 (plain: (sst + sts) / 2)", "overall 0.5000 (normalised: (sst + (sts + 1)/2) / 2)"]
    assert overall_lines(scores, "normalised") == overall_lines(scores, "plain")[::-1]


def test_an_epoch_in_words() -> None:
    record = {"epoch": 2, "dev": {"sst": {"metric": "accuracy", "score": 0.4561}}, "overall": 0.61239, "score": "normalised", "best": True}
    assert epoch_line(record, 4) == "epoch 2/4: dev sst accuracy 0.456; overall 0.6124 normalised, the best so far"
    assert epoch_line({**record, "best": False}, 4).endswith("0.6124 normalised")


def test_a_progress_bar_is_ascii_on_a_terminal_and_silent_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    for watched in (True, False):
        stream = io.StringIO()
        stream.isatty = lambda watched=watched: watched
        monkeypatch.setattr(console.sys, "stderr", stream)
        assert list(progress_bar(range(3), desc="sst")) == [0, 1, 2]
        assert stream.getvalue().isascii() and ("3/3" in stream.getvalue()) == watched
