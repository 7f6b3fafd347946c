"""What the metrics probe needs: two metrics of predictions against labels, and the decision that turns scores into predictions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

Metric = Callable[[Tensor, Tensor], object]


@dataclass(frozen=True)
class Metrics:
    """accuracy and pearson: (predictions (N,), labels (N,)) -> a number; decide: ("classes" | "binary" | "regression", scores (B, k) or (B,)) -> (B,).

    None where a layout has none.
    """

    accuracy: Metric | None = None
    pearson: Metric | None = None
    decide: Callable[[str, Tensor], Tensor] | None = None


def library() -> Metrics:
    """The subject made of tasks/metrics.py."""
    import tasks.metrics as ours  # here, so that a file that cannot be read is reported when its component is checked

    return Metrics(ours.accuracy, ours.pearson, ours.decide)
