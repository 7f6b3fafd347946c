"""From a score to yes or no: the threshold that labelled scores ask for, and a warning when all answers are the same.

    answer = 1 if score > threshold else 0

A head trained by the cosine embedding loss gives a cosine, and nobody says from which cosine on two questions are duplicates.  "BERTer" does not
say it either.  It prints .632 for paraphrases; answering 0 to everything has .627 on 18,213 of the course's dev pairs, so a threshold above every
cosine would explain nearly all of that number, and the report lists such constant answers among the failures it saw.  A threshold chosen on dev
labels makes the dev score a little too good: say so, and test elsewhere.

Letters: N examples.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from minbert.errors import UserError
from tasks.cosine_heads import cosine

BELOW_ALL = -2.0  # answers 1 to every cosine, as -inf would, and leaves numbers that can be subtracted


@dataclass(frozen=True)
class Threshold:
    """value: answer 1 above it; accuracy: the share of right answers with it, on the examples that chose it; majority: with the commoner label alone;
    low, high: every threshold from low up to, but not including, high gives the same answers; infinite where they are constant."""

    value: float
    accuracy: float
    majority: float
    low: float
    high: float

    @property
    def is_constant(self) -> bool:
        """Whether every example gets the same answer: no score tells the labels apart better than the commoner label."""
        return math.isinf(self.low) or math.isinf(self.high)


def answers(scores: Tensor, threshold: float) -> Tensor:
    """Scores (N,) -> 0 or 1, (N,) int64; a score exactly at the threshold is a 0.

    >>> answers(torch.tensor([0.5, 0.7, 0.9]), 0.7)
    tensor([0, 0, 1])
    """
    return (scores > threshold).long()


def best_threshold(scores: Tensor, labels: Tensor) -> Threshold:
    """The threshold with the most right answers: scores (N,), labels (N,) of 0 and 1, 1 for the higher scores.

    Between two different scores every threshold is as good as any, so the middle is taken.  Of several best gaps, one that answers both ways comes
    first, then the widest, which forgives new scores the most, then the lowest.  Raises `UserError` for labels and scores of another kind.
    """
    _check(scores, labels)
    scores = scores.detach().double().cpu()
    levels, place = scores.unique(return_inverse=True)  # (M,) ascending: equal scores cannot be told apart, so they move together
    ones = torch.bincount(place, labels.double().cpu(), minlength=len(levels))  # (M,)
    zeros = torch.bincount(place, minlength=len(levels)) - ones  # (M,)
    start = torch.zeros(1, dtype=torch.float64)
    right = ones.sum() + torch.cat([start, (zeros - ones).cumsum(0)])  # (M + 1,): with the lowest 0, 1, ..., M levels answered by 0
    ends = torch.cat([start - math.inf, levels, start + math.inf])  # gap i lies between ends[i] and ends[i + 1]
    best = max((right == right.max()).nonzero().flatten().tolist(), key=lambda gap: (0 < gap < len(levels), _width(ends, gap), -gap))
    low, high = ends[best].item(), ends[best + 1].item()
    return Threshold(_between(low, high), right[best].item() / len(scores), max(right[0].item(), right[-1].item()) / len(scores), low, high)


def _width(ends: Tensor, gap: int) -> float:
    return (ends[gap + 1] - ends[gap]).item()


def _between(low: float, high: float) -> float:
    if math.isinf(low) or math.isinf(high):
        # Outside all scores there is no middle: exactly the top score answers 0 to all, and -inf answers 1.
        return low
    middle = low + (high - low) / 2
    return middle if middle < high else low  # of two neighbouring floats the middle may be the upper one, which `>` would then lose


class ThresholdHead(nn.Module):
    """cosine-embedding for a task of yes and no: in training the cosine, in evaluation the cosine over a threshold, so that 0 divides yes from no.

    The threshold is a buffer, so it travels with the model; 0 until `tune` is called.  Nothing here learns by gradients.
    """

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("threshold", torch.zeros(()))

    def forward(self, features: Tensor) -> Tensor:
        """[u; v] (B, 2C) -> (B,)."""
        # Training never sees the threshold: choosing one must not move the run by a bit.
        return cosine(*features.chunk(2, -1)) - (0 if self.training else self.threshold)

    def tune(self, logits: Tensor, labels: Tensor) -> Tensor:
        """Choose the threshold that these labels (N,) ask for; logits (N,), from evaluation with the threshold of before -> what they are with the new one."""
        scores = logits + self.threshold.to(logits.device)
        self.threshold.fill_(max(best_threshold(scores, labels).value, BELOW_ALL))
        return scores - self.threshold.to(logits.device)


def constant_warning(task: str, predictions: Tensor, labels: Tensor | None = None) -> str:
    """One sentence when all predictions (N,) are the same number, else ""; with labels (N,) it says what such a constant scores.

    >>> constant_warning("quora", torch.tensor([0, 0, 0]), torch.tensor([0, 1, 0]))
    'All 3 predictions of quora are 0: nothing was told apart, and its accuracy of 66.7% is the share of that label.'
    """
    if not len(predictions) or (predictions != predictions[0]).any():
        return ""
    value = predictions[0].item()
    share = "" if labels is None else f", and its accuracy of {(labels == value).double().mean().item():.1%} is the share of that label"
    return f"All {len(predictions)} predictions of {task} are {value:g}: nothing was told apart{share}."


def _check(scores: Tensor, labels: Tensor) -> None:
    if scores.dim() != 1 or scores.shape != labels.shape or not len(scores):
        raise UserError(f"there are scores of shape {tuple(scores.shape)} and labels of shape {tuple(labels.shape)}, expected one of each for every example, (N,).")
    if not scores.isfinite().all():
        raise UserError(f"a score is {scores[~scores.isfinite()][0].item()}, expected finite numbers, so look for a diverged model.")
    if ((labels != 0) & (labels != 1)).any():
        raise UserError(f"a label is {labels[(labels != 0) & (labels != 1)][0].item():g}, expected 0 or 1: a threshold gives two answers.")
