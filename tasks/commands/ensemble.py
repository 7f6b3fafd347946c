"""`minbert ensemble`: choose which finished models answer better together, on dev, and write the answers of the ensembles."""

from __future__ import annotations

import argparse
import json
import os
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from minbert.errors import UserError, nearest
from minbert.files import write_text
from tasks.commands.options import make_parser, parse
from tasks.recipe_words import tip, written

if TYPE_CHECKING:
    from tasks.ensemble_candidates import Candidate

DESCRIPTION = """\
Choose greedily which finished models answer better together, task by task: candidates in order of their dev score, each taken if the score of
the unweighted mean of unrounded answers does not fall. Everything is chosen on dev; test files are opened after the choice."""
EXAMPLES = """\
examples:
  minbert ensemble runs/a runs/b runs/c
  minbert ensemble runs/compare-*/*/seed-* --bar sst=0.53 --bar sts=0.87 --out runs/best
  minbert ensemble mine/sts-dev-output.csv yours/sts-dev-output.csv --data DIR --standardise
  minbert ensemble mine yours theirs --average votes --data DIR       prediction files hold rounded classes: these can only vote"""
AVERAGES = ("probabilities", "votes", "logits")
RESULT, TABLE = "ensemble.json", "ensemble.md"


def main(argv: list[str]) -> int:
    """Run `minbert ensemble` with these arguments; returns the exit status. `UserError` for every mistake in them."""
    options = parse(ensemble_parser(), argv)
    expect_right(options)
    bars = dict(map(read_bar, options.bar))
    from tasks.ensemble_candidates import Asked, find_candidate  # torch comes with it
    from tasks.ensemble_choice import Rules
    from tasks.ensemble_making import answers_of, choose_all, write_answers
    from tasks.ensemble_tables import as_json, as_markdown, as_text

    asked = Asked(options.average, options.device, options.data)
    candidates = [find_candidate(path, asked) for path in options.candidates]
    names = tasks_asked(candidates, options.task, bars)
    dev = answers_of(candidates, dict.fromkeys(names, candidates), "dev", asked)
    found = choose_all(candidates, dev, Rules(options.average, options.standardise, options.nested, options.seed), bars)
    command, folder = "minbert ensemble " + shlex.join(argv), Path(options.out)
    print(as_text(found))
    said = write_answers(found, candidates, dev, asked, folder)
    write_text(folder / TABLE, as_markdown(found, command))
    write_text(folder / RESULT, json.dumps(as_json(found, command), indent=1) + "\n")
    print("", *said, f"tables: {folder / TABLE} and {folder / RESULT}", sep="\n")
    return 0


def ensemble_parser() -> argparse.ArgumentParser:
    """The options above."""
    parser = make_parser("ensemble", "CANDIDATE CANDIDATE ...", DESCRIPTION, EXAMPLES)
    parser.add_argument("candidates", nargs="+", metavar="CANDIDATE", help="a run folder, a folder of prediction files, or one dev file of predictions")
    parser.add_argument("--task", action="append", default=[], metavar="NAME", help="only this task (may be repeated; default: every task that a candidate knows)")
    parser.add_argument("--bar", action="append", default=[], metavar="TASK=SCORE", help="leave out candidates below this dev score, such as sst=0.53 (may be repeated)")
    parser.add_argument("--average", default=AVERAGES[0], metavar="WHAT", help=f"what is averaged: {', '.join(AVERAGES)} (default: {AVERAGES[0]})")
    parser.add_argument("--standardise", action="store_true", help="bring the scores of a regression onto one scale, measured on dev, before they are averaged")
    parser.add_argument("--nested", type=int, default=100, metavar="DRAWS", help="halves of dev for the estimate of optimism, 0 for none (default: 100)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="seed of those halves (default: 0)")
    parser.add_argument("--out", default="runs/ensemble", metavar="DIR", help="a new folder for predictions and tables (default: runs/ensemble)")
    parser.add_argument("--data", metavar="DIR", help="folder of the data files (default: the folder that each run was trained on)")
    parser.add_argument("--device", default="auto", metavar="DEVICE", help="auto, cpu, cuda or mps (default: auto)")
    return parser


def expect_right(options: argparse.Namespace) -> None:
    """Raise `UserError` for what is wrong with the options alone, before anything is loaded."""
    for name, known in (("average", AVERAGES), ("device", ("auto", "cpu", "cuda", "mps"))):
        value = getattr(options, name)
        if value not in known:
            raise UserError(tip(f"--{name} is {written(value)}, but must be {' or '.join(known)}", nearest(value, known), f"try {known[0]}"))
    if options.nested < 0:
        raise UserError(f"--nested is {options.nested}, expected 0 or more draws of half of dev.")
    places = [os.path.realpath(path) for path in options.candidates]
    twice = [path for path, place in zip(options.candidates, places) if places.count(place) > 1]
    if twice:
        raise UserError(f"{twice[0]} is given twice, and would count twice in every mean; give each candidate once.")
    if os.path.exists(Path(options.out) / RESULT):
        raise UserError(f"{options.out} already holds an ensemble; give another folder with --out, so that no answers of two ensembles are mixed.")
    if options.data is not None and not os.path.isdir(options.data):
        raise UserError(f"--data: there is no folder {written(options.data)}; expected the folder that holds the data files, such as ids-sst-dev.csv.")


def read_bar(text: str) -> tuple[str, float]:
    """ "sst=0.53" -> ("sst", 0.53); `UserError` for anything else, and for a score that no task can reach."""
    name, _, number = text.partition("=")
    try:
        bar = float(number)
    except ValueError:
        bar = float("nan")
    if not name or not -1 <= bar <= 1:
        raise UserError(f"--bar is {written(text)}, expected TASK=SCORE with a score as a share, such as sst=0.53.")
    return name, bar


def tasks_asked(candidates: Sequence[Candidate], wanted: Sequence[str], bars: Mapping[str, float]) -> list[str]:
    """Which tasks to make an ensemble for; `UserError` for names that no candidate answers, and for one task that is two."""
    known = {name: task for candidate in candidates for name, task in candidate.tasks.items()}
    for option, name in [*(("--task", name) for name in wanted), *(("--bar", name) for name in bars)]:
        if name not in (list(wanted) or known if option == "--bar" else known):
            raise UserError(tip(f"{option} names the task {written(name)}, but the candidates answer {', '.join(known)}", nearest(name, known), "choose one of those"))
    for candidate in candidates:
        for name, task in candidate.tasks.items():
            if (task.kind, task.num_outputs) != (known[name].kind, known[name].num_outputs):
                raise UserError(f"{candidate.name} and another candidate describe the task {name} differently: {task.kind} with {task.num_outputs} outputs "
                                f"and {known[name].kind} with {known[name].num_outputs}; they cannot answer together.")
    return list(dict.fromkeys(wanted)) or list(known)
