"""The tables: every figure in its place in text, Markdown and CSV, published ones on lines of their own, nothing invented where there is nothing."""

from __future__ import annotations

import csv
import io

import pytest
from comparison import results

from tasks.compare_tables import as_csv, as_markdown, as_text, memory, seconds, signed


def test_every_figure_stands_in_the_text() -> None:
    text = as_text(results(), 200)
    for shown in ("0.620 (0.012)", "0.645 (0.012)", "+0.0211", "+0.0102 to +0.0322", "0.0%", "0.0031", "better", "no difference beyond noise", "3,333", "1,111", "5,555",
                  "90.0 s", "4.5 s", "1.23 GB", "In words: the rule.", "Note: Fairness: something.", "normalised, (sst + (sts + 1)/2) / 2", "10,000 resamples"):
        assert shown in text, shown
    assert text.isascii()


def test_a_published_figure_has_a_line_of_its_own_and_enters_no_mean() -> None:
    with_it, without = as_text(results(), 200), as_text(results(published=None), 200)
    (line,) = set(with_it.splitlines()) - set(without.splitlines()) - {line for line in with_it.splitlines() if "published" not in line}
    assert line.split() == ["gse", "(published)", "1", "0.777", "0.333", "0.555"]


def test_a_published_score_of_the_other_formula_is_not_set_beside_ours() -> None:
    plain = {"scores": {"sst": 0.777, "sts": 0.333}, "overall": 0.555, "formula": "plain", "source": "a paper"}
    assert "0.555" not in as_text(results(published=plain), 200)


def test_a_narrow_terminal_gets_lists_with_every_figure() -> None:
    text = as_text(results(), 40)
    assert "  difference: +0.0211" in text and "  peak memory: 1.23 GB" in text and "  in words: better" in text


def test_nothing_is_shown_where_there_is_nothing() -> None:
    failed = [{"seed": 0, "state": "failed", "sentence": "why", "attempts": 1}, {"seed": 1, "state": "not run", "sentence": None}]
    empty = {"scores": {}, "overall": None, "against_first": None, "published": None, "runs": failed,
             "train_seconds": None, "evaluate_seconds": None, "peak_bytes": None, "parameters": None, "learning": None}
    lines = [" ".join(line.split()) for line in as_text(results(**empty), 200).splitlines() if line.startswith("gse")]
    assert lines == ["gse 0 of 2, 1 FAILED - - -", "gse - - - - not comparable, or not made yet", "gse 28 3,333 1,111 2,222 5,555 - - - - - -"]


def test_markdown_has_as_many_cells_in_every_line_of_a_table() -> None:
    page = as_markdown(results(), "minbert compare x")
    assert page.startswith("`minbert compare x`\n") and "base\\|line" in page
    blocks = [[line.replace("\\|", "").count("|") for line in block.splitlines()] for block in page.split("\n\n") if block.startswith("| ")]
    assert len(blocks) == 4 and all(len(set(block)) == 1 for block in blocks)


def test_the_csv_gives_every_number_back_unrounded() -> None:
    first, second = csv.DictReader(io.StringIO(as_csv(results())))
    assert first["against_first_difference"] == "" and first["published_overall"] == ""
    assert float(second["overall_mean"]) == 0.645 and float(second["against_first_low"]) == 0.0102 and second["against_first_words"] == "better"
    assert second["published_sts"] == "0.333" and second["seeds_finished"] == "2" and second["examples"] == "3333" and second["cuda_bytes"] == ""


def test_what_rounds_to_zero_does_not_look_like_a_loss() -> None:
    assert signed(-4e-8) == "+0.0000" and signed(-0.00006) == "-0.0001"


@pytest.mark.parametrize(("value", "shown"), [(None, "-"), (0.04, "0.0 s"), (119.0, "119.0 s"), (120.0, "2.0 min"), (3599.0, "60.0 min"), (3600.0, "1.0 h")])
def test_times_are_said_in_the_unit_that_suits_them(value: float | None, shown: str) -> None:
    assert seconds(value) == shown and memory(None) == "-"
