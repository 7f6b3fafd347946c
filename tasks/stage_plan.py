"""Dynamic stage-wise optimisation (our reading): training as a list of stages, each left when the dev score stops rising or its budget is spent.

    stage          what learns, by which loss, at which rate, in which order of tasks, with or without SMART; and when it is over
    observation    so many steps were taken, and dev scores so much                    ->    stay, advance or finish

The report "BERTer" names the technique and defines it nowhere that we could read.  The controller never sees a model: it reads scores and answers
with decisions, so its whole state is its log, a resumed run replays that, and a stranger can check every transition.  Sentiment first and then
all tasks, or one layer after the other, are plans like any other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from minbert.errors import UserError

RESTORE = ("best", "last")


@dataclass(frozen=True)
class Stage:
    """One stage.  name, trainable, loss, sampler: words for whoever builds it; lr: rate; regularized: SMART on; steps: budget, None for no limit;
    patience: evaluations without a rise of more than min_delta after which the stage ends, inf for never; restore: weights it leaves behind.

    Raises `UserError` for a stage that could not end, and for numbers out of range.
    """

    name: str
    trainable: str = "all"
    loss: str = "joint"
    lr: float = 1e-5
    sampler: str = "shuffled"
    regularized: bool = False
    steps: int | None = None
    patience: float = math.inf
    min_delta: float = 0.0
    restore: str = "best"

    def __post_init__(self) -> None:
        rules = {
            "steps": (self.steps is None or self.steps >= 1, "a whole number of steps, at least 1, or None"),
            "patience": (self.patience >= 1 and (self.patience == math.inf or self.patience == int(self.patience)), "a whole number of evaluations, at least 1, or inf"),
            "min_delta": (0 <= self.min_delta < math.inf, "0 or more, on the scale of the score"),
            "lr": (self.lr > 0, "a rate above 0"), "restore": (self.restore in RESTORE, "one of " + ", ".join(RESTORE)),
        }  # fmt: skip
        for setting, (is_fine, wanted) in rules.items():
            if not is_fine:
                raise UserError(f"stage {self.name!r} has {setting} = {getattr(self, setting)!r}, expected {wanted}.")
        if self.steps is None and self.patience == math.inf:
            raise UserError(f"stage {self.name!r} never ends: give it a budget of steps, or a patience.")


@dataclass(frozen=True)
class Decision:
    """What follows from one observation.  action: "stay", "advance" (the next stage begins) or "finish"; is_best: keep these weights, they are the
    best of the stage so far; restore: put the best weights back before going on; why: "plateau", "budget" or ""."""

    stage: str
    action: str
    is_best: bool
    restore: bool
    why: str = ""


class StageController:
    """Leads through `stages`; `stage` is the one to train now, None after the last.

        while controller.stage:
            train(min(every, controller.steps_left))
            decision = controller.observe(steps, dev_score)
    """

    def __init__(self, stages: Sequence[Stage]) -> None:
        self.stages = tuple(stages)
        if len({stage.name for stage in self.stages}) != len(self.stages) or not self.stages:
            raise UserError(f"a plan needs stages with names of their own, got {', '.join(stage.name for stage in self.stages) or 'none'}.")
        self.log: list[tuple[int, float]] = []  # every observation: (steps since the one before, score)
        self._place = -1
        self._advance()

    def _advance(self) -> None:
        self._place += 1
        self._taken, self._waited = 0, 0
        # Two marks: the best score owns the weights to keep; the plateau is measured from the last rise of more than min_delta, or many
        # small rises would count as none.
        self._best = self._mark = -math.inf

    @property
    def stage(self) -> Stage | None:
        """The stage to train now, None when all are done."""
        return self.stages[self._place] if self._place < len(self.stages) else None

    @property
    def steps_left(self) -> float:
        """Steps until the budget of this stage is spent, inf without one, 0 when all stages are done: evaluate no later than that."""
        if self.stage is None:
            return 0
        return math.inf if self.stage.steps is None else self.stage.steps - self._taken

    def observe(self, steps: int, score: float) -> Decision:
        """Tell that `steps` were taken since the last observation and dev scores `score`, the higher the better.

        Raises `UserError`, and remembers nothing, for a score that is not a number, steps beyond the budget, or a plan that is done.
        """
        stage = self._expect(steps, score)
        self.log.append((steps, float(score)))
        is_best, rises = score > self._best, score > self._mark + stage.min_delta
        self._taken, self._waited = self._taken + steps, 0 if rises else self._waited + 1
        self._best, self._mark = max(self._best, score), score if rises else self._mark
        why = "plateau" if self._waited >= stage.patience else "budget" if self.steps_left == 0 else ""
        if not why:
            return Decision(stage.name, "stay", is_best, restore=False)
        self._advance()
        return Decision(stage.name, "advance" if self.stage else "finish", is_best, stage.restore == "best" and not is_best, why)

    def _expect(self, steps: int, score: float) -> Stage:
        if self.stage is None:
            raise UserError("every stage is done, there is nothing left to observe: train no further, or plan another stage.")
        if not math.isfinite(score):
            raise UserError(f"dev scores {score} in stage {self.stage.name!r}, expected a finite number: look for a diverged model.")
        if not 1 <= steps <= self.steps_left:
            raise UserError(f"{steps} steps were taken in stage {self.stage.name!r}, expected 1 to {self.steps_left:g}, what is left of its budget.")
        return self.stage

    def state_dict(self) -> dict[str, Any]:
        """Plain values: the plan in words, and the log; everything else follows from them."""
        return {"stages": [repr(stage) for stage in self.stages], "log": [list(entry) for entry in self.log]}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where `state` was taken.  Raises `UserError` for the log of another plan, and then changes nothing."""
        for saved, own in zip_longest(state["stages"], map(repr, self.stages)):
            if saved != own:  # with another patience the same log would tell another story
                raise UserError(f"this log was kept for the plan {saved or 'without a stage more'}, where this one has {own or 'no stage more'}: "
                                "resume with the plan of then.")
        fresh = StageController(self.stages)
        replay(fresh, state["log"])
        self.__dict__.update(fresh.__dict__)


def replay(controller: StageController, log: Iterable[Sequence[float]]) -> list[Decision]:
    """The decisions that `controller`, not yet used, takes on the (steps, score) of `log`."""
    return [controller.observe(int(steps), score) for steps, score in log]
