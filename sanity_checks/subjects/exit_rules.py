"""What the probe of exit rules needs: how sure an answer is, how many exits agree, and who leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class ExitRules:
    """confidence(logits, kind) and entropy(logits, kind) -> (B,); agreeing(logits of the exits so far, kind, tolerance) -> (B,);
    leaves(rule, threshold, kind, logits of the exits so far, certainty or None, tolerance) -> (B,) of bool, or raises."""

    confidence: Callable[[Tensor, str], Tensor]
    entropy: Callable[[Tensor, str], Tensor]
    agreeing: Callable[[Sequence[Tensor], str, float], Tensor]
    leaves: Callable[..., Tensor]


def library() -> ExitRules:
    """The subject made of tasks/exit_rules.py."""
    import tasks.exit_rules as ours  # here, so that a file that cannot be read is reported when its component is checked

    def leaves(rule: str, threshold: float, kind: str, history: Sequence[Tensor], learned: Tensor | None = None, tolerance: float = 0.5) -> Tensor:
        return ours.exit_rule(rule, threshold, kind, tolerance)(ours.Seen(list(history), kind, learned))

    return ExitRules(lambda logits, kind: ours.confidence(logits, kind), lambda logits, kind: ours.entropy(logits, kind),
                     lambda history, kind, tolerance: ours.agreeing(history, kind, tolerance), leaves)  # fmt: skip
