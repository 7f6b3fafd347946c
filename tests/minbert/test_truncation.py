"""Truncation: the closed form is the loop of pops, and nothing that matters is cut away."""

from __future__ import annotations

import re

import pytest

from minbert.errors import UserError
from minbert.tokenizer import Tokenizer
from minbert.truncation import expect_room, keep_head_and_tail, shares, truncate


def popped(length_a, length_b, budget):
    """The definition: pop from the longer list, from b when both are equally long."""
    while length_a + length_b > budget:
        if length_a > length_b:
            length_a -= 1
        else:
            length_b -= 1
    return length_a, length_b


def test_the_closed_form_equals_the_loop_of_pops():
    cases = [(a, b, budget) for a in range(14) for b in range(14) for budget in range(2, 30)]
    assert [shares(*case) for case in cases] == [popped(*case) for case in cases]


def test_neither_text_is_cut_down_to_nothing():
    assert all(min(shares(a, b, budget)) >= 1 for a in range(1, 20) for b in range(1, 20) for budget in range(2, 30))


def test_head_and_tail_keeps_128_in_front_and_the_rest_at_the_end():
    ids = list(range(547))
    assert keep_head_and_tail(ids, 510) == ids[:128] + ids[-382:]
    assert keep_head_and_tail(ids, 129) == [*range(128), 546]
    assert keep_head_and_tail(ids, 128) == ids[:128]


@pytest.mark.parametrize("pieces", [509, 510, 511, 547])
def test_of_bert_s_512_places_510_are_the_text_s_and_128_and_382_of_them_its_ends(pieces):
    tokenizer, text = Tokenizer.from_pretrained("tiny"), list(range(1000, 1000 + pieces))
    ids, _ = tokenizer.assemble(text, max_length=512, truncation="head+tail")
    assert ids == [tokenizer.cls_id, *(text if pieces <= 510 else text[:128] + text[-382:]), tokenizer.sep_id]


def test_of_a_pair_s_512_places_three_are_special_and_each_text_keeps_its_ends():
    tokenizer, a, b = Tokenizer.from_pretrained("tiny"), list(range(1000, 1400)), list(range(2000, 2300))
    ids, types = tokenizer.assemble(a, b, max_length=512, truncation="head+tail")
    assert ids == [tokenizer.cls_id, *a[:128], *a[-127:], tokenizer.sep_id, *b[:128], *b[-126:], tokenizer.sep_id]
    assert len(ids) == 512 and types == [0] * 257 + [1] * 255


@pytest.mark.parametrize("count", [129, 317, 510])
def test_head_and_tail_leaves_short_texts_alone(count):
    assert keep_head_and_tail(list(range(count)), count) == list(range(count))


def test_a_pair_shares_the_room_before_heads_and_tails_are_taken():
    a, b = list(range(400)), list(range(1000, 1300))
    kept_a, kept_b = truncate(a, b, 509, "head+tail")
    assert (kept_a, kept_b) == (a[:128] + a[-127:], b[:128] + b[-126:])


@pytest.mark.parametrize(
    ("max_length", "truncation", "pair", "sentence"),
    [
        (2, "longest-first", False, "max_length=2 is too short for a sentence with longest-first, expected a whole number of at least 3: 2 special"),
        (4, "longest-first", True, "max_length=4 is too short for a pair with longest-first, expected a whole number of at least 5: 3 special tokens"),
        (130, "head+tail", False, "at least 131: 2 special tokens, the first 128 word pieces and a tail of each text."),
        (260, "head+tail", True, "at least 261: 3 special tokens"),
        (64.0, "longest-first", False, "max_length=64.0 is too short"),
        (True, "longest-first", False, "max_length=True is too short"),
        (64, "longest_first", False, "truncation='longest_first' is unknown, expected one of longest-first, head+tail; did you mean 'longest-first'?"),
    ],
)
def test_no_room_is_told(max_length, truncation, pair, sentence):
    with pytest.raises(UserError, match=re.escape(sentence)):
        expect_room(max_length, truncation, pair)


def test_the_least_lengths_are_enough():
    for length, truncation, pair in [(3, "longest-first", False), (5, "longest-first", True), (131, "head+tail", False), (261, "head+tail", True)]:
        expect_room(length, truncation, pair)
    assert truncate(list(range(300)), list(range(300)), 258, "head+tail") == ([*range(128), 299], [*range(128), 299])
