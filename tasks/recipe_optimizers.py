"""What [optimizer] may say of which optimizer: settings that one of them would read and another ignore."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tasks.recipe_rates import OptimizerSettings
    from tasks.recipe_settings import Recipe

# Setting of AdamW alone -> what it may be beside another optimizer.
ADAMW_ALONE = {"form": ("course",), "backend": ("auto", "eager"), "betas": ((0.9, 0.999),), "correct_bias": (True,)}
SMOOTHING = 0.99


def unread(settings: OptimizerSettings) -> str:
    """The first setting of AdamW that was changed although another optimizer is chosen, or "".

    backend = "eager" is let through: it asks for plain operations, and the others have nothing else.
    """
    if settings.name == "adamw":
        return ""
    return next((key for key, silent in ADAMW_ALONE.items() if getattr(settings, key) not in silent), "")


OPTIMIZER_COMBINATIONS: tuple[tuple[Callable[[Recipe], bool], str], ...] = (
    (lambda recipe: bool(unread(recipe.optimizer)),
     ('optimizer.name = "{recipe.optimizer.name}" is not AdamW, and one of form, backend, betas and correct_bias in [optimizer] is set, which only AdamW '
      'reads; leave them out, or try optimizer.name = "adamw"')),
    (lambda recipe: recipe.optimizer.name == "adamw" and recipe.optimizer.momentum > 0,
     ('optimizer.momentum = {recipe.optimizer.momentum} belongs to rmsprop and sgd, but optimizer.name = "adamw" has its own, the first of betas; '
      'try optimizer.betas = [{recipe.optimizer.momentum}, 0.999]')),
    (lambda recipe: recipe.optimizer.name != "rmsprop" and recipe.optimizer.smoothing != SMOOTHING,
     ('optimizer.smoothing = {recipe.optimizer.smoothing} is the memory of rmsprop, but optimizer.name = "{recipe.optimizer.name}"; '
      'try optimizer.name = "rmsprop"')),
)  # fmt: skip
