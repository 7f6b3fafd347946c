"""What the divergences probe needs: five formulas, each of two answers to the same examples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

Formula = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Divergences:
    """classes and one_sided_classes: raw scores (B, k) twice -> scalar; binary, one_sided_binary and squared: (B,) twice -> scalar.

    None where a layout has none.
    """

    classes: Formula | None = None
    one_sided_classes: Formula | None = None
    binary: Formula | None = None
    one_sided_binary: Formula | None = None
    squared: Formula | None = None


def library() -> Divergences:
    """The subject made of regularizers/divergences.py."""
    import regularizers.divergences as ours  # here, so that a file that cannot be read is reported when its component is checked

    return Divergences(ours.symmetric_categorical, ours.categorical, ours.symmetric_bernoulli, ours.bernoulli, ours.squared_error)
