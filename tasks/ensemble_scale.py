"""Scores of a regression on one scale before they are averaged.

    z_i = (s_i - m_i) / d_i,      mean answer = m + d (z_1 + ... + z_n) / n

m_i and d_i are mean and standard deviation of model i on dev, m and d their means over the models.  Pearson's r ignores the scale of each model
alone, but a mean does not: a model whose scores spread ten times as wide outweighs the others ten times.  Letters: N examples, n models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from tasks.ensemble import mean_of


@dataclass(frozen=True)
class Scale:
    """Where a model's scores on dev lie: their mean, and their standard deviation, 1 where all are alike."""

    mean: float = 0.0
    deviation: float = 1.0


def scale_of(values: Tensor) -> Scale:
    """The scale of scores (N,) on dev; those on test are brought onto it too, because a test set is not to be looked at as a whole."""
    deviation = float(values.double().std(correction=0))
    return Scale(float(values.double().mean()), deviation if deviation > 0 else 1.0)


def standardised(values: Tensor, scale: Scale) -> Tensor:
    """Scores (N,) -> (N,) with mean 0 and deviation 1, if `scale` is their own."""
    return (values.double() - scale.mean) / scale.deviation


def mean_on_scale(values: Sequence[Tensor], scales: Sequence[Scale]) -> Tensor:
    """The mean of n models' scores (N,), each brought onto its scale first, and the result back onto that of the labels.

    >>> import torch
    >>> mean_on_scale([torch.tensor([0.0, 2.0]), torch.tensor([40.0, 20.0])], [Scale(1.0, 1.0), Scale(30.0, 10.0)])
    tensor([15.5000, 15.5000], dtype=torch.float64)
    """
    if len(values) == 1:
        return values[0]
    mean, deviation = (sum(getattr(scale, name) for scale in scales) / len(scales) for name in ("mean", "deviation"))
    return mean + deviation * mean_of([standardised(each, scale) for each, scale in zip(values, scales)])
