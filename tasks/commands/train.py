"""`minbert train`: choose a recipe, run it, print the final table and where everything lies."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Mapping
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from minbert.errors import UserError
from tasks.commands.choose_recipe import choose_recipe
from tasks.commands.company import agreed_folder, in_company
from tasks.commands.course_options import copy_predictions, outputs
from tasks.commands.options import given, parse
from tasks.commands.train_options import INSTEAD, train_parser
from tasks.console import overall_lines, progress_bar, results_table
from tasks.processes import ALONE, World
from tasks.recipe import Recipe, load_recipe, to_toml
from tasks.recipe_words import written

if TYPE_CHECKING:
    from tasks.train import Result

RUNS = Path("runs")
# What may be said beside --resume: where to put copies of the predictions. Everything else is decided by the run that is resumed.
WITH_RESUME = re.compile(r"--(resume|(\w+-)?(dev|test)-out)")


def main(argv: list[str]) -> int:
    """Run `minbert train` with these arguments; returns the exit status. `UserError` for every mistake in them.

    Of several processes one prints: the leader, or the first that fails.
    """
    return in_company(partial(run_options, argv))


def run_options(argv: list[str], own: World) -> int:
    """Start or resume the run that the arguments ask for, as one of the processes of a world."""
    options = parse(train_parser(), argv, INSTEAD)
    if options.resume is not None:
        return _resume(options, own)
    recipe, notes = choose_recipe(options, os.environ)
    wanted = outputs(options, recipe.tasks)
    say = own.voice(print)
    if options.show:
        say(to_toml(recipe).rstrip("\n"))
        return 0
    folder = Path(options.run_folder) if options.run_folder else agreed_folder(partial(free_folder, recipe.name), own)
    say(f"Recipe {recipe.name}: {recipe.description}" if recipe.description else f"Recipe {recipe.name}")
    for note in notes:
        say(note)
    say(f"Run folder: {folder}")
    return run(recipe, folder, False, wanted, own)


def run(recipe: Recipe, folder: Path, resume: bool, wanted: Mapping[tuple[str, str], Path], own: World = ALONE) -> int:
    """Train, print the end of the run, copy predictions to where they were `wanted`; returns the exit status."""
    from tasks.interrupt import exit_status  # torch takes a second to load: only once everything that was typed is known to be right
    from tasks.train import train

    result = train(recipe, folder, resume=resume, say=print, bar=progress_bar)
    if result.stopped_by is not None:
        return exit_status(result.stopped_by)
    if own.leads:
        tell(recipe, folder, result, wanted)
    return 0


def tell(recipe: Recipe, folder: Path, result: Result, wanted: Mapping[tuple[str, str], Path]) -> None:
    """Print the end of a run, and copy predictions to where they were `wanted`."""
    scores = {name: (entry["metric"], entry["ours"]) for name, entry in result.results["tasks"].items()}
    print(f"\nThe best epoch was {result.progress.best_epoch} of {recipe.training.epochs}:\n")
    print(results_table(result.results))
    print("", *overall_lines(scores, recipe.training.score), "", sep="\n")
    print(*copy_predictions(wanted, recipe, result.folder.predictions), sep="\n", end="\n" if wanted else "")
    print(f"Run folder: {folder}")
    print(f"Report:     {folder / 'report.html'}")


def free_folder(name: str) -> Path:
    """runs/NAME, or the first of runs/NAME-2, runs/NAME-3, ... that holds nothing yet."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "run"
    names = (plain if number == 1 else f"{plain}-{number}" for number in count(1))
    return next(RUNS / each for each in names if not _is_taken(RUNS / each))


def _is_taken(folder: Path) -> bool:
    # An empty folder is what a run leaves that failed before its first step.
    return folder.exists() and not (folder.is_dir() and not any(folder.iterdir()))


def _resume(options: argparse.Namespace, own: World) -> int:
    unwelcome = [name for name in given(options) if not WITH_RESUME.fullmatch(name)]
    if unwelcome:
        what = f"the recipe {options.recipe}" if unwelcome[0] == "--recipe" else unwelcome[0]
        raise UserError(f"--resume goes on with the run's own recipe, so {what} cannot be given with it; leave it out, or start a new run.")
    folder = Path(options.resume)
    if not os.path.isfile(folder / "recipe.toml"):
        raise UserError(f"--resume: {written(options.resume)} is no run folder (it holds no recipe.toml); expected a folder that minbert train wrote, such as runs/practice.")
    recipe = load_recipe(folder / "recipe.toml")
    return run(recipe, folder, True, outputs(options, recipe.tasks), own)
