"""Rows of the table of impossible combinations that are about [sharing] and the relational layer, as in tasks/recipe_combinations.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tasks.recipe_sharing import ADAPTER_HEADS, own_layers

if TYPE_CHECKING:
    from tasks.recipe_settings import Recipe


def _has_towers(recipe: Recipe) -> bool:
    return bool(own_layers(recipe.sharing.name)) or recipe.sharing.name == "triple"


SHARING_COMBINATIONS: tuple[tuple[Callable[[Recipe], bool], str], ...] = (
    (lambda recipe: recipe.sharing.pooler == "shared" and own_layers(recipe.sharing.name) is None,
     ('sharing.pooler = "shared" is about towers, but sharing.name = "{recipe.sharing.name}" decides about the pooler by itself; '
      'try sharing.name = "cerbertus-2" or leave pooler at "own"')),
    (lambda recipe: _has_towers(recipe) and len(recipe.tasks) == 1,
     ('sharing.name = "{recipe.sharing.name}" keeps tasks apart, but there is only one, "{recipe.tasks[0]}", whose encoder is then a plain BERT; '
      'try sharing.name = "multi"')),
    (lambda recipe: recipe.sharing.adapters != "none" and recipe.sharing.name in ("triple", "multi+triple"),
     ('sharing.adapters = "{recipe.sharing.adapters}" tells tasks apart that share their layers, but sharing.name = "{recipe.sharing.name}" gives '
      'each task a BERT of its own; try sharing.name = "multi" or adapters = "none"')),
    (lambda recipe: recipe.sharing.adapter_size > 0 and recipe.sharing.adapters == "none",
     'sharing.adapter_size = {recipe.sharing.adapter_size} is the width of adapters, but sharing.adapters = "none"; try sharing.adapters = "pal"'),
    (lambda recipe: recipe.sharing.adapter_size % ADAPTER_HEADS.get(recipe.sharing.adapters, 1) > 0,
     ('sharing.adapter_size = {recipe.sharing.adapter_size} cannot be divided among the heads of sharing.adapters = "{recipe.sharing.adapters}" '
      '(12, or 6 for pal-code); try 204, or another multiple')),
    (lambda recipe: recipe.model.fine_tune_mode == "adapters" and recipe.sharing.adapters == "none",
     ('model.fine_tune_mode = "adapters" trains adapters and leaves the layers as they were, but sharing.adapters = "none"; '
      'try sharing.adapters = "pal" or fine_tune_mode = "full-model"')),
    (lambda recipe: recipe.model.fine_tune_mode == "last-linear-layer" and not recipe.sharing.is_plain,
     ('model.fine_tune_mode = "last-linear-layer" leaves every encoder as it was pretrained, so sharing.name = "{recipe.sharing.name}" with adapters = '
      '"{recipe.sharing.adapters}" would change nothing; try fine_tune_mode = "full-model", or "adapters", or leave [sharing] out')),
    (lambda recipe: recipe.optimizer.adapter_lr_multiplier != 1 and recipe.sharing.adapters == "none",
     ('optimizer.adapter_lr_multiplier = {recipe.optimizer.adapter_lr_multiplier} is the rate of adapters, but sharing.adapters = "none"; '
      'try sharing.adapters = "pal" or adapter_lr_multiplier = 1')),
    (lambda recipe: recipe.model.relation == "shared" and recipe.model.pairs == "cross",
     ('model.relation = "shared" compares the vectors of two sentences, but model.pairs = "cross" reads both as one sequence and has a single '
      'vector; try model.pairs = "siamese" or relation = "none"')),
    (lambda recipe: recipe.model.relation == "shared" and recipe.model.pair_features != "concat",
     ('model.relation = "shared" has features of its own, [u; v; |u-v|; directions], so model.pair_features = "{recipe.model.pair_features}" would be '
      'ignored; leave pair_features at "concat"')),
    (lambda recipe: recipe.model.relation == "shared" and any(not head.endswith("=linear") for head in recipe.model.heads),
     ('model.relation = "shared" hands one vector to the head of a pair, and model.heads = {recipe.model.heads[0]} would compare two; '
      'try relation = "none" or linear heads')),
)
