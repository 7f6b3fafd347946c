"""A difference between two rows, with both of its uncertainties, in words.

    examples   95% of the bootstrap's differences lie in the interval (its 2.5% and 97.5% quantiles)
    seeds      mean difference +- t sd / sqrt(S) over the S seeds both rows have, t from Student's table with S - 1 degrees of freedom

A row is "better" or "worse" when the first interval excludes 0 and, with two seeds or more, the second does as well.  Anything else is
"no difference beyond noise": not a proof that two rows are equal, only that these runs do not tell them apart.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import Any

import numpy as np

RULE = ("better or worse: the 95% interval of the bootstrap over dev examples excludes 0 and, with two seeds or more, so does the 95% interval over seeds "
        "(mean difference +- t sd / sqrt(seeds), Student's t); everything else is no difference beyond noise")
NO_DIFFERENCE, BETTER, WORSE = "no difference beyond noise", "better", "worse"
ONE_SEED = " (one seed: seed noise unknown)"
# 97.5% quantiles of Student's t for 1, 2, ... degrees of freedom; beyond the table its last value, which is larger than the true one, is kept
STUDENT = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086)


def deviation(values: Sequence[float]) -> float | None:
    """The standard deviation of a sample (divided by S - 1); None for fewer than two values, where there is none."""
    return statistics.stdev(values) if len(values) > 1 else None


def seed_margin(differences: Sequence[float]) -> float:
    """Half the width of the 95% interval of the mean over seeds; 0 for one seed, of which nothing is known.

    >>> round(seed_margin([0.01, 0.02, 0.03]), 4)
    0.0248
    """
    spread = deviation(differences)
    return 0.0 if spread is None else STUDENT[min(len(differences) - 1, len(STUDENT)) - 1] * spread / math.sqrt(len(differences))


def compare(by_draw: np.ndarray, by_seed: Sequence[float]) -> dict[str, Any]:
    """The comparison of one row with the first: differences in R draws (R,), averaged over seeds, and in S seeds on the whole dev split.

    Returns difference, low, high, not_better (share of draws in which the row is not better), seed_deviation (None for one seed), words.
    """
    difference = statistics.fmean(by_seed)
    low, high = (float(bound) for bound in np.quantile(by_draw, [0.025, 0.975]))
    return {"difference": difference, "low": low, "high": high, "not_better": float(np.mean(by_draw <= 0)), "seed_deviation": deviation(by_seed),
            "words": words(difference, low, high, seed_margin(by_seed), len(by_seed))}


def words(difference: float, low: float, high: float, margin: float, seeds: int) -> str:
    """The rule of RULE, applied."""
    if low <= 0 <= high or abs(difference) <= margin:
        return NO_DIFFERENCE
    return (BETTER if difference > 0 else WORSE) + (ONE_SEED if seeds == 1 else "")
