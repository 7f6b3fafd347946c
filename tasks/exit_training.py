"""How exits are trained: which losses count in a step, and which weights learn from them (BERxiT, Xin et al. 2021).

    joint         sum of all L_i                     everything learns
    weighted      i L_i / (n (n + 1) / 2)            everything learns
    two-stage     first L_n alone                    encoder and last head;    then sum of L_i, i < n     the exits below, all else stays bit for bit
    alternating   odd steps L_n alone                encoder and last head;    even steps all L_i         everything

Weights are those of tasks/exit_weights.py; the two-stage rule adds its second half.  A step is told from its number alone, counted from 1 over the
whole run and never afresh, so a stopped run goes on in step.  Letters: n exits, the last the model's own head; i one of them, from 1; L_i its loss.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from torch import Tensor

from minbert.errors import UserError, nearest
from tasks.exit_weights import combine_losses, exit_weights
from tasks.exits import AtExit
from tasks.losses import task_loss

REGIMES = ("joint", "weighted", "two-stage", "alternating")


@dataclass(frozen=True)
class ExitStep:
    """One step: weights, of the n losses; learns, which part of the model, in the words of tasks/trainable.py."""

    weights: tuple[float, ...]
    learns: str = "all"

    @property
    def wanted(self) -> frozenset[int]:
        """The exits whose losses count, from 1: for `walk_exits`.  The others get no gradient at all, so their weights stay as they are."""
        return frozenset(number for number, weight in enumerate(self.weights, start=1) if weight)


def exit_step(regime: str, exits: int, steps_taken: int, first_stage: int | None = None, reduce: str = "mean") -> ExitStep:
    """The step after `steps_taken` with n `exits`; first_stage: the steps of the first of two stages; reduce: "mean", or "sum" as in the paper.

    Raises `UserError` for unknown words, and for a number of steps that is missing or that no other regime asks for.
    """
    if regime not in REGIMES:
        near = nearest(regime, REGIMES)
        raise UserError(f"the training of exits is {regime!r}, expected one of {', '.join(REGIMES)}" + (f"; did you mean {near!r}?" if near else "."))
    if (regime == "two-stage") != (first_stage is not None):
        raise UserError(f"first_stage is {first_stage}, and the training of exits {regime!r}: two-stage training needs the steps of its first stage, the others have one.")
    if regime != "two-stage":
        return ExitStep(exit_weights(regime, exits, steps_taken, reduce))
    if steps_taken < first_stage:
        return ExitStep(exit_weights("final", exits, steps_taken, reduce))
    if exits < 2:
        raise UserError("the second of two stages trains the exits below the last, and there is none: an encoder of one layer has one exit.")
    return ExitStep((*exit_weights("joint", exits - 1, steps_taken, reduce), 0.0), "heads")  # the last head is among these, and gets no gradient


def exit_losses(kind: str, found: Iterable[AtExit | None], labels: Tensor | None) -> list[Tensor | None]:
    """The loss of each exit, scalars by the kind of the task; None for exits that were not asked."""
    return [None if each is None else task_loss(kind, each.logits, labels) for each in found]


def exit_loss(kind: str, found: Iterable[AtExit | None], labels: Tensor | None, step: ExitStep) -> Tensor:
    """The whole loss of a step, a scalar: found is what `walk_exits(..., wanted=step.wanted)` yields."""
    return combine_losses(exit_losses(kind, found, labels), step.weights)
