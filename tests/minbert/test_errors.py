"""Whatever a damaged file holds, a sentence about it stays one line of plain ASCII of readable length."""

from __future__ import annotations

import pytest

from minbert.errors import first_line, nearest, plain, shown

ODD = "caf\u00e9\x1b[31m\n\u2028\U0001f600 " + "x" * 1000


@pytest.mark.parametrize("text", [shown(ODD), shown([ODD]), plain(ODD), first_line(ValueError(ODD)), first_line(ValueError("\x00"))])
def test_odd_text_becomes_plain(text):
    assert text.isascii() and text.isprintable() and len(text) <= 200


def test_a_library_s_first_line_loses_its_full_stop_and_an_empty_one_its_silence():
    assert first_line(ValueError("no good.\nAdvice.")) == "no good" and first_line(KeyError()) == "KeyError"


def test_a_name_near_enough_is_offered_and_no_other():
    assert nearest("atention", ["attention", "pooler"]) == "attention" and nearest("zzz", ["attention", "pooler"]) is None
