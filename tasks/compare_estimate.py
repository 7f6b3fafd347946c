"""How long a run may take, before it is made: from a finished run of the same row, or from arithmetic.

    an example of T word pieces through an encoder of P weights: 2 P T operations forwards, 4 P T backwards; scored: 2 P T; how far each is run: tasks/compare_work.py

The speed is that of a matrix product timed here and now, of which training reaches about a third. Good to a factor of two, perhaps three.
"""

from __future__ import annotations

import functools
import statistics
import time
from collections.abc import Sequence

from tasks.compare_costs import seconds_of
from tasks.compare_counts import Counts, rows_of
from tasks.compare_rows import Run
from tasks.recipe import Recipe
from tasks.recipe_tasks import tasks_of

REACHED = 0.33  # of the matrix product's rate
PIECES_PER_WORD, SAMPLE = 1.35, 200
STARTING = 5.0  # seconds to load torch, the weights and the data


def estimate(run: Run, planned: Counts, others: Sequence[Run]) -> tuple[float, str]:
    """Seconds that `run` may take and where the number is from: "measured" on a finished run of its row among `others`, or "rough"."""
    measured = [sum(seconds_of(other).values()) for other in others if other.row is run.row and other.folder.results.exists()]
    return (statistics.fmean(measured) + STARTING, "measured") if measured else (STARTING + _arithmetic(run.recipe, planned), "rough")


def _arithmetic(recipe: Recipe, planned: Counts) -> float:
    from tasks.focus_plan import BACKWARD

    weights, tasks = _encoder_weights(recipe.weights), tasks_of(recipe)
    pieces = {name: _pieces(recipe, name) for name in tasks}
    train = sum((planned.forward[name] + BACKWARD * planned.backward[name]) * pieces[name] for name in tasks)
    most = recipe.data.dev_limit or 10**9
    dev = sum(min(most, len(rows_of(recipe, task, "dev"))) * pieces[name] for name, task in tasks.items()) * (planned.scored + 1)
    return 2 * weights * (train + dev + _stages(recipe)) / (matrix_rate(recipe.training.device) * REACHED)


def _stages(recipe: Recipe) -> float:
    if not recipe.stages.run:
        return 0.0
    from tasks.stages_estimate import stage_work  # torch comes with it

    return stage_work(recipe)


def _pieces(recipe: Recipe, name: str) -> float:
    examples = rows_of(recipe, tasks_of(recipe)[name], "train").examples[:SAMPLE]
    return statistics.fmean(min(recipe.data.max_length, 3 + PIECES_PER_WORD * sum(len(text.split()) for text in example.texts)) for example in examples)


def _encoder_weights(weights: str) -> float:
    """Weights in matrices that every word piece passes."""
    from tasks.compare_work import config_of  # torch comes with it

    config = config_of(weights)
    width = config.hidden_size
    return config.num_hidden_layers * (4 * width * width + 2 * width * config.intermediate_size)


@functools.lru_cache(maxsize=4)
def matrix_rate(device_name: str) -> float:
    """Floating point operations a second of a 1024 x 768 x 3072 product on the device, the best of a few."""
    import torch

    from tasks.devices import choose_device

    device = choose_device(device_name)
    left, right = torch.ones(1024, 768, device=device), torch.ones(768, 3072, device=device)
    best = float("inf")
    for _ in range(4):
        started = time.perf_counter()
        (left @ right)[0, 0].item()  # reading one number waits for a GPU to finish
        best = min(best, time.perf_counter() - started)
    return 2 * 1024 * 768 * 3072 / best
