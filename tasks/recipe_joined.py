"""What [model] may say of pairs that are embedded apart and read together, and what cannot meet them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tasks.recipe_settings import Recipe

TOGETHER = ("joined", "cross-attention")

JOINED_COMBINATIONS: tuple[tuple[Callable[[Recipe], bool], str], ...] = (
    (lambda recipe: recipe.model.pairs != "joined" and (recipe.model.joined_types, recipe.model.second_cls) != ("segments", "kept"),
     ('model.joined_types and model.second_cls are about embeddings that are joined, but model.pairs = "{recipe.model.pairs}" joins none; '
      'try model.pairs = "joined"')),
    (lambda recipe: recipe.model.pairs in TOGETHER and (recipe.model.pair_order, recipe.model.evaluate_order) != ("fixed", "fixed"),
     ('model.pair_order and model.evaluate_order are about pairs read as one sequence of words, but model.pairs = "{recipe.model.pairs}" joins '
      'embeddings; try model.pairs = "cross" or leave both at "fixed"')),
    (lambda recipe: recipe.model.pairs in TOGETHER and recipe.model.pair_features != "concat",
     ('model.pair_features = "{recipe.model.pair_features}" joins two vectors of sentences, but model.pairs = "{recipe.model.pairs}" has features of '
      'its own; try model.pairs = "siamese" or leave pair_features at "concat"')),
    (lambda recipe: recipe.model.pairs in TOGETHER and recipe.model.relation != "none",
     ('model.relation = "{recipe.model.relation}" compares two vectors of sentences, but model.pairs = "{recipe.model.pairs}" compares them already; '
      'try model.pairs = "siamese" or relation = "none"')),
    (lambda recipe: recipe.model.pairs == "cross-attention" and recipe.model.pooling != "pooler",
     ('model.pooling = "{recipe.model.pooling}" makes a vector of a sentence, but model.pairs = "cross-attention" takes the mean of what looked at the '
      'other one; leave pooling at "pooler", which pools the tasks of one text')),
    (lambda recipe: recipe.model.pairs == "cross-attention" and recipe.exits.on,
     ('exits.train = "{recipe.exits.train}" reads every layer, but model.pairs = "cross-attention" compares the texts above the last alone; '
      'try model.pairs = "joined"')),
)  # fmt: skip
