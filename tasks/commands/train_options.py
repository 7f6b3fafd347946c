"""The options of `minbert train` and its help."""

from __future__ import annotations

import argparse

from tasks.commands.course_options import add_course_options
from tasks.commands.options import make_parser
from tasks.recipe import built_in_recipes
from tasks.recipe_reading import KEYS, MEANT, read_toml

DESCRIPTION = """\
Train a recipe: pretrained weights, one or more tasks, and everything else a run needs. The run folder then holds scores, curves,
predictions in the course's format, checkpoints and a report to open. Without any option this is the first run: the small minilm model on
three practice tasks, minutes on two cores. Ctrl-C saves and says how to go on."""

EXAMPLES = """\
examples:
  minbert train                                             the first run
  minbert train sst --data DIR --weights minilm --lr 1e-4   one task of the course, small model
  minbert train --data DIR --weights bert-base-uncased      the course's multitask baseline
  minbert train --set optimizer.lr=2e-5 --set tasks=sst,sts --data DIR
  minbert train mine.toml --data .                          a recipe and data of your own
  minbert train --resume runs/practice                      go on where it stopped

A setting can be changed in three places; the later one counts: the recipe, --set, an option of its own. minbert train RECIPE --show prints
every setting with its value and what it means. Options are understood with dashes and with underscores."""


# Options that somebody may well try -> what to say instead: a setting of that name is reached by --set, and the starters' own have a substitute.
INSTEAD = {
    **{f"--{key.rpartition('.')[2].replace('_', '-')}": f"say --set {key}=VALUE" for key in reversed(KEYS) if not key.endswith(".name")},
    **{f"--{word.replace('_', '-')}": f"say --set {key}=VALUE" for word, key in MEANT.items() if "." not in word},
    "--learning-rate": "say --lr VALUE", "--dropout": "say --hidden-dropout-prob VALUE", "--model": "say --weights NAME",
    "--filepath": "name the folder of the whole run with --run-folder",
    "--output": "name the folder of the run with --run-folder",
    "--label-names": "labels are numbers from 0 upwards, and other data is a task of your own in a recipe: see docs/recipes.md",
    "--max-sentence-len": "say --set data.max_length=VALUE",
    "--local-files-only": "set the environment variable HF_HUB_OFFLINE=1",
}


def train_parser() -> argparse.ArgumentParser:
    """The parser of `minbert train`."""
    parser = make_parser("train", "[RECIPE]", DESCRIPTION, f"built-in recipes:\n{_recipes()}\n\n{EXAMPLES}")
    _what(parser.add_argument_group("what to train"))
    _where(parser.add_argument_group("where"))
    add_settings(parser.add_argument_group("settings with an option of their own (default: what the recipe says)"))
    add_course_options(parser)
    return parser


def _what(group: argparse._ArgumentGroup) -> None:
    group.add_argument("recipe", nargs="?", metavar="RECIPE", help="a built-in recipe or a TOML file (default: practice; baseline when course files are given)")
    group.add_argument("--data", metavar="DIR", help="folder of the data files (default: MINBERT_DATA, otherwise the practice data)")
    group.add_argument("--weights", metavar="W", help="minilm, bert-base-uncased, tiny, or a folder (default: the recipe's)")
    group.add_argument("--tasks", metavar="NAMES", help="tasks to train, with commas: sst,quora,sts (default: the recipe's)")
    group.add_argument("--set", metavar="KEY=VALUE", action="append", default=[], help="change any setting of the recipe; may be repeated")
    group.add_argument("--show", action="store_true", help="print the recipe as it would run, complete, and stop")


def _where(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--run-folder", metavar="DIR", help="where the run goes (default: runs/RECIPE, or runs/RECIPE-2, ... when that is taken)")
    group.add_argument("--resume", metavar="RUN", help="go on with the run in this folder, exactly as if it had never stopped")
    group.add_argument("--device", metavar="DEVICE", help="auto, cpu, cuda or mps (default: the recipe's, which is auto)")
    group.add_argument("--use-gpu", action="store_true", help="the course's way to say --device cuda")


def add_settings(group: argparse._ArgumentGroup) -> None:
    """The settings that have an option of their own, as `minbert train` and `minbert compare` take them."""
    for option, key in (("--epochs", "training.epochs"), ("--lr", "optimizer.lr"), ("--batch-size", "sampler.batch_size"), ("--seed", "seed"),
                        ("--hidden-dropout-prob", "model.head_dropout"), ("--fine-tune-mode", "model.fine_tune_mode")):
        rule, comment = KEYS[key].metadata["rule"], KEYS[key].metadata["comment"]
        group.add_argument(option, metavar="VALUE", help=f"{comment} [{key}]: {rule.words}".replace("%", "%%"))
    group.add_argument("--option", metavar="VALUE", help="the course's older name for --fine-tune-mode: pretrain (last-linear-layer) or finetune (full-model)")


def _recipes() -> str:
    tables = {name: read_toml(path) for name, path in built_in_recipes().items()}
    return "\n".join(f"  {name:<22} {table['description']}" for name, table in tables.items())
