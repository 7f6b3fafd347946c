"""Decision rules, metrics, and the two overall scores that reports on this course use.

    accuracy = (number of right answers) / N
    Pearson r = sum (p - mean p)(y - mean y) / (|p - mean p| |y - mean y|), once over the whole split
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch

from minbert.errors import UserError

Numbers = Sequence[float] | torch.Tensor


def _column(values: Numbers, name: str) -> torch.Tensor:
    column = torch.as_tensor(values, dtype=torch.float64).detach().cpu()
    if column.dim() != 1 or not len(column):
        raise UserError(f"{name} have the shape {tuple(column.shape)}; expected one number for each of at least one example, (N,).")
    if not column.isfinite().all():
        place = int((~column.isfinite()).nonzero()[0])
        raise UserError(f"{name} hold {column[place].item()} at place {place}; expected finite numbers, so look for a diverged model.")
    return column


def _columns(predictions: Numbers, labels: Numbers) -> tuple[torch.Tensor, torch.Tensor]:
    predicted, true = _column(predictions, "predictions"), _column(labels, "labels")
    if len(predicted) != len(true):
        raise UserError(f"there are {len(predicted)} predictions and {len(true)} labels; expected one prediction for each label.")
    return predicted, true


def accuracy(predictions: Numbers, labels: Numbers) -> float:
    """The share of predictions equal to their label, 0 to 1; both (N,)."""
    predicted, true = _columns(predictions, labels)
    return (predicted == true).double().mean().item()


def pearson(predictions: Numbers, labels: Numbers) -> float:
    """Pearson's r in float64, -1 to 1; both (N,). Constant predictions or labels have no r: 0.0 is returned, with a warning."""
    predicted, true = _columns(predictions, labels)
    for name, column in (("predictions", predicted), ("labels", true)):
        if column.min() == column.max():
            warnings.warn(f"every one of the {len(column)} {name} is {column[0].item():g}, so Pearson's r is not defined; it is given as 0.", stacklevel=2)
            return 0.0
    return float(torch.dot(_unit(predicted), _unit(true)).clamp(-1.0, 1.0))


def _unit(column: torch.Tensor) -> torch.Tensor:
    # Dividing by the largest number first changes nothing in r, and keeps the squares of huge or tiny numbers representable.
    scaled = column / column.abs().max()
    centred = scaled - scaled.mean()
    centred = centred / centred.abs().max()
    return centred / centred.norm()


def confusion_matrix(predictions: Numbers, labels: Numbers, num_classes: int) -> torch.Tensor:
    """Counts of shape (num_classes, num_classes), int64: row = true class, column = predicted class."""
    answers, truth = _columns(predictions, labels)
    for name, column in {"predictions": answers, "labels": truth}.items():
        if ((column != column.round()) | (column < 0) | (column >= num_classes)).any():
            raise UserError(f"{name} must be whole numbers from 0 to {num_classes - 1} for a confusion matrix; got {column.min():g} to {column.max():g}.")
    cells = (truth * num_classes + answers).long()  # (N,)
    return torch.bincount(cells, minlength=num_classes**2).reshape(num_classes, num_classes)


def _binary(logits: torch.Tensor) -> torch.Tensor:
    # Rounding is half-to-even, so a logit of exactly 0 is class 0; the course's evaluation does the same.
    return logits.sigmoid().round()


# kind -> (dimensions of the logits, rule)
DECISIONS: Mapping[str, tuple[int, Callable[[torch.Tensor], torch.Tensor]]] = {
    "classes": (2, lambda logits: logits.argmax(dim=-1)),  # (B, classes) -> (B,)
    "binary": (1, _binary),  # (B,) -> (B,)
    "regression": (1, lambda logits: logits),  # (B,) -> (B,)
}
METRICS: Mapping[str, Callable[[Numbers, Numbers], float]] = {"accuracy": accuracy, "pearson": pearson}


def decide(kind: str, logits: torch.Tensor) -> torch.Tensor:
    """Logits -> answers (B,): the largest of (B, classes), sigmoid then round of (B,), or (B,) as it is."""
    dimensions, rule = DECISIONS[kind]
    if logits.dim() != dimensions:
        expected = "(B, classes)" if dimensions == 2 else "(B,)"
        raise UserError(f"logits of kind {kind!r} have the shape {tuple(logits.shape)}; expected {expected}.")
    return rule(logits)


@dataclass(frozen=True)
class Overall:
    """An overall score that never goes without the formula it was computed by."""

    name: str
    value: float
    formula: str

    def __str__(self) -> str:
        return f"{self.value:.4f} ({self.name}: {self.formula})"


def overall_normalised(scores: Mapping[str, tuple[str, float]]) -> Overall:
    """The mean over tasks with r moved to 0..1, (r + 1) / 2: the course leaderboard's score.

    `scores` maps a task's name to its metric ("accuracy" or "pearson") and score.

    >>> str(overall_normalised({"sst": ("accuracy", 0.5), "quora": ("accuracy", 0.8), "sts": ("pearson", 0.6)}))
    '0.7000 (normalised: (sst + quora + (sts + 1)/2) / 3)'
    """
    return _overall("normalised", scores, {"accuracy": ("{}", lambda share: share), "pearson": ("({} + 1)/2", lambda r: (r + 1) / 2)})


def overall_plain(scores: Mapping[str, tuple[str, float]]) -> Overall:
    """The mean over tasks with r as it is; smaller than the normalised score by (1 - r) / 2K for each Pearson among K tasks."""
    return _overall("plain", scores, {"accuracy": ("{}", lambda share: share), "pearson": ("{}", lambda r: r)})


OVERALLS: Mapping[str, Callable[[Mapping[str, tuple[str, float]]], Overall]] = {"normalised": overall_normalised, "plain": overall_plain}


def _overall(name: str, scores: Mapping[str, tuple[str, float]], terms: Mapping[str, tuple[str, Callable[[float], float]]]) -> Overall:
    if not scores:
        raise UserError("an overall score needs the score of at least one task; got none.")
    values = [terms[metric][1](score) for metric, score in scores.values()]
    words = " + ".join(terms[metric][0].format(task) for task, (metric, _) in scores.items())
    return Overall(name, sum(values) / len(values), f"({words}) / {len(values)}" if len(values) > 1 else words)
