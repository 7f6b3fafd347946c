"""Metrics, decisions and overall scores, by numbers worked out by hand."""

from __future__ import annotations

import statistics
import warnings

import torch

from sanity_checks.judge import expect, same
from tasks.metrics import accuracy, confusion_matrix, decide, overall_normalised, overall_plain, pearson

PREDICTED, TRUE = [2.0, 0.5, 3.0, 4.5, 1.0], [1.0, 0.0, 3.5, 5.0, 2.5]


def number(value: float) -> torch.Tensor:
    """One float64 number as a tensor, for `same`."""
    return torch.tensor(value, dtype=torch.float64)


def accuracy_counts_right_answers() -> float:
    """Three right answers of five are 0.6."""
    return same("the accuracy", number(accuracy([1, 2, 3, 4, 0], [1, 2, 3, 0, 4])), number(0.6))


def pearson_equals_the_standard_library() -> float:
    """Pearson's r is that of Python's statistics module; it ignores scale and shift, and is 0 for constant predictions."""
    r = number(statistics.correlation(PREDICTED, TRUE))
    moved = [3 * value - 7 for value in PREDICTED]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        constant = pearson([1.0] * 5, TRUE)
    expect(constant == 0.0, f"r of constant predictions is {constant}, expected 0 and a warning")
    return max(same("r", number(pearson(PREDICTED, TRUE)), r), same("r of moved predictions", number(pearson(moved, TRUE)), r))


def confusion_rows_are_labels() -> float:
    """Row is the true class, column the predicted one."""
    return same("the confusion matrix", confusion_matrix([1, 1, 2], [0, 1, 0], 3), torch.tensor([[0, 1, 1], [0, 1, 0], [0, 0, 0]]))


def decisions_follow_the_course() -> float:
    """Classes: the largest score. Binary: sigmoid above a half, and exactly a half is 0. Regression: the score itself."""
    return max(same("classes", decide("classes", torch.tensor([[0.1, 0.3, 0.2], [-1.0, -2.0, -3.0]])), torch.tensor([1, 0])),
               same("binary", decide("binary", torch.tensor([0.1, -0.1, 0.0])), torch.tensor([1.0, 0.0, 0.0])),
               same("regression", decide("regression", torch.tensor([7.5, -1.0])), torch.tensor([7.5, -1.0])))


def overall_scores_are_both_formulas() -> float:
    """Normalised: the mean with r moved to (r + 1) / 2; plain: the mean with r as it is; figures of published reports."""
    published = {"sst": ("accuracy", 0.510), "quora": ("accuracy", 0.632), "sts": ("pearson", 2 * 0.909 - 1)}
    plain = {"sst": ("accuracy", 0.5585), "quora": ("accuracy", 0.9045), "sts": ("pearson", 0.9094)}
    return max(same("the normalised score", number(overall_normalised(published).value), number(0.6837), 1e-4),
               same("the plain score", number(overall_plain(plain).value), number(0.7908), 1e-4))


PROBES = (accuracy_counts_right_answers, pearson_equals_the_standard_library, confusion_rows_are_labels, decisions_follow_the_course,
          overall_scores_are_both_formulas)
