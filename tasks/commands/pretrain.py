"""`minbert pretrain`: the stages of a recipe without its tasks, for an encoder that can be named as weights."""

from __future__ import annotations

import argparse
import os
from functools import partial
from pathlib import Path

from minbert.errors import UserError, nearest
from tasks.commands.choose_recipe import choose_recipe
from tasks.commands.company import agreed_folder, in_company
from tasks.commands.options import given, make_parser, parse
from tasks.commands.train import free_folder
from tasks.commands.train_options import train_parser
from tasks.console import progress_bar
from tasks.processes import ALONE, World
from tasks.recipe import Override, Recipe, load_recipe, to_toml
from tasks.recipe_reading import KEYS, override_value
from tasks.recipe_stages import STAGES
from tasks.recipe_tasks import known_tasks
from tasks.recipe_words import tip, written
from tasks.recipe_writing import toml_value

DESCRIPTION = """\
Let an encoder read bare texts, without labels, before any task: further masked words (mlm), sentences told apart (simcse), or both. It runs
the stages of a recipe and leaves out its tasks. The folder it names in the end holds an encoder: for --weights, for Bert.from_pretrained, and for
transformers (after mlm as BertForMaskedLM too). Ctrl-C saves and says how to go on."""

EXAMPLES = """\
examples:
  minbert pretrain --stages simcse                              practice texts, the small model
  minbert pretrain mlm --data DIR --weights bert-base-uncased   the training texts of the course's tasks
  minbert pretrain --stages mlm,simcse --texts novels.txt       a file with one text a line
  minbert pretrain --stages simcse --set simcse.triples=nli --data DIR    with labels: NLI triples
  minbert pretrain --resume runs/mlm-encoder                    go on where it stopped
  minbert train sst --data DIR --weights runs/mlm-encoder/encoders/mlm

Texts of dev and test are never learned from: of tasks the training rows are read, and lines of a file that dev or test hold are left out."""

# Settings of the stages that somebody may well write as options of their own -> what to say instead.
_NAMES = dict.fromkeys(key.partition(".")[2] for key in KEYS if key.partition(".")[0] in STAGES)
INSTEAD = {f"--{name.replace('_', '-')}": "say --set " + " or ".join(f"{stage}.{name}=VALUE" for stage in STAGES if f"{stage}.{name}" in KEYS) for name in _NAMES}

PASSED_ON = ("data", "weights", "tasks", "device", "seed")  # options that mean what they mean to minbert train


def main(argv: list[str]) -> int:
    """Run `minbert pretrain` with these arguments; returns the exit status. `UserError` for every mistake in them."""
    return in_company(partial(run_options, argv))


def run_options(argv: list[str], own: World) -> int:
    """Start or resume the stages that the arguments ask for, as one of the processes of a world."""
    options, say = parse(pretrain_parser(), argv, INSTEAD), own.voice(print)
    if options.resume is not None:
        return _resume(options, own)
    recipe = chosen(options)
    if options.show:
        say(to_toml(recipe).rstrip("\n"))
        return 0
    folder = Path(options.run_folder) if options.run_folder else agreed_folder(partial(free_folder, f"{recipe.name}-encoder"), own)
    say(f"Recipe {recipe.name}, stages {', '.join(recipe.stages.run)}, weights {recipe.weights}")
    say(f"Run folder: {folder}")
    return run(recipe, folder, False, own)


