"""Settings that are each fine and impossible together: one row per combination, the test first and then what to say and try.

A setting that would be read and then ignored counts as impossible: whoever wrote it believes that it does something.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from minbert.errors import UserError
from tasks.recipe_combinations_sharing import SHARING_COMBINATIONS
from tasks.recipe_exits import EXIT_COMBINATIONS
from tasks.recipe_joined import JOINED_COMBINATIONS
from tasks.recipe_optimizers import OPTIMIZER_COMBINATIONS
from tasks.recipe_rates import RATE_COMBINATIONS
from tasks.recipe_stages import STAGE_COMBINATIONS

if TYPE_CHECKING:
    from tasks.recipe_settings import Recipe

COMBINATIONS: tuple[tuple[Callable[[Recipe], bool], str], ...] = (
    (lambda recipe: recipe.update.name != "separate" and recipe.sampler.name != "lock-step",
     ('update.name = "{recipe.update.name}" joins the gradients of several tasks in one step, but sampler.name = "{recipe.sampler.name}" makes '
      'steps of a single task; try sampler.name = "lock-step" or update.name = "separate"')),
    (lambda recipe: recipe.update.reading == "fresh" and not recipe.update.name.endswith("twice") and recipe.update.name != "gse",
     ('update.reading = "fresh" is about the second of two updates, but update.name = "{recipe.update.name}" makes one; '
      'try update.name = "gse" or leave reading at "stale"')),
    (lambda recipe: recipe.training.precision == "fp16" and (recipe.update.name.endswith("twice") or recipe.update.name == "gse"),
     ('training.precision = "fp16" rescales between updates, but update.name = "{recipe.update.name}" makes two of one backward; '
      'try precision = "bf16" or "fp32"')),
    (lambda recipe: recipe.regularizer.name.startswith("smart") and recipe.regularizer.sigma == 0 and recipe.regularizer.epsilon > 0,
     'regularizer.sigma = 0 starts the ascent where the slope is exactly 0, so it never leaves; try regularizer.sigma = 1e-5'),
    (lambda recipe: recipe.sampler.times > 1 and recipe.sampler.iterations > 0,
     ('sampler.times = {recipe.sampler.times} multiplies the sampler\'s own number of steps, but sampler.iterations = '
      '{recipe.sampler.iterations} replaces it; set one of the two')),
    (lambda recipe: recipe.model.pairs == "siamese" and (recipe.model.pair_order != "fixed" or recipe.model.evaluate_order != "fixed"),
     ('model.pair_order and model.evaluate_order are about pairs read as one sequence, but model.pairs = "siamese" encodes the texts apart; '
      'try model.pairs = "cross" or leave both at "fixed"')),
    (lambda recipe: recipe.bregman.weight > 0 and recipe.bregman.momentum == recipe.bregman.late_momentum == 0 and recipe.bregman.every == 1,
     ('bregman.momentum = 0 makes the teacher the model of the step before, to which the distance is 0 when it is differentiated; '
      'try bregman.every = 10, or bregman.momentum = 0.99')),
    (lambda recipe: recipe.regularizer.name == "none" and recipe.regularizer.weight > 0,
     'regularizer.weight = {recipe.regularizer.weight} weighs nothing while regularizer.name = "none"; try regularizer.weight = 0'),
    (lambda recipe: recipe.model.pairs == "cross" and recipe.model.pair_features != "concat",
     ('model.pair_features = "{recipe.model.pair_features}" joins two sentence vectors, but model.pairs = "cross" reads both texts as one '
      'sequence and has a single vector; try model.pairs = "siamese" or leave pair_features at "concat"')),
    (lambda recipe: any(pair.partition("=")[0] not in recipe.tasks for pair in recipe.model.head_dropouts),
     ('model.head_dropouts, {dropouts}, names a task that is not among tasks, {tasks}; '
      'try model.head_dropouts = ["{recipe.tasks[0]}=0.1"]')),
    (lambda recipe: any(f"{pair.partition('=')[0]}=cosine-embedding" in recipe.model.heads for pair in recipe.model.head_dropouts),
     ('model.head_dropouts gives a rate to a task whose head is cosine-embedding by model.heads, and that head has no dropout; '
      'leave that task out of model.head_dropouts')),
    (lambda recipe: recipe.training.precision == "fp16" and recipe.training.device in ("cpu", "mps"),
     'training.precision = "fp16" needs a CUDA device, but training.device = "{recipe.training.device}"; try precision = "fp32" or "bf16"'),
    (lambda recipe: recipe.training.precision == "bf16" and recipe.training.device == "mps",
     'training.precision = "bf16" needs the CPU or a CUDA device, but training.device = "mps"; try precision = "fp32"'),
)


def check_combinations(recipe: Recipe) -> None:
    """Raise `UserError` for the first combination of settings in `recipe` that cannot work, saying which two meet and what to try."""
    for is_there, sentence in (*COMBINATIONS, *RATE_COMBINATIONS, *OPTIMIZER_COMBINATIONS, *SHARING_COMBINATIONS, *STAGE_COMBINATIONS, *EXIT_COMBINATIONS,
                               *JOINED_COMBINATIONS):
        if is_there(recipe):
            raise UserError(sentence.format(recipe=recipe, tasks=", ".join(recipe.tasks), dropouts=", ".join(recipe.model.head_dropouts)) + ".")
