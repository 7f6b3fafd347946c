"""Values in sentences are one line of printable ASCII, never longer than asked for, and recognisable."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.recipe_words import tip, written

ANYTHING = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
                        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=9)


@given(ANYTHING, st.integers(20, 90))
def test_whatever_the_value_the_words_are_one_short_printable_ascii_line(value: Any, longest: int) -> None:
    words = written(value, longest)
    assert words.isascii() and words.isprintable() and len(words) <= max(longest, len("a whole number of more than 50 digits"))


@pytest.mark.parametrize(("value", "words"), [
    (True, "true"), ("a\nb", '"a\\nb"'), ([1, "x"], '[1, "x"]'), ({"a": 1}, "a table with the keys a"), (10**5000, "a whole number of more than 50 digits"),
    ("x" * 200, '"' + "x" * 86 + "..."), ({}, "an empty table"),
], ids=lambda value: type(value).__name__)
def test_values_are_written_as_in_a_recipe(value: Any, words: str) -> None:
    assert written(value) == words


def test_a_sentence_ends_in_one_mark() -> None:
    assert tip("no", "x", "y") == "no; did you mean x?"
    assert tip("no", None, "y") == "no; y."
