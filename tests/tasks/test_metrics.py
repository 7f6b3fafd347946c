"""Metrics agree with numpy and with what they mean; decisions follow the course; an overall score names its formula."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from minbert.errors import UserError
from tasks.metrics import METRICS, OVERALLS, accuracy, confusion_matrix, decide, overall_normalised, overall_plain, pearson
from tasks.registry import KINDS

NUMBERS = st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), min_size=2, max_size=53)
CLASSES = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=101)


def columns(pairs: list[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


@given(NUMBERS)
def test_pearson_agrees_with_numpy(pairs: list[tuple[float, float]]) -> None:
    predicted, true = columns(pairs)
    assume(np.std(predicted) > 1e-6 and np.std(true) > 1e-6)
    assert pearson(predicted, true) == pytest.approx(np.corrcoef(predicted, true)[0, 1], abs=1e-9)


@given(NUMBERS, st.floats(1e-3, 1e3), st.floats(-1e3, 1e3))
def test_pearson_does_not_mind_scale_and_shift_but_turns_with_the_sign(pairs: list[tuple[float, float]], scale: float, shift: float) -> None:
    predicted, true = columns(pairs)
    assume(np.std(predicted) > 1.0 and np.std(true) > 1.0)
    r = pearson(predicted, true)
    assert -1.0 <= r <= 1.0 and r == pearson(true, predicted)
    assert pearson([scale * value + shift for value in predicted], true) == pytest.approx(r, abs=1e-6)
    assert pearson([-value for value in predicted], true) == pytest.approx(-r, abs=1e-12)


@pytest.mark.parametrize("size", [1e-200, 1e-30, 1.0, 1e30, 1e200])
def test_pearson_of_huge_and_tiny_numbers_is_still_one(size: float) -> None:
    assert pearson([size, 2 * size, 3 * size], [2.0, 4.0, 6.0]) == pytest.approx(1.0, abs=1e-12)


def test_pearson_is_not_the_mean_over_batches() -> None:
    predicted, true = [1.0, 2.0, 9.0, 8.0], [1.0, 2.0, 8.0, 9.0]  # r is 1 in one half and -1 in the other
    assert pearson(predicted, true) == pytest.approx(np.corrcoef(predicted, true)[0, 1]) and pearson(predicted, true) > 0.9


@pytest.mark.parametrize(("predicted", "true", "words"), [
    ([0.1] * 7, [1.0, 2, 3, 4, 5, 6, 7], "every one of the 7 predictions is 0.1"), ([1.0, 2.0], [3.0, 3.0], "every one of the 2 labels is 3"), ([2.0], [1.0], "every one of the 1 predictions is 2"),
])
def test_pearson_of_a_constant_is_zero_and_warns(predicted: list[float], true: list[float], words: str) -> None:
    with pytest.warns(UserWarning, match=f"{words}, so Pearson's r is not defined; it is given as 0"):
        assert pearson(predicted, true) == 0.0


@given(CLASSES)
def test_confusion_matrix_holds_every_example_and_its_diagonal_the_right_ones(pairs: list[tuple[int, int]]) -> None:
    predicted, true = columns(pairs)
    matrix = confusion_matrix(predicted, true, 5)
    assert matrix.sum() == len(pairs) and matrix.diagonal().sum() / len(pairs) == pytest.approx(accuracy(predicted, true))
    assert matrix.sum(dim=1).tolist() == [true.count(label) for label in range(5)]
    assert matrix.sum(dim=0).tolist() == [predicted.count(label) for label in range(5)]


def test_confusion_matrix_by_hand() -> None:
    """Two examples of class 1, one called 1 and one called 2; rows are true classes."""
    assert confusion_matrix(torch.tensor([1.0, 2.0]), [1, 1], 3).tolist() == [[0, 0, 0], [0, 1, 1], [0, 0, 0]]


def test_decisions_follow_the_course() -> None:
    assert decide("classes", torch.tensor([[0.1, 3.0, 2.0], [5.0, -1.0, 4.9]])).tolist() == [1, 0]
    assert decide("binary", torch.tensor([-0.1, 0.0, 0.1, 104.0])).tolist() == [0.0, 0.0, 1.0, 1.0]
    assert decide("regression", torch.tensor([-1.5, 7.25])).tolist() == [-1.5, 7.25]


@pytest.mark.parametrize(("kind", "shape", "expected"), [("classes", (5,), r"\(B, classes\)"), ("binary", (5, 1), r"\(B,\)"), ("regression", (), r"\(B,\)")])
def test_logits_of_another_shape_are_refused(kind: str, shape: tuple[int, ...], expected: str) -> None:
    with pytest.raises(UserError, match=f"logits of kind '{kind}' have the shape .*; expected {expected}"):
        decide(kind, torch.zeros(shape))


def test_every_kind_has_a_metric_that_exists() -> None:
    assert {kind.metric for kind in KINDS.values()} == set(METRICS)


@pytest.mark.parametrize(("call", "words"), [
    (lambda: accuracy([1, 2], [1]), "there are 2 predictions and 1 labels; expected one prediction for each label"),
    (lambda: accuracy([], []), r"predictions have the shape \(0,\); expected one number for each"),
    (lambda: pearson(torch.zeros(3, 1), torch.zeros(3)), r"predictions have the shape \(3, 1\)"),
    (lambda: pearson([1.0, float("nan")], [1.0, 2.0]), "predictions hold nan at place 1; expected finite numbers"),
    (lambda: confusion_matrix([0, 5], [0, 1], 5), "predictions must be whole numbers from 0 to 4 for a confusion matrix; got 0 to 5"),
    (lambda: confusion_matrix([0, 1], [0, 0.5], 5), "labels must be whole numbers"),
    (lambda: overall_plain({}), "needs the score of at least one task"),
])
def test_what_cannot_be_scored_is_told(call, words: str) -> None:
    with pytest.raises(UserError, match=words):
        call()


SCORES = {"sst": ("accuracy", 0.510), "quora": ("accuracy", 0.632), "sts": ("pearson", 0.636)}


def test_overall_scores_of_published_rows() -> None:
    """BERTer reports .510, .632 and r = .818 as .683 (.6837, normalised); SerBERTus .5585, .9045 and r = .9094 as .7908 (plain)."""
    assert round(overall_normalised({**SCORES, "sts": ("pearson", 0.818)}).value, 4) == 0.6837
    plain = overall_plain({"sst": ("accuracy", 0.5585), "quora": ("accuracy", 0.9045), "sts": ("pearson", 0.9094)})
    assert round(plain.value, 4) == 0.7908


@given(st.floats(0, 1), st.floats(0, 1), st.floats(-1, 1))
def test_normalised_is_plain_plus_what_the_correlation_lacks(sst: float, quora: float, r: float) -> None:
    scores = {"sst": ("accuracy", sst), "quora": ("accuracy", quora), "sts": ("pearson", r)}
    normalised, plain = overall_normalised(scores).value, overall_plain(scores).value
    assert normalised == pytest.approx(plain + (1 - r) / 6) and 0 <= normalised <= 1 and normalised >= plain - 1e-12


def test_an_overall_score_is_never_printed_without_its_formula() -> None:
    assert str(overall_normalised(SCORES)) == "0.6533 (normalised: (sst + quora + (sts + 1)/2) / 3)"
    assert str(overall_plain({"warmth": ("pearson", 0.25)})) == "0.2500 (plain: warmth)"
    assert {name: overall(SCORES).name for name, overall in OVERALLS.items()} == {"normalised": "normalised", "plain": "plain"}
