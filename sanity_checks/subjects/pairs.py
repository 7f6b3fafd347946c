"""What the pairs probe needs: one feature vector out of the vectors of two sentences. What heads of a checkout do with pairs is looked at there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class Pairs:
    """combine(u (B, F), v (B, F), name of a feature set) -> (B, n F); names: the sets to look at."""

    combine: Callable[..., Tensor]
    names: tuple[str, ...]


def library() -> Pairs:
    """The subject made of tasks/pairs.py."""
    import tasks.pairs as ours  # here, so that a file that cannot be read is reported when its component is checked

    return Pairs(lambda *given: ours.combine(*given), tuple(ours.PAIR_FEATURES))
