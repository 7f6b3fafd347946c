"""Overlap: the same row is known by its letters and digits, whatever is written around them and whichever text comes first."""

from __future__ import annotations

from pathlib import Path

import pytest

from minbert.errors import UserError
from tasks.overlap import fingerprint, held_out
from tasks.registry import TASKS


@pytest.mark.parametrize(("one", "other"), [
    (("A cold, cold day.",), (" a COLD cold day ",)), (("do n't go",), ("Don't go!",)), (("first", "second"), ("Second.", "FIRST?")), (("stra\u00dfe 5",), ("STRASSE 5",)),
])
def test_spelling_and_order_do_not_make_another_row(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(("one", "other"), [(("a b",), ("a c",)), (("ab", "c"), ("a", "bc")), (("a", "a"), ("a",)), (("7 days",), ("8 days",)), (("day", "night"), ("day", "day"))])
def test_other_words_do(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert fingerprint(one) != fingerprint(other)


def test_a_text_without_letters_is_compared_with_nothing() -> None:
    assert fingerprint(("?",)) is None and fingerprint(("why", "...")) is None


def write(path: Path, header: str, *rows: str) -> None:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


def test_dev_and_test_of_every_task_that_lies_there_are_held_out_rows_without_label_included(tmp_path: Path) -> None:
    write(tmp_path / "sts-dev.csv", "id\tsentence1\tsentence2\tsimilarity", "1\tOne day\tTwo days\t", "2\t?\t!\t3")
    write(tmp_path / "sts-train.csv", "id\tsentence1\tsentence2\tsimilarity", "1\tfree\tto learn\t1")
    write(tmp_path / "ids-cfimdb-test-student.csv", "id\tsentence", "7\tA film")
    found = held_out(tmp_path, {"sst": TASKS["sst"]})
    assert found == {fingerprint(("two days", "one day")): "sts-dev.csv, line 2", fingerprint(("a film",)): "ids-cfimdb-test-student.csv, line 2"}


def test_a_file_that_cannot_be_read_stops_only_a_run_that_needs_it(tmp_path: Path) -> None:
    write(tmp_path / "sts-dev.csv", "id\tother", "1\tx")
    said: list[str] = []
    assert held_out(tmp_path, {"sst": TASKS["sst"]}, said.append) == {}
    assert len(said) == 1 and said[0].startswith("Extra rows were not compared with the dev rows of sts: ") and "no column 'sentence1'" in said[0]
    with pytest.raises(UserError, match="no column 'sentence1'"):
        held_out(tmp_path, {"sts": TASKS["sts"]})
