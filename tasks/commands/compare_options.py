"""The options of `minbert compare` and its help."""

from __future__ import annotations

import argparse

from tasks.commands.course_options import COURSE_TASKS
from tasks.commands.options import make_parser
from tasks.commands.train_options import INSTEAD, add_settings
from tasks.registry import SPLITS

DESCRIPTION = """\
Train recipes over several seeds and compare them: mean and standard deviation of every score, what each row cost, the papers' figures beside,
and for every row against the first a paired bootstrap over dev examples and the noise between seeds. Runs that are finished already are used
as they are; after Ctrl-C the same command goes on. A run that fails is named in the table and the exit status is 1."""

EXAMPLES = """\
examples:
  minbert compare baseline summed pcgrad gse --seeds 3 --data DIR
  minbert compare baseline gse --data DIR --weights minilm --lr 1e-4 --epochs 2 --set data.limit=1000
  minbert compare sst --sweep optimizer.weight_decay=0,1e-5,1e-4 --seeds 11711,11712 --data DIR
  minbert compare --sweep optimizer.weight_decay=0,1e-5,1e-4,1e-3,1e-2 --dry-run
  minbert compare baseline mine.toml --dry-run              what would run, how many updates, how long

Settings count for every row: the recipe, then --set, then an option of its own; a swept setting is changed last. The table is printed and
written to table.md and table.csv in the output folder, with every number in results.json, chart.svg, and chart.png where matplotlib is."""

# What `minbert train` understands and a comparison names otherwise.
ELSEWHERE = {**INSTEAD, "--run-folder": "the runs lie in the folder after --out", "--resume": "the same command again goes on where it stopped",
             "--recipe": "write the recipes first, without an option", "--limit": "say --set data.limit=VALUE"}


def compare_parser() -> argparse.ArgumentParser:
    """The parser of `minbert compare`; its options hold every name that tasks/commands/choose_recipe.py reads."""
    parser = make_parser("compare", "RECIPE...", DESCRIPTION, EXAMPLES)
    what = parser.add_argument_group("what to compare")
    what.add_argument("recipes", nargs="*", metavar="RECIPE", help="built-in recipes or TOML files; the first is what the others are compared with (with --sweep alone: "
                      "as minbert train chooses)")
    what.add_argument("--seeds", metavar="N", default="1", help="how many seeds (3: the recipe's seed and the two after it), or which (11711,11720); default: 1")
    what.add_argument("--sweep", metavar="KEY=V,V", action="append", default=[], help="a row for each value of a setting; several sweeps make a grid")
    what.add_argument("--set", metavar="KEY=VALUE", action="append", default=[], help="change any setting of all recipes; may be repeated")
    what.add_argument("--data", metavar="DIR", help="folder of the data files (default: MINBERT_DATA, otherwise the practice data)")
    what.add_argument("--weights", metavar="W", help="minilm, bert-base-uncased, tiny, or a folder (default: the recipes')")
    what.add_argument("--tasks", metavar="NAMES", help="tasks to train, with commas: sst,quora,sts (default: the recipes')")
    how = parser.add_argument_group("how")
    how.add_argument("--out", metavar="DIR", help="where runs and tables go (default: runs/compare-RECIPE-RECIPE-..., or runs/compare when that is long)")
    how.add_argument("--dry-run", action="store_true", help="list what would run, with updates, examples and an estimate of the time, and stop")
    how.add_argument("--same-process", action="store_true", help="no process of its own for each run: quicker to start, but peak memory stays unknown")
    how.add_argument("--slim", action="store_true", help="delete the checkpoints of each run once it is finished; the tables need its predictions only")
    how.add_argument("--device", metavar="DEVICE", help="auto, cpu, cuda or mps (default: the recipes', which is auto)")
    how.add_argument("--use-gpu", action="store_true", help="the course's way to say --device cuda")
    add_settings(parser.add_argument_group("settings with an option of their own, for all recipes (default: what each recipe says)"))
    parser.set_defaults(**{f"{word}_{split}": None for word in COURSE_TASKS for split in SPLITS})
    return parser