def pretrain_parser() -> argparse.ArgumentParser:
    """The parser of `minbert pretrain`."""
    parser = make_parser("pretrain", "[RECIPE]", DESCRIPTION, EXAMPLES)
    parser.add_argument("recipe", nargs="?", metavar="RECIPE", help="a built-in recipe or a TOML file (default: as minbert train chooses)")
    parser.add_argument("--stages", metavar="NAMES", help="mlm, simcse, or both with a comma, in order (default: the recipe's)")
    parser.add_argument("--texts", metavar="FILES", help="text files with one text a line, or names of tasks, with commas (default: the tasks' training texts)")
    parser.add_argument("--data", metavar="DIR", help="folder of the data files (default: MINBERT_DATA, otherwise the practice data)")
    parser.add_argument("--weights", metavar="W", help="minilm, bert-base-uncased, tiny, or a folder (default: the recipe's)")
    parser.add_argument("--tasks", metavar="NAMES", help="tasks whose training texts are read, with commas (default: the recipe's)")
    parser.add_argument("--set", metavar="KEY=VALUE", action="append", default=[], help="change any setting: --set mlm.lr=5e-6; may be repeated")
    parser.add_argument("--seed", metavar="VALUE", help="every random choice follows from it")
    parser.add_argument("--device", metavar="DEVICE", help="auto, cpu, cuda or mps (default: the recipe's, which is auto)")
    parser.add_argument("--run-folder", metavar="DIR", help="where the run goes (default: runs/RECIPE-encoder, or the next that is free)")
    parser.add_argument("--resume", metavar="RUN", help="go on with the run in this folder, exactly as if it had never stopped")
    parser.add_argument("--show", action="store_true", help="print the recipe as it would run, complete, and stop")
    return parser


def chosen(options: argparse.Namespace) -> Recipe:
    """The recipe that the options name, chosen as `minbert train` would. `UserError` when it has no stage."""
    argv = [*([options.recipe] if options.recipe else []), *(f"--set={each}" for each in options.set)]
    argv += [f"--{name}={value}" for name in PASSED_ON if (value := getattr(options, name)) is not None]
    if options.stages is not None:
        override_value(Override("stages.run", options.stages, "--stages"))  # first, so that a mistake is told under the name it was typed by
        argv.append(f"--set=stages.run={options.stages}")
    recipe, _ = choose_recipe(parse(train_parser(), argv), os.environ)
    if options.texts is not None:  # known only now: which stages the texts are for
        argv += [f"--set={stage}.texts={_texts(options.texts, recipe)}" for stage in recipe.stages.run]
        recipe, _ = choose_recipe(parse(train_parser(), argv), os.environ)
    if not recipe.stages.run:
        raise UserError(f"recipe {recipe.name} has no stage before its tasks, so there is nothing to pretrain; say --stages simcse or --stages mlm.")
    return recipe


def run(recipe: Recipe, folder: Path, resume: bool, own: World = ALONE) -> int:
    """Run the stages and say where the encoder lies; returns the exit status."""
    from tasks.interrupt import exit_status  # torch takes a second to load: only once everything that was typed is known to be right
    from tasks.pretrain import pretrain

    done = pretrain(recipe, folder, resume, say=print, bar=progress_bar)
    if done.stopped_by is not None:
        return exit_status(done.stopped_by)
    own.voice(print)(f"\nEncoder: {done.encoder}\nReport:  {folder / 'report.html'}\n\nGo on with it: minbert train RECIPE --weights {done.encoder}")
    return 0


def _texts(names: str, recipe: Recipe) -> str:
    sources, known = [name.strip() for name in names.split(",") if name.strip()], ["tasks", *known_tasks(recipe)]
    if not sources:
        raise UserError(f"--texts is {written(names)}, expected text files with one text a line, or names of tasks, with commas.")
    for each in sources:
        if each not in known and not os.path.isfile(each):
            wrong = f"{written(each)} is a folder" if os.path.isdir(each) else f"there is no file {written(each)}"
            raise UserError(tip(f"--texts: {wrong}, and no task is called so", nearest(each, known), "give text files with one text a line"))
    # What is typed is a path from here; what a recipe says is one below the data folder.
    return toml_value([each if each in known else str(Path(each).absolute()) for each in sources])


def _resume(options: argparse.Namespace, own: World) -> int:
    unwelcome = [name for name in given(options) if name != "--resume"]
    if unwelcome:
        raise UserError(f"--resume goes on with the run's own recipe, so {unwelcome[0]} cannot be given with it; leave it out, or start a new run.")
    folder = Path(options.resume)
    if not os.path.isfile(folder / "recipe.toml"):
        raise UserError(f"--resume: {written(options.resume)} is no run folder (it holds no recipe.toml); expected a folder that minbert pretrain wrote, such as "
                        "runs/mlm-encoder.")
    return run(load_recipe(folder / "recipe.toml"), folder, True, own)
