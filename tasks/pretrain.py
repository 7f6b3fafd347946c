"""The stages of a recipe alone, for their encoder: what `minbert pretrain` does.

    done = pretrain(load_recipe("mlm"), "runs/mlm-encoder")        done.encoder can be named as weights
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from minbert.errors import UserError
from tasks.agreement import fetch_once, leaders, watch
from tasks.interrupt import Interrupted
from tasks.joining import joined
from tasks.recipe_settings import Recipe
from tasks.report import write_report
from tasks.run_folder import RunFolder
from tasks.stages import run_stages


@dataclass(frozen=True)
class Pretrained:
    """What the stages came to: the run folder, the folder of the last stage's encoder, and the signal that stopped them, or None."""

    folder: RunFolder
    encoder: Path
    stopped_by: int | None


def pretrain(recipe: Recipe, run_folder: str | Path, resume: bool = False, say: Callable[[str], object] = print, bar: Callable[..., Any] | None = None) -> Pretrained:
    """Run the stages of `recipe` in `run_folder` and write their report; `train(recipe, run_folder, resume=True)` would go on with the tasks.

    say, bar: as in tasks/train.py. SIGINT and SIGTERM save and return; every other problem is a UserError.
    Under torchrun the processes share the work, and the first of them alone says, draws and writes.
    """
    if not recipe.stages.run:
        raise UserError(f'recipe {recipe.name} has no stage before its tasks, so there is nothing to pretrain; name one with stages.run = ["simcse"] or ["mlm"], '
                        "on the command line --stages simcse.")
    folder, stopped_by = RunFolder(Path(run_folder)), None
    with joined() as world, torch.random.fork_rng(), watch(world) as interrupt:
        say, bar = world.voice(say), bar if world.leads else None
        if not resume:
            fetch_once(recipe.weights, world)
        try:
            run_stages(recipe, folder, resume, interrupt, say, bar, command="pretrain")
            leaders(lambda: write_report(folder.path), world)
        except Interrupted as stopped:
            stopped_by = stopped.signal_number
    return Pretrained(folder, folder.encoder(recipe.stages.run[-1]), stopped_by)
