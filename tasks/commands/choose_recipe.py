"""From the options of `minbert train` to one recipe: which recipe is meant, and what the options change in it."""

from __future__ import annotations

import argparse
import os.path
from collections.abc import Mapping
from pathlib import Path

from minbert.errors import UserError
from tasks.commands.course_options import file_overrides, gives_course_files
from tasks.recipe import Override, Recipe, load_recipe
from tasks.recipe_stages import texts_named
from tasks.recipe_tasks import needs_data_folder
from tasks.recipe_words import written
from tasks.recipe_writing import toml_value

DEFAULT, COURSE_DEFAULT = "practice", "baseline"
# The course's own recipe is written for BERT-base. Where nobody asked for that, the small model takes its place, at a rate that suits it.
SMALL = (Override("weights", "minilm"), Override("optimizer.lr", "1e-4"))

# option -> the setting it changes
SETTINGS = {
    "weights": "weights", "tasks": "tasks", "epochs": "training.epochs", "lr": "optimizer.lr", "batch_size": "sampler.batch_size", "seed": "seed",
    "hidden_dropout_prob": "model.head_dropout", "fine_tune_mode": "model.fine_tune_mode", "device": "training.device",
}
MODES = {"pretrain": "last-linear-layer", "finetune": "full-model"}  # --option, as the course called it in 2023


def choose_recipe(options: argparse.Namespace, environment: Mapping[str, str]) -> tuple[Recipe, list[str]]:
    """The recipe to train, and sentences about choices that the user should know of. `UserError` for whatever does not fit together."""
    folder = _data_folder(options, environment)
    course = bool(folder) or gives_course_files(options)
    name = options.recipe or (COURSE_DEFAULT if course else DEFAULT)
    overrides, notes = [], []
    if not options.recipe and course and not _weights_given(options):
        overrides += SMALL
        notes.append(f"Recipe {COURSE_DEFAULT} on the course's files with weights minilm and optimizer.lr 1e-4; for the papers' model and rate "
                     "add --weights bert-base-uncased.")
    overrides += [*options.set, *_named(options)]
    recipe = load_recipe(name, overrides)
    overrides += file_overrides(options, recipe.tasks)
    overrides += _folder_override(load_recipe(name, overrides), folder, options)
    recipe = load_recipe(name, overrides)
    return recipe, notes + advice(recipe)


def advice(recipe: Recipe) -> list[str]:
    """Sentences about a learning rate that is known not to suit the weights or the mode; empty when all is well."""
    rate, frozen = recipe.optimizer.lr, recipe.model.fine_tune_mode == "last-linear-layer"
    if frozen and rate < 1e-4:
        return [f"Note: only the heads learn, and optimizer.lr = {rate:g} is small for that; the course uses --lr 1e-3."]
    if recipe.weights == "minilm" and not frozen and rate < 3e-5:
        return [f"Note: optimizer.lr = {rate:g} suits bert-base-uncased; minilm learns much faster with --lr 1e-4."]
    if recipe.weights == "bert-base-uncased" and not frozen and rate > 5e-5:
        return [f"Note: optimizer.lr = {rate:g} is large for bert-base-uncased; the papers use --lr 1e-5."]
    return []


def _weights_given(options: argparse.Namespace) -> bool:
    return options.weights is not None or any(text.partition("=")[0].strip() == "weights" for text in options.set)


def _data_folder(options: argparse.Namespace, environment: Mapping[str, str]) -> str:
    folder, origin = (options.data, "--data") if options.data is not None else (environment.get("MINBERT_DATA", ""), "MINBERT_DATA")
    if (folder or origin == "--data") and not os.path.isdir(folder):
        raise UserError(f"{origin}: there is no folder {written(folder)}; expected the folder that holds the data files, such as ids-sst-train.csv.")
    return str(Path(folder).absolute()) if folder else ""


def _named(options: argparse.Namespace) -> list[Override]:
    for one, other in (("option", "fine_tune_mode"), ("use_gpu", "device")):
        if getattr(options, one) and getattr(options, other):
            raise UserError(f"--{one.replace('_', '-')} and --{other.replace('_', '-')} set the same thing; give one of them.")
    overrides = [Override(key, getattr(options, name), f"--{name.replace('_', '-')}") for name, key in SETTINGS.items() if getattr(options, name) is not None]
    if options.option is not None:
        if options.option not in MODES:
            raise UserError(f"--option is {written(options.option)}, but must be pretrain (last-linear-layer) or finetune (full-model).")
        overrides.append(Override("model.fine_tune_mode", MODES[options.option], "--option"))
    return overrides + ([Override("training.device", "cuda", "--use-gpu")] if options.use_gpu else [])


def _folder_override(recipe: Recipe, folder: str, options: argparse.Namespace) -> list[Override]:
    """Where the data lies; a folder from MINBERT_DATA is used by recipes that need one and left alone by the others."""
    if options.data is not None and not needs_data_folder(recipe):
        raise UserError(f"--data: recipe {recipe.name} reads no file from a data folder (it trains {', '.join(recipe.tasks)}); leave --data out, "
                        f"or name a recipe for the course's files, such as {COURSE_DEFAULT}.")
    if not needs_data_folder(recipe) or (recipe.data.folder and options.data is None):
        return []
    if not folder:
        texts = "".join(f" after reading {source}" for source in texts_named(recipe)[:1])
        raise UserError(f"recipe {recipe.name} trains {', '.join(recipe.tasks)}{texts}, whose files do not come with minbert; give their folder with "
                        "--data DIR or in the environment variable MINBERT_DATA.")
    return [Override("data.folder", toml_value(folder), "--data")]
