"""The phases of a recipe as what a run goes through, one after the other: each phase, or each layer's turn in it; and what all of it costs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tasks.encoding import EncodedSplit
from tasks.focus_plan import BACKWARD, Cost, Work, affordable_steps, cost_of, focus_plan
from tasks.recipe_phases import Phase, phases_of, recipe_of
from tasks.recipe_settings import Recipe
from tasks.samplers import Sampler
from tasks.seeds import named_generator
from tasks.setup_run import make_sampler
from tasks.stage_plan import Stage
from tasks.trainable import LAYER


@dataclass(frozen=True)
class Leg:
    """What the controller leads through: a phase, or one layer's turn in it.  length: steps between two scores; recipe: what differs is in it."""

    name: str
    phase: Phase
    recipe: Recipe
    length: int
    layer: int | None = None

    @property
    def most(self) -> int:
        """The steps that it may take."""
        return self.length * (1 if self.layer else self.phase.epochs)

    @property
    def stage(self) -> Stage:
        """The same for tasks/stage_plan.py."""
        return Stage(self.name, self.trainable, self.phase.loss or self.recipe.exits.train, self.recipe.optimizer.lr, self.recipe.sampler.name,
                     self.phase.regularized, self.most, self.phase.patience or math.inf, self.phase.min_delta,
                     "last" if self.layer else self.phase.restore)

    @property
    def trainable(self) -> str:
        """Who learns, in the words of tasks/trainable.py."""
        return f"layer {self.layer}" if self.layer else self.phase.trainable

    def sampler(self, train: Mapping[str, EncodedSplit]) -> Sampler:
        """The steps of this phase, over its own tasks."""
        return make_sampler(self.recipe, {name: train[name] for name in self.phase.tasks})


def legs_of(recipe: Recipe, layers: int, train: Mapping[str, EncodedSplit]) -> tuple[Leg, ...]:
    """Every phase of `recipe` for an encoder of L `layers`, those of one layer after the other in L turns.  UserError for a phase too short for that."""
    return tuple(leg for phase in phases_of(recipe) for leg in _legs(phase, recipe, layers, train))


def _legs(phase: Phase, recipe: Recipe, layers: int, train: Mapping[str, EncodedSplit]) -> list[Leg]:
    own = recipe_of(phase, recipe)
    whole = Leg(phase.name, phase, own, 1)
    length = whole.sampler(train).steps_per_epoch
    if not phase.each_layer:
        return [replace(whole, length=length)]
    # Turns are cheap steps: as many of them as cost what the epochs of the phase would cost, so that recipes compare at equal price.
    steps = max(1, affordable_steps(phase.epochs * length, layers))
    plan = focus_plan(layers, steps, phase.each_layer, named_generator(recipe.seed, f"phase.{phase.name}"))
    return [Leg(f"{phase.name}, layer {visit.layer}", phase, own, visit.steps, visit.layer) for visit in plan]


def price(legs: Iterable[Leg], layers: int) -> Cost:
    """What a plan costs at most, counted in layers that run: those above a turn do not, and below it nothing is differentiated."""
    return cost_of([Work(leg.most, leg.layer or layers, layers_back(leg, layers)) for leg in legs], layers)


def layers_back(leg: Leg, layers: int) -> float:
    """How many layers a step differentiates; half of it for each layer that a gradient only passes, on its way to one below that learns."""
    if leg.layer or leg.trainable == "heads":
        return float(bool(leg.layer))
    only = LAYER.fullmatch(leg.trainable)
    return 1 + (layers - int(only[1])) / BACKWARD if only else float(layers)


def plan_in_words(legs: Sequence[Leg], layers: int) -> str:
    """One line: the phases, and what they cost at most beside ordinary training."""
    cost = price(legs, layers)
    return (f"Phases: {'; '.join(leg.name for leg in legs)}. At most {cost.batches:,} steps, for the price of {cost.full_steps:,.1f} steps of ordinary "
            f"training of all {layers} layers.")
