"""[exits]: a head after every layer, how these are trained, and whether a small layer learns when to leave; built by tasks/exit_model.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from tasks.recipe_rules import ABOVE_0, check_fields, choice, setting, truth, whole

if TYPE_CHECKING:
    from tasks.recipe_settings import Recipe

REGIMES = ("joint", "weighted", "two-stage", "alternating")


@dataclass(frozen=True)
class ExitSettings:
    """[exits]: heads below the last layer, for leaving early; the default has none."""

    train: str = setting("none", choice("none", *REGIMES), "no exits, or how their losses count: see docs/early_exit.md")
    pooler: str = setting("own", choice("own", "none"), "where the model pools by the pooler: each exit its own copy, or the bare [CLS] state")
    reduce: str = setting("mean", choice("mean", "sum"), "losses of exits are averaged, so that a rate means the same at any depth, or added as in BERxiT")
    first_epochs: int = setting(0, whole(0, note="0 = the first half"), "two-stage: epochs before the exits' own; 0 = the first half, rounded up")
    smart_on: str = setting("all", choice("all", "final", "even"), "steps with the regularizer: all, those of the final exit alone, or every second (our reading)")
    lte: bool = setting(False, truth(), "learning to exit: a small layer that says how likely an exit is right")
    lte_weight: float = setting(1.0, ABOVE_0, "its weight in the loss")
    lte_scale: float = setting(1.0, ABOVE_0, "an error of a regression by so much counts as .76 wrong, in units of the label")

    def __post_init__(self) -> None:
        check_fields(self, "exits")

    @property
    def on(self) -> bool:
        """Whether there are exits at all."""
        return self.train != "none"

    def first_stage(self, epochs: int) -> int:
        """Epochs of the first of two stages, of `epochs` in all; all of them where there is one stage."""
        return epochs if self.train != "two-stage" else self.first_epochs or -(-epochs // 2)

    def idle(self) -> str:
        """The first setting that says something about exits while there are none, or ""."""
        return next((field.name for field in fields(self) if not self.on and getattr(self, field.name) != field.default), "")


EXIT_COMBINATIONS: tuple[tuple[Callable[[Recipe], bool], str], ...] = (
    (lambda recipe: bool(recipe.exits.idle()),
     '[exits] says something about exits, but exits.train = "none" has none; try exits.train = "joint", or leave the section out'),
    (lambda recipe: recipe.exits.first_epochs > 0 and recipe.exits.train not in ("none", "two-stage"),
     ('exits.first_epochs = {recipe.exits.first_epochs} is the length of the first of two stages, but exits.train = "{recipe.exits.train}" has one; '
      'try exits.train = "two-stage"')),
    (lambda recipe: recipe.exits.train == "two-stage" and recipe.exits.first_stage(recipe.training.epochs) >= recipe.training.epochs,
     ('exits.train = "two-stage" leaves no epoch to the second stage, in which the exits learn: training.epochs = {recipe.training.epochs}, '
      'exits.first_epochs = {recipe.exits.first_epochs}; try more epochs')),
    (lambda recipe: recipe.exits.smart_on != "all" and recipe.regularizer.weight == 0,
     ('exits.smart_on = "{recipe.exits.smart_on}" says in which steps there is a regularizer, but regularizer.weight = 0 never calls one; '
      'try regularizer.name = "smart" and regularizer.weight = 5')),
    (lambda recipe: recipe.exits.smart_on == "final" and recipe.exits.train != "alternating",
     ('exits.smart_on = "final" means steps in which the final exit alone learns, and exits.train = "{recipe.exits.train}" does not alternate; '
      'try exits.train = "alternating" or smart_on = "all"')),
    (lambda recipe: not recipe.exits.lte and (recipe.exits.lte_weight, recipe.exits.lte_scale) != (1, 1) and recipe.exits.on,
     'exits.lte_weight and exits.lte_scale are about a learned certainty, but exits.lte = false; try exits.lte = true'),
    (lambda recipe: recipe.exits.on and recipe.model.evaluate_order == "averaged",
     ('exits.train = "{recipe.exits.train}" lets a pair leave when it is sure, and model.evaluate_order = "averaged" reads it twice, to leave twice; '
      'try evaluate_order = "fixed"')),
)  # fmt: skip
