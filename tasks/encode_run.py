"""All splits of a run as token ids, made once, in the order or orders that the recipe reads pairs in."""

from __future__ import annotations

from collections.abc import Mapping

from minbert.tokenizer import Tokenizer
from tasks.encoding import EncodedSplit, encode_split
from tasks.recipe_settings import Recipe
from tasks.registry import Task
from tasks.splits import Splits

Encoded = dict[str, dict[str, EncodedSplit]]  # split name -> task name -> token ids


def encode_splits(recipe: Recipe, tasks: Mapping[str, Task], splits: Splits, tokenizer: Tokenizer) -> Encoded:
    """Token ids of every row, made once for the whole run."""
    settings = (recipe.data.max_length, recipe.model.pairs, recipe.data.truncation)
    return {split: {name: encode_split(rows, tokenizer, tasks[name], *settings, reads_both_orders(recipe, split)) for name, rows in by_task.items()}
            for split, by_task in splits.items()}


def reads_both_orders(recipe: Recipe, split: str) -> bool:
    """Whether the crossed pairs of `split` are read as (a, b) and as (b, a): by a coin in training, both and averaged in evaluation."""
    return recipe.model.pair_order == "random" if split == "train" else recipe.model.evaluate_order == "averaged"
