"""Cleaning undoes what files did to sentences, and leaves alone what writers wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.clean_text import CONTROL, CP1252, INVISIBLE, LINE_BREAK, ODD_SPACE, OUTER_SPACE, QUOTING, clean_text, undo_quoting


@pytest.mark.parametrize(("written", "meant", "quirks"), [
    ("plain words, nothing else", "plain words, nothing else", ()),
    (" The rock is old . ", "The rock is old .", (OUTER_SPACE,)),
    ('"Do I need ""the"" here?"', 'Do I need "the" here?', (QUOTING,)),
    (' """ I recall it well . "" "', '" I recall it well . "', (OUTER_SPACE, QUOTING)),
    ('" """""" Twice wrapped . """""""', '" Twice wrapped . "', (QUOTING,)),
    ('"Stop," he said.', '"Stop," he said.', ()),
    ('"All of it is a quotation."', '"All of it is a quotation."', ()),
    ('"One," she said, "and two."', '"One," she said, "and two."', ()),
    ('It ends with ""double""', 'It ends with ""double""', ()),
    ('""', '""', ()),
    ("8\xa01\\/2", "8 1\\/2", (ODD_SPACE,)),
    ("languages \u200b\u200b?", "languages ?", (INVISIBLE,)),
    ("\ufeff \u200bword", "word", (INVISIBLE, OUTER_SPACE)),
    ("guilt\x7f?", "guilt?", (CONTROL,)),
    ("don\x92t \x96 wait\x85", "don\u2019t \u2013 wait\u2026", (CP1252,)),
    ("How\x80 is it", "How is it", (CONTROL,)),
    ("one\r\n\r\ntwo", "one two", (LINE_BREAK,)),
    ("  \x00 ", "", (CONTROL, OUTER_SPACE)),
    ("caf\u00e9 \u4f60\u597d", "caf\u00e9 \u4f60\u597d", ()),
])
def test_each_quirk_is_mended_and_named(written: str, meant: str, quirks: tuple[str, ...]) -> None:
    assert clean_text(written) == (meant, quirks)


@given(st.text(alphabet='ab" ,.\u00e9'))
def test_quoting_a_sentence_with_inner_quotes_and_cleaning_it_gives_it_back(sentence: str) -> None:
    sentence = sentence.strip()
    once = '"' + sentence.replace('"', '""') + '"'
    expected = sentence if '"' in sentence else once
    # A sentence that is itself of quoted form loses that layer too: the two cannot be told apart.
    assert undo_quoting(once) == expected


@given(st.text(max_size=40))
def test_cleaning_twice_changes_nothing_and_nothing_is_mended_without_a_name(sentence: str) -> None:
    cleaned, quirks = clean_text(sentence)
    assert clean_text(cleaned) == (cleaned, ())
    assert (cleaned == sentence) == (not quirks) and len(set(quirks)) == len(quirks)
