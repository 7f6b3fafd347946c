"""An unknown difference is described: which look, how much of it, along which axis, the two numbers, and a simple relation where one holds."""

from __future__ import annotations

import pytest
import torch

from sanity_checks.difference import describe
from sanity_checks.look import Observation

AXES = ("sentence", "token", "channel")
RIGHT = torch.arange(1.0, 31.0, dtype=torch.float64).reshape(2, 5, 3).sin()


def told(got: object, right: object = RIGHT, axes: tuple[str, ...] = AXES) -> str:
    return describe("the output", Observation(got, "error", axes), Observation(right, "error", axes))


def changed(*place: object) -> torch.Tensor:
    copy = RIGHT.clone()
    copy[place] += 1.0
    return copy


@pytest.mark.parametrize(
    "got, words",
    [
        (changed(1), "differs in 15 of 30 numbers, only in sentence 1: got "),
        (changed(slice(None), slice(3, 5)), "differs in 12 of 30 numbers, only in token 3 to 4: got "),
        (changed(0, 2, 1), "differs in 1 of 30 numbers, only in sentence 0; token 2; channel 1: got 0.00885131, expected 0.990607... at"),
        (changed(slice(None), [0, 2]), "only in token 0, 2: got "),
        (RIGHT + 1, "differs in 30 of 30 numbers, along every axis: got "),
        (RIGHT + 0.25, "every number is 0.25 too large"),
        (RIGHT * 3, "every number is 3 times the expected one"),
        (RIGHT * 0, "every number is 0"),
        (RIGHT.flip(1), "these are the right numbers in another order"),
        (RIGHT[:, :4], "has shape (2, 4, 3), expected (2, 5, 3) (sentence, token, channel)"),
        (RIGHT / 0, "holds NaN or infinity in 30 of 30 numbers"),
        ("nothing: None", "got nothing: None, expected a tensor of shape (2, 5, 3)"),
        ("raised KeyError: x", "your code raised KeyError: x"),
        ("raised RuntimeError: it cannot be done. Hint: debug it. Really.", "your code raised RuntimeError: it cannot be done, expected a tensor"),
    ],
)
def test_a_difference_in_words(got, words):
    said = told(got)
    parts = ["at sentence 0, token 2, channel 1"] if words.endswith("... at") else []
    assert said.startswith("the output")
    assert words.partition(": got 0.")[0] in said and all(part in said for part in parts), said


def test_the_largest_difference_is_the_one_that_is_shown():
    got = changed(0, 0, 0)
    got[1, 4, 2] += 5
    assert f"got {got[1, 4, 2]:.6g}, expected {RIGHT[1, 4, 2]:.6g} at sentence 1, token 4, channel 2" in told(got)


def test_single_numbers_and_words_have_no_place():
    assert told(torch.tensor(2.0), torch.tensor(3.0), ()) == "the output differs in 1 of 1 numbers: got 2, expected 3"
    assert told("no", "yes", ()) == "the output: no, expected yes"
    assert told("0.25, 0.25", "0.25, 0.5", ()) == "the output: got 0.25, 0.25, expected 0.25, 0.5"
