"""A recipe by name or by path, with changes from the command line: the seventh door, one choice for each of the others.

    recipe = load_recipe("sst", ["weights=minilm", "optimizer.lr=1e-4"])
    print(to_toml(recipe))

Everything that can be wrong with a recipe is said here, in one sentence, before torch or any model is loaded.
"""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from minbert.errors import UserError, nearest
from minbert.truncation import expect_room
from tasks.recipe_extra import extras_of
from tasks.recipe_phases import phases_of
from tasks.recipe_reading import SECTIONS, Override, override_value, parse_override, read_toml, settings_in
from tasks.recipe_settings import TABLES, Recipe
from tasks.recipe_tasks import tasks_of
from tasks.recipe_words import tip, written
from tasks.recipe_writing import to_toml

__all__ = ["Override", "Recipe", "built_in_recipes", "load_recipe", "recipe_from_table", "to_toml"]

FOLDER = Path(__file__).parent / "recipes"


def built_in_recipes() -> dict[str, Path]:
    """Recipes that come with the library: name -> file, `practice` first."""
    paths = sorted(FOLDER.glob("*.toml"), key=lambda path: (path.stem != "practice", path.stem))
    return {path.stem: path for path in paths}


def load_recipe(name_or_path: str | Path, overrides: Iterable[str | Override] = ()) -> Recipe:
    """Read a built-in recipe or a TOML file, then apply `overrides` ("optimizer.lr=2e-5") in order.

    Raises `UserError`, one sentence with file, key, value, what was expected and the nearest valid one.

    >>> load_recipe("practice", ["training.epochs=1"]).training.epochs
    1
    """
    path = find_recipe(name_or_path)
    shown = f"recipe {name_or_path}" if path.parent == FOLDER else ascii(str(path))[1:-1]
    return recipe_from_table({"name": path.stem, **read_toml(path)}, shown, overrides)


def find_recipe(name_or_path: str | Path) -> Path:
    """The file of a recipe: a built-in name, otherwise a path; `UserError` naming the nearest recipe when it is neither."""
    known = built_in_recipes()
    if str(name_or_path) in known:
        return known[str(name_or_path)]
    path, shown = Path(name_or_path), written(str(name_or_path))
    # os.path and not Path: it answers False, where Path raises, for a name that is too long or holds a zero byte.
    if os.path.isdir(path):
        raise UserError(f"{shown} is a folder, but a recipe is a TOML file; to go on with a run, say minbert train --resume FOLDER.")
    if not os.path.isfile(path):
        meant = nearest(str(name_or_path), known)
        sentence = f"there is no recipe {shown}, neither among the {len(known)} that are built in nor as a file"
        raise UserError(tip(sentence, meant, "minbert recipes lists the names, or give the path of a TOML file"))
    return path


def recipe_from_table(table: Mapping[str, Any], where: str = "", overrides: Iterable[str | Override] = ()) -> Recipe:
    """Build a Recipe from the table of a TOML file and overrides; `where` begins every sentence about the table."""
    settings: dict[str, Any] = dict(settings_in(dict(table), f"{where}: " if where else ""))
    overrides = tuple(overrides)
    for override in overrides:
        _apply(settings, parse_override(override) if isinstance(override, str) else override)
    try:
        recipe = Recipe(
            **{key: value for key, value in settings.items() if "." not in key},
            **{name: section(**_inside(settings, name)) for name, section in SECTIONS.items()},
            **{name: _inside(settings, name) for name in TABLES},
        )
        _expect_room(recipe)
        extras_of(recipe)
        phases_of(recipe)
    except UserError as error:
        # Which of the two brought the impossible part is not known here: either may have.
        raise UserError(f"{where}{', with the options given' if overrides else ''}: {error}" if where else str(error)) from None
    return recipe


def _inside(settings: Mapping[str, Any], section: str) -> dict[str, Any]:
    return {key[len(section) + 1 :]: value for key, value in settings.items() if key.startswith(f"{section}.")}


def _apply(settings: dict[str, Any], override: Override) -> None:
    value = override_value(override)
    if override.key.split(".")[0] not in TABLES:
        settings[override.key] = value
        return
    section, name, key = (*override.key.split(".", 2), "", "")[:3]
    if not key:
        what, example = {"task": ("a task", "task.irony.train=irony.csv"), "extra": ("extra rows", "extra.snli.limit=1000"),
                         "phase": ("a phase", "phase.together.epochs=3")}[section]
        raise UserError(f"{override.origin}: {written(override.key)} names no setting of {what}; expected {section}.NAME.KEY, for example {example}.")
    table = settings.get(f"{section}.{name}", {})
    settings[f"{section}.{name}"] = {**(table if isinstance(table, dict) else {}), key: value}


def _expect_room(recipe: Recipe) -> None:
    # Names of tasks are checked on the way: the longest special tokens are those of a pair that is read as one.
    for task in tasks_of(recipe).values():
        joined = task.is_pair and recipe.model.pairs == "cross"
        try:
            expect_room(recipe.data.max_length, recipe.data.truncation, joined)
        except UserError as error:
            raise UserError(f"data.{error}") from None
