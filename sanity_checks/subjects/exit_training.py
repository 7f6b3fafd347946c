"""What the probe of training exits needs: who counts in which step, the loss, and the learned certainty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from torch import Tensor, nn

from sanity_checks.subjects.sizes import leaves, settle


@dataclass(frozen=True)
class ExitTrainingOf:
    """step(regime, exits, steps taken, first stage or None, reduce) -> (weights, exits that are asked, what learns); weights(rule, exits, steps taken, reduce);
    combine(losses, weights) -> scalar; loss(kind, logits of each exit or None, labels, regime, steps taken) -> scalar;
    certainty(features, through, rate of dropout) -> module from (B, F) to (B,), float64, filled with fixed numbers; target(kind, logits, labels, scale) -> (B,);
    certainty_loss(module, [(features, logits)], kind, labels, scale) -> scalar; turn(exits, smart on, steps taken) -> (final only, SMART);
    share(exits, smart on) and cost(exits, smart on, cost of SMART, cost of all exits) -> number."""

    step: Callable[..., tuple[Sequence[float], frozenset[int], str]]
    weights: Callable[..., Sequence[float]]
    combine: Callable[..., Tensor]
    loss: Callable[..., Tensor]
    certainty: Callable[..., nn.Module]
    target: Callable[..., Tensor]
    certainty_loss: Callable[..., Tensor]
    turn: Callable[[str, str, int], tuple[bool, bool]]
    share: Callable[[str, str], float]
    cost: Callable[[str, str, float, float], float]


def library() -> ExitTrainingOf:
    """The subject made of tasks/exit_training.py, tasks/exit_weights.py, tasks/exit_certainty.py and tasks/alternating.py."""
    import tasks.exit_certainty as certain  # here, so that a file that cannot be read is reported when its component is checked
    import tasks.exit_training as ours
    import tasks.exit_weights as weights
    from tasks.alternating import Alternating
    from tasks.exits import AtExit

    def step(regime: str, exits: int, taken: int, first_stage: int | None = None, reduce: str = "mean") -> tuple[Sequence[float], frozenset[int], str]:
        found = ours.exit_step(regime, exits, taken, first_stage, reduce)
        return found.weights, found.wanted, found.learns

    def loss(kind: str, logits: Sequence[Tensor | None], labels: Tensor, regime: str, taken: int) -> Tensor:
        return ours.exit_loss(kind, [each if each is None else AtExit(each, each) for each in logits], labels, ours.exit_step(regime, len(logits), taken))

    def certainty(features: int, through: bool, dropout: float = 0.0) -> nn.Module:
        module = certain.Certainty(features, dropout, through=through)
        return settle(module, leaves(module))

    return ExitTrainingOf(
        step, lambda *given: weights.exit_weights(*given), lambda losses, shares: weights.combine_losses(losses, shares), loss, certainty,
        lambda *given: certain.certainty_target(*given),
        lambda module, found, *given: certain.certainty_loss(module, [AtExit(*each) for each in found], *given),
        lambda exits, smart_on, taken: tuple(Alternating(exits, smart_on).at(taken)), lambda *given: Alternating(*given).smart_share(),
        lambda exits, smart_on, smart, every: Alternating(exits, smart_on).cost(smart, every),
    )  # fmt: skip
