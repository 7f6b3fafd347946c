"""How much of an ensemble's dev score is owed to choosing it on dev.

    draw half of dev; choose on that half; score on both halves; R times

    optimism = mean over draws of (score on the half it was chosen on - score on the other half)

The same is done for the best single model, since choosing the best of n flatters as well: the report "SerBERTus" found 79.08 on dev and 78.61 on
test for its ensemble, 78.26 and 78.45 for the best of each task.  Half of dev is a smaller sample to choose on than all of it, so the estimate is
a little dark.  Letters: N examples, R draws.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from tasks.ensemble import Chosen, Member, greedy, mean_of

SMALLEST = 4  # examples: below that a half holds one, and one example has no correlation


@dataclass(frozen=True)
class Nested:
    """Means over R draws: the score where it was chosen and on the unseen half, of the ensemble and of the best single model.

    gain: ensemble minus best single on the unseen half; deviation: its standard deviation over draws, which overlap and so are not independent.
    """

    draws: int
    chosen: float
    unseen: float
    best_chosen: float
    best_unseen: float
    gain: float
    deviation: float

    @property
    def optimism(self) -> float:
        """What choosing flatters the ensemble by."""
        return self.chosen - self.unseen

    @property
    def best_optimism(self) -> float:
        """What choosing flatters the best single model by."""
        return self.best_chosen - self.best_unseen


def nested(members: Sequence[Member], labels: Tensor, score: Callable[[Tensor, Tensor], float], draws: int, generator: torch.Generator) -> Nested | None:
    """Estimate from `draws` random halves, (N,) `labels`; None for no draws, and for fewer than 4 examples.  Arguments as those of `greedy`."""
    if not draws or len(labels) < SMALLEST:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a half in which all answers are alike: said once, of the whole dev set
        rows = [_one_draw(members, labels, score, torch.randperm(len(labels), generator=generator)) for _ in range(draws)]
    means = [math.fsum(column) / draws for column in zip(*rows)]
    gains = [row[1] - row[3] for row in rows]
    gain = math.fsum(gains) / draws
    return Nested(draws, *means, gain, math.sqrt(math.fsum((each - gain) ** 2 for each in gains) / draws))


def _one_draw(members: Sequence[Member], labels: Tensor, score: Callable[[Tensor, Tensor], float], order: Tensor) -> tuple[float, float, float, float]:
    seen, unseen = order.chunk(2)
    choice = greedy([replace(member, values=member.values[seen]) for member in members], labels[seen], score)
    return choice.score, score(_together(members, choice, unseen), labels[unseen]), choice.best, score(_best(members, choice)[unseen], labels[unseen])


def _together(members: Sequence[Member], choice: Chosen, rows: Tensor) -> Tensor:
    by_name = {member.name: member.values for member in members}
    return mean_of([by_name[name][rows] for name in choice.names])


def _best(members: Sequence[Member], choice: Chosen) -> Tensor:
    return next(member.values for member in members if member.name == choice.names[0])
