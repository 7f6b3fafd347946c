"""What a task's exits are worth on dev: chosen on one half, looked at on the other, since a threshold that was chosen here flatters itself here.

    half A   a temperature for each exit; the threshold of fewest layers that loses at most so much
    half B   calibration before and after, the curve, and what the chosen threshold loses on rows that had no say in it

What each exit scores is told of all rows: nothing was chosen for that.  Letters: N rows, L layers, k scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import torch
from torch import Tensor

from minbert.errors import UserError
from tasks.calibration import calibration_error, temperature_of
from tasks.encoding import EncodedSplit
from tasks.exit_curve import Point, choose_threshold, exit_curve
from tasks.metrics import METRICS, decide
from tasks.registry import Task
from tasks.seeds import named_generator

SURE = (1.0, 0.999, 0.995, 0.99, 0.98, 0.97, 0.95, 0.925, 0.9, 0.8, 0.7, 0.6, 0.5)
# Rule -> thresholds from "never" on; those of patience are the layers, from the top down.
THRESHOLDS = {"confidence": SURE, "learned": SURE, "entropy": (0.0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)}
FEWEST = 8  # rows of a half, below which nothing is said


@dataclass(frozen=True)
class Heard:
    """What the exits said of the N rows of a task: history (N, L, k) or (N, L), certain (N, L - 1) or None, labels (N,)."""

    history: Tensor
    certain: Tensor | None
    labels: Tensor

    def of(self, rows: Tensor) -> Heard:
        """Of some rows alone."""
        return Heard(self.history[rows], None if self.certain is None else self.certain[rows], self.labels[rows])


@dataclass(frozen=True)
class Study:
    """rule: its name; temperatures: one an exit, or None; scores: of each exit on all rows; errors: calibration (before, after) of each on half B, or
    None; full: the score of the whole model on A and B; points, points_chosen_on: the curve on B and A; chosen: the place of the threshold in both;
    rows: of A and B."""

    rule: str
    temperatures: tuple[float, ...] | None
    scores: tuple[float, ...]
    errors: tuple[tuple[float, float], ...] | None
    full: tuple[float, float]
    points: tuple[Point, ...]
    points_chosen_on: tuple[Point, ...]
    chosen: int
    rows: tuple[int, int]

    def plain(self) -> dict[str, Any]:
        """Plain values for exits.json."""
        return asdict(self)


def halves(count: int, seed: int, name: str) -> tuple[Tensor, Tensor]:
    """Places of half A and half B, of `count` rows; the same for a seed and a task, whatever the model.  `UserError` for too few rows."""
    if count < 2 * FEWEST:
        raise UserError(f"task {name!r} has {count} rows, and choosing on one half to look at the other takes at least {2 * FEWEST}.")
    order = torch.randperm(count, generator=named_generator(seed, f"exits.half.{name}"))
    return order[: count // 2].sort().values, order[count // 2 :].sort().values


def thresholds_of(rule: str, depth: int, asked: Sequence[float] = ()) -> tuple[float, ...]:
    """What is tried, "never" first and then from strict to lax; asked: instead of the rule's own.

    >>> thresholds_of("confidence", 6, [0.9, 0.999, 0.95])
    (1.0, 0.999, 0.95, 0.9)
    """
    own = tuple(float(layer) for layer in range(depth, 0, -1)) if rule == "patience" else THRESHOLDS[rule]
    return (own[0], *sorted({float(each) for each in asked} - {own[0]}, reverse=own[0] > own[-1])) if asked else own


def study(heard: Heard, task: Task, rule: str, lose_at_most: float, seed: int, calibrate: bool = True, tolerance: float = 0.5,
          asked: Sequence[float] = ()) -> Study:
    """Choose on half A, look at half B; lose_at_most: as a share, 0.005 is half a point; calibrate: let the rule see calibrated scores, where it reads
    probabilities; asked: thresholds, instead of the rule's own."""
    ours, theirs = (heard.of(rows) for rows in halves(len(heard.labels), seed, task.name))
    depth = heard.history.size(1)
    temperatures, errors = None, None
    if calibrate and rule in ("confidence", "entropy"):
        temperatures = tuple(temperature_of(each, ours.labels, task.kind) for each in ours.history.unbind(1))
        errors = tuple(tuple(calibration_error(each, theirs.labels, task.kind, heat) for heat in (1.0, own)) for each, own in zip(theirs.history.unbind(1), temperatures))
    curves = [_curve(each, task, rule, thresholds_of(rule, depth, asked), temperatures, tolerance) for each in (ours, theirs)]
    scores = tuple(score_of(heard, task, layer) for layer in range(depth))
    full = score_of(ours, task, depth - 1), score_of(theirs, task, depth - 1)
    chosen = curves[0].index(choose_threshold(curves[0], full[0], lose_at_most))
    return Study(rule, temperatures, scores, errors, full, tuple(curves[1]), tuple(curves[0]), chosen, (len(ours.labels), len(theirs.labels)))


def _curve(heard: Heard, task: Task, rule: str, thresholds: Sequence[float], temperatures: Sequence[float] | None, tolerance: float) -> list[Point]:
    history = list(heard.history.unbind(1))
    reads = None if temperatures is None else [each / heat for each, heat in zip(history, temperatures)]
    certain = None if heard.certain is None else list(heard.certain.unbind(1))
    return exit_curve(history, heard.labels, task, rule, thresholds, certain, reads, tolerance)


def score_of(heard: Heard, task: Task, layer: int) -> float:
    """What exit `layer`, from 0, scores."""
    return float(METRICS[task.metric](decide(task.kind, heard.history[:, layer]), heard.labels))


def some_rows(encoded: EncodedSplit, rows: Sequence[int]) -> EncodedSplit:
    """The split of a few rows, in their order."""
    return replace(encoded, sequences=tuple(encoded.sequences[row] for row in rows), token_types=tuple(encoded.token_types[row] for row in rows),
                   labels=None if encoded.labels is None else encoded.labels[list(rows)], ids=tuple(encoded.ids[row] for row in rows),
                   lengths=tuple(encoded.lengths[row] for row in rows), swapped=None)
