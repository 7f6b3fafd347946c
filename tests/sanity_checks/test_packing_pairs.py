"""A pair of mistakes stores only what neither of them shows alone."""

from __future__ import annotations

from sanity_checks.answers import alone, packed, unpacked

RIGHT = {"one": {"shape": [3], "print": [0.0] * 5}, "two": {"shape": [3], "print": [0.0] * 5}, "three": {"text": "yes"}}


def test_a_pair_points_at_what_one_of_its_mistakes_shows_alone() -> None:
    wrong = {"a": {"one": {"shape": [3], "print": [1.0] * 5}}, "b": {"three": {"text": "no"}}}
    pair = {"one": {"shape": [3], "print": [1.0] * 5}, "two": {"shape": [3], "print": [2.0] * 5}, "three": {"text": "no"}}
    stored = packed(pair, RIGHT, alone("a + b", wrong))
    assert stored == {"0": 0, "1": [2.0] * 5, "2": 1}
    assert unpacked(stored, RIGHT, alone("a + b", wrong)) == pair


def test_a_single_mistake_points_at_nothing() -> None:
    assert alone("a", {"a": {}}) == ()
