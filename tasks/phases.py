"""Phases inside a run: who learns, from which tasks and losses, at which rate, until the score stops rising or the budget is spent.

    while phases.is_on:
        train until phases.end;  scored = score dev;  decision = phases.observe(scored)
        parts = phases.follow(decision, parts)          best weights put back, the next phase begins with an optimizer without a past

tasks/stage_plan.py decides, from its log alone, so the log is what checkpoints hold, beside the best weights of the phase at hand.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any

from minbert.errors import UserError
from optim import Schedule
from tasks.best_weights import BestWeights
from tasks.checkpoint import State
from tasks.exit_objective import ExitTraining
from tasks.metrics import OVERALLS
from tasks.optimizer_of import make_optimizer
from tasks.phase_legs import Leg, legs_of
from tasks.setup_run import Parts, updates_per_epoch
from tasks.stage_plan import Decision, StageController
from tasks.surgery_updates import Surgeon
from tasks.trainable import Named, only


@contextmanager
def _of_phase(leg: Leg) -> Iterator[None]:
    try:
        yield
    except UserError as error:
        raise UserError(f"[phase.{leg.phase.name}]: {error}") from None


class Phases:
    """Leads a run through the phases of its recipe.  parts: as `tasks.setup_run.build` makes them."""

    def __init__(self, parts: Parts) -> None:
        self.layers, self.seed, self.train = parts.model.bert.config.num_hidden_layers, parts.recipe.seed, parts.encoded["train"]
        self.legs = legs_of(parts.recipe, self.layers, self.train)
        for leg in self.legs:
            with _of_phase(leg), only(parts.model, leg.trainable, self.layers):
                pass
        self.controller, self.best = StageController([leg.stage for leg in self.legs]), BestWeights()

    @property
    def is_on(self) -> bool:
        """Whether there is something left to train."""
        return self.controller.stage is not None

    @property
    def leg(self) -> Leg:
        """The phase at hand; the last one when all are done."""
        return next((leg for leg in self.legs if self.is_on and leg.name == self.controller.stage.name), self.legs[-1])

    @property
    def end(self) -> int:
        """The step, counted over the whole run, after which dev is scored next."""
        return sum(steps for steps, _ in self.controller.log) + self.leg.length

    @property
    def scores(self) -> int:
        """How often dev is scored at most."""
        return sum(1 if leg.layer else leg.phase.epochs for leg in self.legs)

    def enter(self, parts: Parts) -> Parts:
        """The parts for the phase at hand: an optimizer over what learns in it, which remembers nothing, a schedule, a sampler, its losses."""
        leg = self.leg
        tasks = {name: self.train[name] for name in leg.phase.tasks}
        with only(parts.model, leg.trainable, self.layers):
            optimizer = make_optimizer(leg.recipe, parts.model)
        total = leg.length if leg.layer else leg.length * leg.phase.epochs
        updates = math.ceil(total * updates_per_epoch(leg.recipe, tasks) / leg.sampler(tasks).steps_per_epoch)
        learning = [parameter for group in optimizer.param_groups for parameter in group["params"]]
        return replace(
            parts, phases=self, optimizer=optimizer, schedule=Schedule(optimizer, leg.recipe.schedule.name, total=updates, warmup=leg.recipe.schedule.warmup),
            sampler=leg.sampler(tasks), surgeon=Surgeon(learning, parts.generators["surgery"], leg.recipe.update.reading, world=parts.world),
            exits=ExitTraining(leg.recipe, parts.model, parts.streams, parts.world, leg.layer) if parts.exits else None,
        )  # fmt: skip

    def learning(self, parts: Parts) -> AbstractContextManager[Named]:
        """A block for steps of the phase at hand, in which nothing but its own parameters learns; the model is in train mode already."""
        return only(parts.model, self.leg.trainable, self.layers, self.leg.phase.below)

    def observe(self, parts: Parts, scored: dict[str, Any]) -> Decision:
        """Judge the phase by the dev scores of its own tasks; adds "phase" to `scored`, for the log."""
        own = {name: (scored["dev"][name]["metric"], scored["dev"][name]["score"]) for name in self.leg.phase.tasks}
        value = OVERALLS[parts.recipe.training.score](own).value
        decision = self.controller.observe(self.leg.length, value)
        scored["phase"] = {"name": decision.stage, "score": value, "action": decision.action, "why": decision.why, "put_back": decision.restore}
        return decision

    def follow(self, decision: Decision, parts: Parts) -> Parts:
        """Keep the best weights of a phase, put them back at its end, and begin the next; returns the parts to go on with."""
        if next(leg for leg in self.legs if leg.name == decision.stage).stage.restore == "best":
            self.best.follow(decision, parts.model)
        if decision.action == "stay":
            return parts
        self.best = BestWeights()
        return self.enter(parts) if decision.action == "advance" else parts

    def state_dict(self) -> State:
        """Plan and log, and the best weights so far of the phase at hand."""
        return {**self.controller.state_dict(), **({"best": self.best.state_dict()} if self.best.tensors else {})}

    def go_on(self, parts: Parts, state: Mapping[str, Any]) -> Parts:
        """The parts for the phase in which `state` was taken.  UserError for the state of another plan."""
        self.controller.load_state_dict(state)
        self.best.load_state_dict(state.get("best", {}))
        return self.enter(parts)


def expect_phases(parts: Parts) -> None:
    """Raise `UserError` for a phase of the recipe that cannot be, such as one of a layer that there is not, before the first of them has cost any time."""
    if parts.recipe.phase:
        Phases(parts)
