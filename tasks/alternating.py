"""Alternating (our reading): what a step trains on, told from its number alone.

    exits      "parity"   odd steps the final exit, even steps all exits: alternating fine-tuning of BERxiT (Xin et al. 2021)
               "final"    the final exit in every step       "all"   all exits in every step
    smart_on   "final"    SMART in the steps that train the final exit alone       "none"   never       "all"   in every step
               "even"     in every second step, which halves what SMART costs

"Smart Alternating" is named in the report "BERTer" and defined nowhere that we could read, so both switches are ours, and so is the default:
alternating exits, SMART where only the final one learns.  Steps count from 1 and never afresh: the code of BERxiT counts afresh in each epoch,
so that with an odd number of steps two final-only steps meet at every epoch's edge.  A turn depends on nothing but the number, so a resumed
run, which knows how many steps it has taken, goes on in step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from minbert.errors import UserError, nearest

EXITS, SMART_ON = ("final", "all", "parity"), ("none", "final", "all", "even")
PERIOD = 2


class Turn(NamedTuple):
    """What one step does: final_only, only the final exit's loss counts (else every exit's); smart, whether it is regularized."""

    final_only: bool
    smart: bool


@dataclass(frozen=True)
class Alternating:
    """The two switches.  Raises `UserError` for unknown words, and for SMART in steps that never come."""

    exits: str = "parity"
    smart_on: str = "final"

    def __post_init__(self) -> None:
        for name, got, known in (("exits", self.exits, EXITS), ("smart_on", self.smart_on, SMART_ON)):
            if got not in known:
                near = nearest(got, known)
                raise UserError(f"{name} is {got!r}, expected one of {', '.join(known)}" + (f"; did you mean {near!r}?" if near else "."))
        if self.exits == "all" and self.smart_on == "final":
            raise UserError('smart_on = "final" regularizes the steps that train the final exit alone, and with exits = "all" there is none; '
                            'use smart_on = "all" or "even", or exits = "parity".')

    def at(self, steps_taken: int) -> Turn:
        """The turn of the step that comes after `steps_taken`, 0 or more, counted over the whole run.

        >>> [Alternating().at(taken) for taken in (0, 1)]
        [Turn(final_only=True, smart=True), Turn(final_only=False, smart=False)]
        """
        even = (steps_taken + 1) % PERIOD == 0
        final_only = {"final": True, "all": False, "parity": not even}[self.exits]
        return Turn(final_only, {"none": False, "final": final_only, "all": True, "even": even}[self.smart_on])

    def smart_share(self) -> float:
        """The share of steps that are regularized: 0, a half or 1."""
        return sum(self.at(taken).smart for taken in range(PERIOD)) / PERIOD

    def cost(self, smart: float = 3.0, all_exits: float = 1.0) -> float:
        """A mean step's cost, in plain steps.

        smart: what a regularized step costs.  3.0 counts passes: SMART with one ascent adds a forward and a backward pass to find the
        direction, and a forward and a backward pass for the loss there.  all_exits: what a step over all exits costs, their heads being small.
        """
        turns = [self.at(taken) for taken in range(PERIOD)]
        return sum((1.0 if turn.final_only else all_exits) + (smart - 1 if turn.smart else 0.0) for turn in turns) / PERIOD
