"""The metrics probe: one example, then a few whose answer is easy to work out by hand, then constant predictions; decisions last.

The classes are unbalanced and one answer is only nearly right, so that other measures of agreement give other numbers.
Letters: N examples, B batch, k classes.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Mapping

import torch
from torch import Tensor

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.subjects.metrics import Metric, Metrics

Given = tuple[list[float], list[float]]

ACCURACY: dict[str, Given] = {
    "one right answer": ([2], [2]),
    "one wrong answer": ([3], [2]),
    "one answer that is only near": ([2.4], [2]),
    "four right answers of seven": ([1, 1, 1, 0, 2, 3, 0], [1, 1, 1, 0, 3, 1, 2]),
}
PEARSON: dict[str, Given] = {
    "two examples that agree": ([1, 3], [2, 2.5]),
    "two examples that disagree": ([1, 3], [2.5, 2]),
    "five examples": ([2, 0.5, 3, 4.5, 1], [1, 0, 3.5, 5, 2.5]),
    "five examples far from zero": ([102, 100.5, 107, 104.5, 101], [1, 0, 3.5, 5, 2.5]),
    "five examples that lean the other way": ([-2, -0.5, -3, 2.5, -1], [1, 0, 3.5, 5, 2.5]),
    "constant predictions": ([3, 3, 3], [1, 4, 2]),
    "constant labels": ([1, 4, 2], [3, 3, 3]),
}
DECISIONS: dict[str, tuple[str, Tensor]] = {
    "classes from the scores of one example": ("classes", torch.tensor([[0.1, 0.9, 0.3]])),
    "classes from the scores of three examples": ("classes", numbers(3, 5, seed=31)),
    "yes or no from one score": ("binary", torch.tensor([1.2])),
    "yes or no from five scores": ("binary", torch.tensor([0.3, -0.2, 2.9, -4.0, 0.6])),
    "a similarity from four scores": ("regression", torch.tensor([3.7, -1.25, 6.5, 0.4])),
}


def probe(subject: Metrics, look: Look) -> None:
    """Look at accuracy, Pearson's r and decisions."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # constant predictions are told by a warning, which is looked at on its own
        _metric("the accuracy of", subject.accuracy, ACCURACY, look)
        _metric("Pearson's r of", subject.pearson, PEARSON, look)
        for words, (kind, scores) in DECISIONS.items() if subject.decide else ():
            look(words, functools.partial(subject.decide, kind, scores.double()), axes=("example",))
        if subject.decide:
            look("yes or no from a score of exactly 0", lambda: subject.decide("binary", torch.zeros(1).double()), "note")
    if subject.pearson:
        look("Pearson's r of constant predictions comes with a warning", lambda: _warns(subject.pearson, *PEARSON["constant predictions"]), "note")


def _column(values: list[float]) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def _metric(word: str, metric: Metric | None, cases: Mapping[str, Given], look: Look) -> None:
    if not metric:
        return
    for words, (predicted, true) in cases.items():
        look(f"{word} {words}", functools.partial(metric, _column(predicted), _column(true)))
    given = list(cases.values())[3]
    look(f"{word} {list(cases)[3]}, as lists", functools.partial(metric, list(given[0]), list(given[1])), "option")
    look(f"{word} examples stays as it is in another order", lambda: _reordered(metric, *given))


def _reordered(metric: Metric, predicted: list[float], true: list[float]) -> bool:
    return abs(float(metric(_column(predicted), _column(true))) - float(metric(_column(predicted[::-1]), _column(true[::-1])))) < 1e-9


def _warns(metric: Metric, predicted: list[float], true: list[float]) -> bool:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        metric(_column(predicted), _column(true))
    return bool(caught)
