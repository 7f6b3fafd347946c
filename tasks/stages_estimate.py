"""How much the stages of a recipe read, before they are run: for the estimate of `minbert compare`."""

from __future__ import annotations

import statistics

import torch

from tasks.compare_counts import rows_of
from tasks.processes import silent
from tasks.recipe import Recipe
from tasks.recipe_tasks import tasks_of
from tasks.seeds import named_generator
from tasks.splits import choose_rows
from tasks.stages_files import Row
from tasks.stages_texts import Ground, texts_of_stage

PIECES_PER_WORD, SAMPLE = 1.35, 200
PASSES = 3  # forward 1, backward 2
VIEWS = {"mlm": 1, "simcse": 2}  # how often a text is encoded in a step; of a triple each text once


def stage_work(recipe: Recipe) -> float:
    """Word pieces that pass through the encoder in all stages, times the passes that learning from them takes; 0 without stages."""
    train = {name: choose_rows(rows_of(recipe, task, "train"), recipe.data, named_generator(recipe.seed, f"rows.{name}")) for name, task in tasks_of(recipe).items()}
    ground = Ground(recipe, tasks_of(recipe), train, {}, None, torch.device("cpu"), silent)
    return sum(_work(name, recipe, texts_of_stage(getattr(recipe, name), name, ground)) for name in recipe.stages.run)


def _work(name: str, recipe: Recipe, rows: list[Row]) -> float:
    chosen = getattr(recipe, name)
    read = chosen.steps * chosen.batch_size or chosen.epochs * len(rows)
    sample = [text for row in rows[:: max(1, len(rows) // SAMPLE)] for text in row]
    length = statistics.fmean(min(chosen.max_length, 2 + PIECES_PER_WORD * len(text.split())) for text in sample)
    return PASSES * read * length * max(VIEWS[name], len(rows[0]))
