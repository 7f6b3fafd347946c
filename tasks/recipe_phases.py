"""Phases of a run, one [phase.NAME] table each, in the order of the recipe: stage-wise optimisation and sequential layer focus ("BERTer").

    [phase.sentiment]
    tasks = ["sst"]                      # which of the recipe's tasks; all of them without this line
    epochs = 3                           # at most; all phases together have training.epochs
    patience = 2                         # left early after so many scores without a rise; 0 = never
    min_delta = 0.002                    # what counts as a rise, on the scale of the score

    [phase.layers]
    each_layer = "bottom-up"             # one layer after the other, each from its own exit; they share the price of the epochs
    epochs = 2

    [phase.together]
    epochs = 5
    # trainable = "all"                  # or "heads", "encoder", "layer 3": see tasks/trainable.py
    # loss = ""                          # exits whose losses count: joint, weighted, alternating; "" = exits.train
    # lr = 0, sampler = ""               # 0 and "": the recipe's own
    # regularized = true                 # whether there is the recipe's regularizer
    # below = "eval"                     # dropout in layers in which nothing learns: "eval" is off, "train" leaves it on
    # restore = "best"                   # which weights the phase leaves behind: "best", or "last"
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from minbert.errors import UserError, nearest
from tasks.recipe_doors import SAMPLERS
from tasks.recipe_rules import FROM_0, NAMES, Rule, check, choice, truth, whole
from tasks.recipe_words import tip, written

if TYPE_CHECKING:
    from tasks.recipe_settings import Recipe

LOSSES = ("joint", "weighted", "alternating")


@dataclass(frozen=True)
class Phase:
    """One table, checked; every key has a default but `epochs`."""

    name: str
    epochs: int
    tasks: tuple[str, ...]
    trainable: str = "all"
    each_layer: str = ""
    below: str = "eval"
    loss: str = ""
    lr: float = 0.0
    sampler: str = ""
    regularized: bool = True
    patience: int = 0
    min_delta: float = 0.0
    restore: str = "best"


TRAINABLE = ("all", "heads", "encoder")  # words of tasks/trainable.py, which knows besides whether there is a layer of that number


def _who_learns(value: Any) -> str:
    if value not in TRAINABLE and not re.fullmatch(r"layer [1-9]\d*", value):
        raise ValueError
    return value


# key -> what it may be; defaults are those of `Phase`.
RULES: Mapping[str, Rule] = {
    "epochs": whole(1), "tasks": NAMES, "trainable": Rule('all, heads, encoder, or a layer such as "layer 3"', _who_learns, TRAINABLE),
    "each_layer": choice("", "bottom-up", "top-down", "random"), "below": choice("eval", "train"), "loss": choice("", *LOSSES),
    "lr": FROM_0, "sampler": choice("", *SAMPLERS.choices), "regularized": truth(), "patience": whole(0), "min_delta": FROM_0, "restore": choice("best", "last"),
}  # fmt: skip


def phases_of(recipe: Recipe) -> tuple[Phase, ...]:
    """The phases of a recipe in order, () for a run that has none; `UserError` names table, key, value and what was expected."""
    found = tuple(_phase(name, table, recipe) for name, table in recipe.phase.items())
    together = sum(phase.epochs for phase in found)
    if found and together != recipe.training.epochs:
        raise UserError(f"the phases {', '.join(phase.name for phase in found)} have {together} epochs together, and training.epochs is "
                        f"{recipe.training.epochs}; set training.epochs = {together}, or change phase.{found[-1].name}.epochs.")
    return found


def _phase(name: str, table: Any, recipe: Recipe) -> Phase:
    place = f"[phase.{written(name)[1:-1]}]"
    if not isinstance(table, Mapping):
        raise UserError(f"{place} is {written(table)}, but must be a table with the keys {', '.join(RULES)}.")
    strange = [key for key in table if key not in RULES]
    if strange:
        raise UserError(tip(f"{place}: there is no key {written(strange[0])}", nearest(strange[0], RULES), f"the keys are {', '.join(RULES)}"))
    if "epochs" not in table:
        raise UserError(f"{place}: epochs is missing; it must be {RULES['epochs'].words}.")
    values = {key: check(f"phase.{name}.{key}", value, RULES[key], recipe.tasks if key == "tasks" else getattr(Phase, key, None)) for key, value in table.items()}
    phase = Phase(name=name, **{"tasks": recipe.tasks, **values})
    if strange := [task for task in phase.tasks if task not in recipe.tasks]:
        others = f"the tasks of this recipe are {', '.join(recipe.tasks)}"
        raise UserError(tip(f"{place}: tasks names {written(strange[0])}, but must be among those of the recipe", nearest(strange[0], recipe.tasks), others))
    for is_there, sentence in IMPOSSIBLE:
        if is_there(phase, recipe):
            raise UserError(f"{place}: {sentence.format(phase=phase, recipe=recipe)}.")
    try:
        recipe_of(phase, recipe)  # its sampler and its loss have to go with everything else, too
    except UserError as error:
        raise UserError(f"{place}: {error}") from None
    return phase


def recipe_of(phase: Phase, recipe: Recipe) -> Recipe:
    """`recipe` as it is during `phase`, with what the phase has of its own; `UserError` for settings that cannot meet."""
    return replace(
        recipe, phase={}, training=replace(recipe.training, epochs=phase.epochs),
        optimizer=replace(recipe.optimizer, lr=phase.lr or recipe.optimizer.lr), sampler=replace(recipe.sampler, name=phase.sampler or recipe.sampler.name),
        exits=replace(recipe.exits, train=phase.loss or recipe.exits.train),
    )  # fmt: skip


IMPOSSIBLE: tuple[tuple[Callable[[Phase, Recipe], bool], str], ...] = (
    (lambda phase, recipe: bool(phase.each_layer) and not recipe.exits.on,
     'each_layer = "{phase.each_layer}" trains each layer from its own exit, but exits.train = "none" has none; try exits.train = "joint"'),
    (lambda phase, recipe: bool(phase.each_layer) and phase.trainable != "all",
     'each_layer = "{phase.each_layer}" says who learns, and so does trainable = "{phase.trainable}"; leave one out'),
    (lambda phase, recipe: bool(phase.each_layer) and bool(phase.loss or phase.patience),
     "the turns of each_layer have one loss and a fixed length, so loss and patience have no meaning there; leave them out"),
    (lambda phase, recipe: bool(phase.loss) and not recipe.exits.on,
     'loss = "{phase.loss}" is about exits, but exits.train = "none" has none; try exits.train = "joint"'),
    (lambda phase, recipe: recipe.exits.train == "two-stage", 'exits.train = "two-stage" has stages of its own; try "joint", and a phase with trainable = "heads"'),
    (lambda phase, recipe: phase.min_delta > 0 and not phase.patience, "min_delta = {phase.min_delta} belongs to patience, which is 0; try patience = 2"),
    (lambda phase, recipe: recipe.optimizer.unfreeze != "none", 'optimizer.unfreeze = "{recipe.optimizer.unfreeze}" says who learns when, and so do phases; leave one out'),
    (lambda phase, recipe: recipe.bregman.weight > 0, "bregman.weight = {recipe.bregman.weight} keeps a teacher through all updates, and phases go back to weights of before; try 0"),
    (lambda phase, recipe: recipe.model.fine_tune_mode == "last-linear-layer",
     'model.fine_tune_mode = "last-linear-layer" freezes the encoder for good; try "full-model", and trainable = "heads" in a phase'),
)  # fmt: skip
