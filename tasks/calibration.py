"""Calibration: one temperature for each exit, so that a confidence of 0.9 is right nine times in ten at every depth (Guo et al. 2017).

    p = softmax(z / T),   T = argmin of the mean of -log p[y] on dev

Dividing all scores by one number changes no answer, only how sure it sounds; so a threshold on confidence means the same at every exit.
As a function of 1 / T the loss is convex, hence in log T it has one valley, which golden sections find: no step size, no start, no randomness.
Letters: N examples, k scores, M bins.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from minbert.errors import UserError
from tasks.exit_rules import confidence, log_probabilities
from tasks.metrics import decide

LOWEST, HIGHEST = 0.01, 100.0  # a model that is always right would have T = 0, and one that knows nothing T = infinity
GOLDEN = (math.sqrt(5) - 1) / 2
SECTIONS = 60  # the interval shrinks to 0.618^60 of itself: 2e-12


def negative_log_likelihood(logits: Tensor, labels: Tensor, kind: str, temperature: float = 1.0) -> float:
    """Mean of -log p[y]: logits (N, k) or (N,), labels (N,)."""
    logs = log_probabilities(logits.double() / temperature, kind)  # (N, k) or (N, 2)
    return float(-logs.gather(-1, labels.long()[:, None]).mean())


def temperature_of(logits: Tensor, labels: Tensor, kind: str) -> float:
    """The temperature of one exit, between 0.01 and 100: logits (N, k) or (N,), labels (N,).  Raises `UserError` for a regression, which has no probabilities."""
    if kind == "regression":
        raise UserError("a regression has no probabilities to calibrate; its exits use patience or a learned certainty.")

    def loss(height: float) -> float:
        return negative_log_likelihood(logits, labels, kind, math.exp(height))

    low, high = math.log(LOWEST), math.log(HIGHEST)
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_left, at_right = loss(left), loss(right)
    for _ in range(SECTIONS):
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - GOLDEN * (high - low)
            at_left = loss(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + GOLDEN * (high - low)
            at_right = loss(right)
    return math.exp((low + high) / 2)


def calibration_error(logits: Tensor, labels: Tensor, kind: str, temperature: float = 1.0, bins: int = 15) -> float:
    """ECE: sum over M `bins` of (share of examples in the bin) |accuracy - mean confidence|; logits (N, k) or (N,), labels (N,)."""
    scaled = logits.double() / temperature
    sure = confidence(scaled, kind)  # (N,)
    right = (decide(kind, logits) == labels).double()
    place = (sure * bins).ceil().clamp(1, bins).long() - 1  # (N,): bins (0, 1/M], (1/M, 2/M], ...
    gap = torch.zeros(bins, dtype=torch.float64, device=sure.device).index_add(0, place, right - sure)  # (M,): n_m (accuracy - confidence)
    return float(gap.abs().sum() / len(sure))
