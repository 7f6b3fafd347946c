"""The trade between score and depth: what each threshold would have cost and saved, from one pass over dev through all exits.

    history = over_split(all_exits) -> for each threshold: who leaves where -> score, mean exit layer, share of examples at each exit

Nothing is computed again for a threshold, because an example's own logits decide when it leaves.  Layers are the cost that all machines share;
time is measured, on the batched inference of tasks/exit_inference.py.  Letters: N examples, L layers, k scores.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from minbert.errors import UserError
from tasks.exit_rules import ExitRule, Seen, exit_rule
from tasks.metrics import METRICS, decide
from tasks.registry import Task


@dataclass(frozen=True)
class Point:
    """One threshold: the score, the mean exit layer (1..L), and the share of examples that leave after layer 1, 2, ..., L, which sum to 1."""

    threshold: float
    score: float
    mean_layer: float
    fractions: tuple[float, ...]

    @property
    def saving(self) -> float:
        """The share of layers that nobody computed, 1 - mean / L: not time, of which embeddings, heads and smaller batches take their part."""
        return 1 - self.mean_layer / len(self.fractions)


def left_at(history: Sequence[Tensor], rule: ExitRule, kind: str, learned: Sequence[Tensor] | None = None) -> Tensor:
    """The layer after which each example leaves, (N,), 1..L: history, L tensors (N, k) or (N,), calibrated if the rule shall see them so.

    learned: certainties (N,) of the exits below the last, for the learned rule.
    """
    layers = torch.full((len(history[0]),), len(history))
    for layer in range(len(history) - 1, 0, -1):  # from the top down, so that the earliest exit has the last word
        leaves = rule(Seen(history[:layer], kind, None if learned is None else learned[layer - 1])).cpu()
        layers[leaves] = layer
    return layers


def logits_at(history: Sequence[Tensor], layers: Tensor) -> Tensor:
    """The logits of the exit that each example took: (N, k) or (N,)."""
    return torch.stack([each.cpu() for each in history], dim=1)[torch.arange(len(layers)), layers - 1]


def fractions(layers: Tensor, depth: int) -> tuple[float, ...]:
    """The share of examples that left after each of `depth` layers.

    >>> fractions(torch.tensor([1, 3, 3, 3]), 3)
    (0.25, 0.0, 0.75)
    """
    return tuple((torch.bincount(layers.cpu() - 1, minlength=depth).double() / len(layers)).tolist())


def exit_curve(history: Sequence[Tensor], labels: Tensor, task: Task, rule: str, thresholds: Iterable[float], learned: Sequence[Tensor] | None = None,
               rule_reads: Sequence[Tensor] | None = None, tolerance: float = 0.5) -> list[Point]:
    """A point for each threshold, in their order: history, L tensors (N, k) or (N,), and labels (N,), all of dev.

    rule_reads: what the rule sees instead of `history`, calibrated logits for instance; tolerance: of patience.  Raises `UserError` as `exit_rule` does.
    """
    rules = [exit_rule(rule, threshold, task.kind, tolerance) for threshold in thresholds]
    return [_point(each, history, labels, task, left_at(rule_reads or history, each, task.kind, learned)) for each in rules]


def _point(rule: ExitRule, history: Sequence[Tensor], labels: Tensor, task: Task, layers: Tensor) -> Point:
    score = METRICS[task.metric](decide(task.kind, logits_at(history, layers)), labels)
    return Point(rule.threshold, float(score), float(layers.double().mean()), fractions(layers, len(history)))


def choose_threshold(points: Sequence[Point], full_score: float, lose_at_most: float) -> Point:
    """The point of fewest layers whose score is at most `lose_at_most` below `full_score`, that of the full model; 0.005 is half a point.

    Among equals the better score counts, then the earlier in the list.  Raises `UserError` when none is good enough: name stricter thresholds.  Chosen
    on dev, the loss on other sentences may be larger.
    """
    if not lose_at_most >= 0:
        raise UserError(f"the loss that is allowed is {lose_at_most:g}, expected 0 or more, as a share: 0.005 is half a point.")
    good = [point for point in points if point.score >= full_score - lose_at_most]
    if not good:
        best = max(points, key=lambda point: point.score, default=None)
        raise UserError(f"no threshold loses at most {lose_at_most:g} of {full_score:.4f}" + (f": the best, {best.threshold:g}, scores {best.score:.4f}" if best else "")
                        + "; try stricter ones, for confidence closer to 1.")
    return min(good, key=lambda point: (point.mean_layer, -point.score))
