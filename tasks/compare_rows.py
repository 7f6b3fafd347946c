"""What a comparison compares: rows (a recipe, perhaps with swept values) times seeds, each a run with a folder of its own.

    minbert compare baseline gse --seeds 3            baseline/seed-11711  baseline/seed-11712  ...  gse/seed-11713
    minbert compare sst --sweep optimizer.lr=1e-5,2e-5         sst,lr=1e-5/seed-11711  sst,lr=2e-5/seed-11711
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from minbert.errors import UserError
from tasks.recipe import Override, Recipe
from tasks.recipe_reading import override_value, parse_override
from tasks.recipe_words import written
from tasks.run_folder import RunFolder

Change = tuple[str, str]  # dotted key of a setting, and the value as it was typed
MOST_RUNS = 1000  # more is a slip of the keyboard


@dataclass(frozen=True, eq=False)  # told apart by identity: a recipe may hold tables, which have no hash
class Row:
    """One line of the table: its name, the recipe of its first seed, and what a sweep changed in it."""

    name: str
    recipe: Recipe
    changes: tuple[Change, ...] = ()

    @property
    def folder_name(self) -> str:
        """The row's name as a folder can carry it."""
        return re.sub(r"[^A-Za-z0-9._=+-]+", ",", self.name).strip(",.") or "row"


@dataclass(frozen=True, eq=False)  # told apart by identity: a recipe may hold tables, which have no hash
class Run:
    """One row with one seed: `recipe` is complete, `folder` is an ordinary run folder."""

    row: Row
    recipe: Recipe
    folder: RunFolder

    @property
    def out(self) -> Path:
        """The folder of the whole comparison."""
        return self.folder.path.parents[1]

    @property
    def title(self) -> str:
        """How progress lines and sentences call the run."""
        return f"{self.row.name}, seed {self.recipe.seed}"


def grid(sweeps: Iterable[str]) -> list[tuple[Change, ...]]:
    """Every combination of the swept values, the last sweep fastest; [()] without sweeps. `UserError` names the sweep that cannot be read."""
    axes: list[list[Change]] = []
    for text in sweeps:
        override = parse_override(text, "--sweep")
        # A comma inside brackets belongs to a list: betas=[0.9,0.99],[0.9,0.999] has two values.
        values = [value.strip() for value in re.split(r",(?![^\[]*\])", override.text) if value.strip()]
        if len(values) < 2 or len(set(values)) < len(values):
            raise UserError(f"--sweep: got {written(text)}, but KEY=VALUE,VALUE with two different values or more was expected, for example optimizer.weight_decay=0,0.01.")
        if override.key == "seed":
            raise UserError("--sweep: seed is no row of a table but what rows are averaged over; say --seeds 1,2,3.")
        if override.key in [axis[0][0] for axis in axes]:
            raise UserError(f"--sweep: {override.key} is swept twice; give all its values in one --sweep.")
        for value in values:
            override_value(Override(override.key, value, "--sweep"))
        axes.append([(override.key, value) for value in values])
    return list(itertools.product(*axes))


def name_of(recipe: str, changes: Sequence[Change]) -> str:
    """"gse weight_decay=1e-5": the recipe, then each swept value under the last part of its key, or the whole key where two parts would be alike."""
    short = [key.rpartition(".")[2] for key, _ in changes]
    names = [part if short.count(part) == 1 else key for part, (key, _) in zip(short, changes)]
    return " ".join([recipe, *(f"{name}={value}" for name, (_, value) in zip(names, changes))])


def seeds_of(text: str, first: int) -> list[int]:
    """--seeds 3 -> first, first + 1, first + 2; --seeds 1,2,3 -> these; `UserError` for anything else."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    if not words or not all(re.fullmatch(r"[0-9]{1,10}", word) for word in words):
        raise UserError(f"--seeds is {written(text)}, but must be how many (3) or which, with commas (11711,11712).")
    numbers = [int(word) for word in words]
    seeds = numbers if "," in text else [first + place for place in range(min(numbers[0], MOST_RUNS + 1))]
    if not seeds or len(set(seeds)) < len(seeds) or max(seeds) > 2**32 - 1:
        raise UserError(f"--seeds is {written(text)}; expected at least one seed, none twice, each from 0 to {2**32 - 1}.")
    return seeds


def runs_of(rows: Sequence[Row], seeds: str, out: Path) -> list[Run]:
    """Every row with every seed, seed by seed so that a table stopped early compares like with like. `UserError` for two rows of one name, or too many runs."""
    folders = [row.folder_name.lower() for row in rows]  # some disks do not tell Gse from gse
    for place, folder in enumerate(folders):
        if folder in folders[:place]:
            raise UserError(f"two rows are called {written(rows[place].name)}; give the recipes different names, since each row has a folder of its own.")
    by_row = [[Run(row, replace(row.recipe, seed=seed), RunFolder(out / row.folder_name / f"seed-{seed}")) for seed in seeds_of(seeds, row.recipe.seed)] for row in rows]
    if sum(map(len, by_row)) > MOST_RUNS:
        raise UserError(f"these options ask for more than {MOST_RUNS:,} runs; give fewer seeds or shorter sweeps.")
    return [run for of_one_seed in zip(*by_row) for run in of_one_seed]
