"""Losses in plain Python floats, averaged over the examples that are there, and shapes that do not belong together. Letters: B batch, k classes."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from sanity_checks.judge import expect, refuses, same
from sanity_checks.reference import random
from tasks.losses import LOSSES, task_loss

B, K = 3, 5
CLASSES = torch.tensor([4, 0, 2])
BINARY = torch.tensor([1.0, 0.0, 1.0])
GRADES = torch.tensor([3.8, 0.0, 2.25])
# B times the gradient of each loss.
SLOPES = {
    "classes": lambda z, y: z.softmax(-1) - torch.eye(K)[y],
    "binary": lambda z, y: z.sigmoid() - y,
    "regression": lambda z, y: 2 * (z - y),
}


def by_hand(kind: str, logits: Tensor, labels: Tensor) -> float:
    """The loss of `kind` by its equation, one example after the other."""
    losses = []
    for row, label in zip(logits.tolist(), labels.tolist()):
        if kind == "classes":
            losses.append(math.log(sum(map(math.exp, row))) - row[label])
        elif kind == "binary":
            chance = 1 / (1 + math.exp(-row))
            losses.append(-label * math.log(chance) - (1 - label) * math.log(1 - chance))
        else:
            losses.append((row - label) ** 2)
    return sum(losses) / len(losses)


def cases() -> list[tuple[str, Tensor, Tensor]]:
    """One batch of each kind: kind, logits, labels."""
    return [("classes", random(B, K), CLASSES), ("binary", random(B), BINARY), ("regression", random(B), GRADES.double())]


def equal_their_equations() -> float:
    """Each loss is its equation on raw scores, averaged over the batch; fractions in the labels are kept."""
    return max(same(f"the loss of {kind}", task_loss(kind, logits, labels), torch.tensor(by_hand(kind, logits, labels), dtype=torch.float64))
               for kind, logits, labels in cases())


def a_batch_twice_costs_the_same() -> float:
    """Doubling the batch leaves the loss: a mean, so a short last batch counts its own examples."""
    return max(same(f"the loss of {kind} on the batch twice", task_loss(kind, torch.cat([logits, logits]), torch.cat([labels, labels])),
                    task_loss(kind, logits, labels)) for kind, logits, labels in cases())


def gradients_are_prediction_minus_label() -> float:
    """d loss / d logit is (p - y) / B, or 2 (z - y) / B for the squared error."""
    worst = 0.0
    for kind, logits, labels in cases():
        (slope,) = torch.autograd.grad(task_loss(kind, logits, labels), logits)
        worst = max(worst, same(f"the gradient of {kind}", slope, SLOPES[kind](logits, labels) / B))
    return worst


def shapes_must_belong_together() -> None:
    """(B, 1) against (B,) is refused: torch would compare every prediction with every label."""
    for kind in ("binary", "regression"):
        refuses(f"{kind} logits (B, 1) with labels (B,)", task_loss, kind, torch.zeros(B, 1), torch.zeros(B))
    refuses("a batch without labels", task_loss, "binary", torch.zeros(B), None)


def extreme_scores_stay_finite() -> None:
    """Scores of 10,000 give finite losses: softmax and sigmoid are inside the loss."""
    expect(set(LOSSES) == {"classes", "binary", "regression"}, f"the kinds are {sorted(LOSSES)}")
    expect(task_loss("classes", torch.tensor([[1e4, -1e4]]), torch.tensor([1])).isfinite(), "cross-entropy of scores of 10,000 is not finite")
    expect(task_loss("binary", torch.tensor([1e4]), torch.tensor([0.0])).isfinite(), "binary cross-entropy of a score of 10,000 is not finite")


PROBES = (equal_their_equations, a_batch_twice_costs_the_same, gradients_are_prediction_minus_label, shapes_must_belong_together,
          extreme_scores_stay_finite)
