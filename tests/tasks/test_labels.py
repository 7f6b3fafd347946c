"""Labels are numbers inside the range of their task, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tasks_data import QUORA, SST, STS

from tasks.labels import expected_label, parse_label, parse_number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_finite_number_is_read_back_as_written(value: float) -> None:
    assert parse_number(repr(value)) == value


@pytest.mark.parametrize("text", ["", "nan", "inf", "-Infinity", "1_0", "0x1", "\u0663", "1,5", "--1", "1e", ".", "1 2", "1e999", "True"])
def test_what_is_no_plain_finite_number_is_refused(text: str) -> None:
    assert parse_number(text) is None


def test_classes_are_ints_and_other_labels_keep_their_fractions() -> None:
    assert [parse_label(text, SST) for text in ("3", " 3.0 ", "0")] == [3, 3, 0] and isinstance(parse_label("3.0", SST), int)
    assert [parse_label(text, QUORA) for text in ("0.0", "1.0", "1")] == [0.0, 1.0, 1.0] and isinstance(parse_label("1", QUORA), float)
    assert parse_label("3.80", STS) == 3.8


@pytest.mark.parametrize(("text", "task", "words"), [
    ("5", SST, "^sentiment is '5', but a label of sst is a whole number from 0 to 4.$"),
    ("2.5", SST, "is '2.5', but a label of sst is a whole number"), ("-1", SST, "whole number from 0 to 4"), ("good", SST, "is 'good'"),
    ("0.5", QUORA, "^is_duplicate is '0.5', but a label of quora is 0 or 1.$"), ("2", QUORA, "0 or 1"),
    ("5.01", STS, "^similarity is '5.01', but a label of sts is a number from 0 to 5.$"), ("nan", STS, "number from 0 to 5"),
    ("x" * 50, STS, "is '" + "x" * 40 + r"\.\.\.'"),
])
def test_a_label_outside_its_task_is_told_with_what_was_expected(text: str, task, words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        parse_label(text, task)
    assert expected_label(task) in str(caught.value)
