"""What the Bregman probe needs: the distance to a teacher, and how the teacher follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from torch import Tensor

Distance = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Bregman:
    """follow(the teacher's tensors, the student's, beta) moves the teacher in place; term(scores, the teacher's scores, distance) -> scalar;
    momentum(update, total) -> beta, with early=, late= and switch= as options.  None where a layout has none."""

    follow: Callable[[Sequence[Tensor], Sequence[Tensor], float], object]
    term: Callable[[Tensor, Tensor, Distance], Tensor] | None = None
    momentum: Callable[..., float] | None = None


def library() -> Bregman:
    """The subject made of regularizers/bregman.py."""
    import regularizers.bregman as ours  # here, so that a file that cannot be read is reported when its component is checked

    return Bregman(ours.follow, ours.bregman_term, ours.momentum)
