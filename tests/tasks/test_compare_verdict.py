"""The rule that turns two uncertainties into words."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from tasks.compare_verdict import BETTER, NO_DIFFERENCE, ONE_SEED, STUDENT, WORSE, compare, deviation, seed_margin, words


@pytest.mark.parametrize(("difference", "low", "high", "margin", "seeds", "said"), [
    (0.02, 0.01, 0.03, 0.01, 3, BETTER),
    (-0.02, -0.03, -0.01, 0.01, 3, WORSE),
    (0.02, -0.001, 0.03, 0.01, 3, NO_DIFFERENCE),  # examples
    (0.02, 0.01, 0.03, 0.02, 3, NO_DIFFERENCE),  # seeds
    (-0.02, -0.03, -0.01, 0.05, 3, NO_DIFFERENCE),
    (0.0, 0.0, 0.0, 0.0, 3, NO_DIFFERENCE),  # two equal rows
    (0.02, 0.01, 0.03, 0.0, 1, BETTER + ONE_SEED),
    (-0.02, -0.03, -0.01, 0.0, 1, WORSE + ONE_SEED),
    (0.02, 0.0, 0.03, 0.0, 1, NO_DIFFERENCE),
])
def test_both_kinds_of_noise_must_be_exceeded(difference: float, low: float, high: float, margin: float, seeds: int, said: str) -> None:
    assert words(difference, low, high, margin, seeds) == said


def test_one_seed_has_no_deviation_and_not_one_of_zero() -> None:
    assert deviation([0.5]) is None and deviation([0.25, 0.75]) == pytest.approx(0.5**0.5 / 2)
    assert compare(np.array([0.1, 0.2]), [0.15])["seed_deviation"] is None


def test_the_margin_is_students() -> None:
    # the sample deviation of 1, 2, 4 is sqrt(7/3), and with 2 degrees of freedom t is 4.3027
    assert seed_margin([1.0, 2.0, 4.0]) == pytest.approx(4.3027 * math.sqrt(7 / 9), abs=5e-4)
    assert all(earlier > later > 1.96 for earlier, later in pairwise(STUDENT))
    assert seed_margin([0.0, 1.0] * 50) > 1.96 * deviation([0.0, 1.0] * 50) / 10


def test_the_share_not_better_counts_ties() -> None:
    found = compare(np.array([-1.0, 0.0, 1.0, 2.0]), [0.5, 0.5])
    assert found["not_better"] == 0.5 and found["difference"] == 0.5 and found["low"] == pytest.approx(-0.925) and found["high"] == pytest.approx(1.925)


@pytest.mark.parametrize("shift", [0.0, 0.08])
def test_noise_alone_is_rarely_called_a_difference_and_a_large_one_is_seen(shift: float) -> None:
    chance, found = np.random.default_rng(3), []
    for _ in range(400):  # 3 seeds of noise 0.01 around a shift; the bootstrap is as wide as its own noise
        by_seed = shift + 0.01 * chance.normal(size=3)
        by_draw = by_seed.mean() + 0.006 * chance.normal(size=999)
        found.append(compare(by_draw, by_seed.tolist())["words"])
    wrong = sum(word != NO_DIFFERENCE for word in found) / len(found)
    assert wrong < 0.06 if shift == 0 else wrong > 0.9
