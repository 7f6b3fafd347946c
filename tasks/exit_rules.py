"""When to leave: from the logits at the exits so far, which examples need no further layer.

    confidence   max_c p_c > tau                            entropy    -sum_c p_c log p_c < S          (DeeBERT, Xin et al. 2020)
    patience     the same answer at q exits after another, for a regression answers that moved by less than a tolerance      (PABEE)
    learned      u > tau, u what a small layer says of the chance that this exit is right                (BERxiT, Xin et al. 2021)

Every inequality is strict, so that tau = 1, or S = 0, means "never": a probability rounds to exactly 1 from a gap of 17 between two float32 scores.
A rule is a pure function of one example's own logits; nothing is averaged over a batch, so batch mates decide nothing for each other.
Letters: B batch, k scores, j exits so far, q exits in agreement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from minbert.errors import UserError, nearest
from tasks.metrics import decide


def log_probabilities(logits: Tensor, kind: str) -> Tensor:
    """log p of every answer: logits (B, k), or (B,) of one logit -> (B, k) or (B, 2).  Finite for any finite logits, where log(softmax) is -inf."""
    scores = logits.to(torch.promote_types(logits.dtype, torch.float32))
    return torch.stack([F.logsigmoid(-scores), F.logsigmoid(scores)], dim=-1) if kind == "binary" else scores.log_softmax(dim=-1)


def confidence(logits: Tensor, kind: str) -> Tensor:
    """The probability of the likeliest answer, (B,).  The exponential of something that is never positive, so never above 1."""
    return log_probabilities(logits, kind).amax(dim=-1).exp()


def entropy(logits: Tensor, kind: str) -> Tensor:
    """-sum_c p_c log p_c in nats, (B,): 0 for a certain answer, log k for a guess."""
    # p times a finite log p: where p rounds to 0 the product is 0, and not the NaN that 0 * log 0 is.  NaN < S is False: the surest would never leave.
    logs = log_probabilities(logits, kind)
    return (logs.exp() * -logs).sum(dim=-1)


def agreeing(history: Sequence[Tensor], kind: str, tolerance: float = 0.5) -> Tensor:
    """How many exits up to the last gave its answer without a break, (B,), at least 1: history holds j tensors (B, k) or (B,).

    A regression agrees with the exit before when it moved by less than `tolerance`, in units of the label.
    """
    said = [decide(kind, logits) for logits in history]  # j times (B,)
    count = unbroken = torch.ones_like(said[-1], dtype=torch.int64)
    for before, after in zip(said[-2::-1], said[:0:-1]):  # from the newest pair to the oldest
        same = (after - before).abs() < tolerance if kind == "regression" else after == before
        unbroken = unbroken * same
        count = count + unbroken
    return count


@dataclass(frozen=True)
class Seen:
    """What is known of B examples at one exit: history, the logits (B, k) or (B,) of the exits so far, this one last; learned, its certainty (B,) if there is one."""

    history: Sequence[Tensor]
    kind: str
    learned: Tensor | None = None


@dataclass(frozen=True)
class ExitRule:
    """A rule with its numbers: `rule(seen)` -> (B,) of bool, True for who leaves.  Made by `exit_rule`, which checks them.

    threshold: tau, S, or q; tolerance: of patience with a regression, which the paper calls tau too.
    """

    name: str
    threshold: float
    tolerance: float = 0.5

    def __call__(self, seen: Seen) -> Tensor:
        """Who leaves, (B,) of bool."""
        return LEAVES[self.name](seen, self)

    def needs_certainty(self) -> bool:
        """True for the rule that reads a learned certainty."""
        return self.name == "learned"


# Name -> (what is seen, the rule's numbers) -> who leaves.
LEAVES: Mapping[str, Callable[[Seen, ExitRule], Tensor]] = {
    "confidence": lambda seen, rule: confidence(seen.history[-1], seen.kind) > rule.threshold,
    "entropy": lambda seen, rule: entropy(seen.history[-1], seen.kind) < rule.threshold,
    # The first of q exits in agreement counts as one: q = 1 leaves at once.  PABEE counts agreements, one less.
    "patience": lambda seen, rule: agreeing(seen.history, seen.kind, rule.tolerance) >= rule.threshold,
    "learned": lambda seen, rule: seen.learned > rule.threshold,
}
# Name -> (test of the threshold, what is expected).  DeeBERT's default of -1 switched its exits off without a word.
THRESHOLDS: Mapping[str, tuple[Callable[[float], bool], str]] = {
    "confidence": (lambda value: 0 <= value <= 1, "a probability from 0 (leave at once) to 1 (never leave)"),
    "entropy": (lambda value: 0 <= value < float("inf"), "nats from 0 (never leave) on; a guess among k answers has log k"),
    "patience": (lambda value: 1 <= value < float("inf") and value == int(value), "a whole number of exits in agreement, 1 (leave at once) or more"),
    "learned": (lambda value: 0 <= value <= 1, "a certainty from 0 to 1 (never leave)"),
}
WITHOUT_PROBABILITIES = ("patience", "learned")  # what a regression can use


def exit_rule(name: str, threshold: float, kind: str, tolerance: float = 0.5) -> ExitRule:
    """The rule `name` for a task of `kind`.  Raises `UserError` for an unknown one, a threshold that means nothing, and one that does not apply."""
    if name not in LEAVES:
        near = nearest(name, LEAVES)
        raise UserError(f"the exit rule is {name!r}, expected one of {', '.join(LEAVES)}" + (f"; did you mean {near!r}?" if near else "."))
    if kind == "regression" and name not in WITHOUT_PROBABILITIES:
        raise UserError(f"the exit rule {name!r} reads probabilities, and a regression has a score instead; use one of {', '.join(WITHOUT_PROBABILITIES)}.")
    fits, expected = THRESHOLDS[name]
    if not fits(threshold):
        raise UserError(f"the exit rule {name!r} has the threshold {threshold:g}, expected {expected}.")
    if not tolerance > 0:
        raise UserError(f"the tolerance of exits is {tolerance:g}, expected a number above 0: the distance below which two scores agree.")
    return ExitRule(name, threshold, tolerance)
