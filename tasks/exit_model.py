"""From a recipe to its model, with exits where it wants them.

    exits.TASK.{k-1}.    pooler and head after layer k         certainty.TASK.    what learned to say whether an exit is right

Everything that is new draws from generators of its own, so that the rest of the model starts as it does without exits.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import nn

from minbert.bert import Bert
from tasks.exit_certainty import Certainty
from tasks.exits import make_exits
from tasks.model import MultitaskModel
from tasks.recipe_settings import Recipe
from tasks.registry import Task
from tasks.seeds import named_generator


def make_model(recipe: Recipe, bert: Bert, tasks: Mapping[str, Task], generator: torch.Generator | None = None) -> MultitaskModel:
    """The model that `recipe` names, around `bert`; generator: where the first weights of its heads come from."""
    model = MultitaskModel(bert, tasks, recipe.model, generator, recipe.sharing)
    if recipe.exits.on:
        model.exits = make_exits(model, recipe.seed, recipe.exits.pooler == "own")
        model.certainty = make_certainties(model, recipe.seed) if recipe.exits.lte else nn.ModuleDict()
    return model


def make_certainties(model: MultitaskModel, seed: int) -> nn.ModuleDict:
    """Task -> its learned certainty, one for all its exits; dropout as before the exits' heads (the code of BERxiT reads features after it)."""
    return nn.ModuleDict({name: Certainty(exits[0].head.linear.in_features, exits[0].head.dropout.p, named_generator(seed, f"certainty.{name}"))
                          for name, exits in model.exits.items() if len(exits)})


def has_exits(model: MultitaskModel) -> bool:
    """True for a model that examples can leave early."""
    return hasattr(model, "exits")
