"""results.json: the hardest examples come first, and every entry agrees with the evaluation it was made of."""

from __future__ import annotations

import json
import math

import pytest
import torch

from minbert.errors import UserError
from tasks.evaluate import Evaluation
from tasks.registry import TASKS
from tasks.results import POINTS, confidences, hardest, run_results, sample, task_results

TEXTS = [("one",), ("two",), ("three",), ("four",)]


def evaluation(predictions: list[float], labels: list[float] | None, logits: torch.Tensor, metric: str = "accuracy", score: float = 0.25) -> Evaluation:
    """An evaluation of as many examples as there are predictions, with ids a, b, c, ..."""
    ids = tuple("abcdefg"[: len(predictions)])
    return Evaluation("t", metric, score, torch.tensor(predictions), logits, None if labels is None else torch.tensor(labels), ids)


def test_the_most_confident_mistake_comes_first_and_right_answers_never() -> None:
    rows = hardest("abcd", TEXTS, [1, 1, 0, 0], [1, 0, 1, 1], [0.99, 0.6, 0.9, 0.7])
    assert [row["id"] for row in rows] == ["c", "d", "b"] and rows[0]["texts"] == ["three"] and rows[0]["confidence"] == 0.9


def test_a_regression_is_sorted_by_distance_from_the_label() -> None:
    rows = hardest("abcd", TEXTS, [1.0, 2.0, 3.0, 4.0], [1.0, 4.5, 2.5, 0.0], None, keep=2)
    assert [row["id"] for row in rows] == ["d", "b"] and rows[0]["confidence"] is None


def test_the_confidence_is_the_probability_of_the_answer_given() -> None:
    assert confidences("binary", torch.tensor([math.log(3.0), -math.log(4.0)])) == pytest.approx([0.75, 0.8])
    assert confidences("classes", torch.tensor([[1.0, 2.0, 5.0]]).log()) == pytest.approx([0.625])
    assert confidences("regression", torch.tensor([1.0])) is None


def test_an_entry_for_classes_holds_matrix_and_names() -> None:
    logits = torch.eye(5)[torch.tensor([0, 4, 2])] * 9
    entry = task_results(TASKS["sst"], evaluation([0, 4, 2], [0, 3, 2], logits), TEXTS[:3], majority=0.5)
    assert entry["confusion"][3][4] == 1 and sum(map(sum, entry["confusion"])) == 3
    assert entry["labels"] == ["0", "1", "2", "3", "4"] and entry["points"] is None
    assert [row["id"] for row in entry["wrong"]] == ["b"] and (entry["majority"], entry["bag_of_words"], entry["ours"]) == (0.5, None, 0.25)


def test_an_entry_for_a_regression_holds_points() -> None:
    entry = task_results(TASKS["sts"], evaluation([1.5, 2.0], [1.0, 2.0], torch.tensor([1.5, 2.0]), "pearson"), TEXTS[:2])
    assert entry["points"] == [[1.0, 1.5], [2.0, 2.0]] and entry["confusion"] is None and entry["labels"] == []


def test_both_overall_scores_are_added_and_the_whole_is_json() -> None:
    sst = task_results(TASKS["sst"], evaluation([0.0], [0.0], torch.eye(5)[:1], score=0.5), TEXTS[:1])
    sts = task_results(TASKS["sts"], evaluation([1.0], [1.0], torch.ones(1), "pearson", 0.6), TEXTS[:1])
    results = json.loads(json.dumps(run_results({"sst": sst, "sts": sts})))
    assert results["overall"] == {"normalised": pytest.approx((0.5 + 0.8) / 2), "plain": pytest.approx((0.5 + 0.6) / 2)}


def test_a_scatter_keeps_at_most_its_number_of_points_spread_over_the_file() -> None:
    kept = sample([(float(index), 0.0) for index in range(3 * POINTS + 1)])
    assert len(kept) <= POINTS and kept[0][0] == 0 and kept[-1][0] > 2.9 * POINTS


def test_results_without_labels_are_refused() -> None:
    with pytest.raises(UserError, match="results need 1 labelled dev examples, got 1 texts and no labels"):
        task_results(TASKS["sst"], evaluation([0.0], None, torch.eye(5)[:1]), TEXTS[:1])
