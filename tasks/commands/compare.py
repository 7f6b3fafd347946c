"""`minbert compare`: train recipes over seeds, as far as that is not done yet, and print and write the tables."""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from minbert.errors import UserError
from minbert.files import write_text
from tasks.commands.choose_recipe import SETTINGS, choose_recipe
from tasks.commands.compare_options import ELSEWHERE, compare_parser
from tasks.commands.options import parse
from tasks.compare_rows import Row, Run, grid, name_of, runs_of
from tasks.console import progress_bar, table

if TYPE_CHECKING:
    from tasks.compare_counts import Counts

LONGEST_NAME = 60  # of the default output folder
FAILED = 1  # exit status when a run failed


def main(argv: list[str]) -> int:
    """Run `minbert compare` with these arguments; returns the exit status: 1 when a run failed. `UserError` for every mistake in them."""
    options = parse(compare_parser(), argv, ELSEWHERE)
    rows, notes = rows_of_options(options, os.environ)
    runs = runs_of(rows, options.seeds, out_folder(options))
    print(*notes, sep="\n", end="\n" if notes else "")
    from tasks.compare_counts import counts_of  # torch takes a second to load: only once everything that was typed is known to be right

    of_row = {row.name: counts_of(row.recipe) for row in rows}  # no count depends on the seed
    planned = {run: of_row[run.row.name] for run in runs}
    if options.dry_run:
        print(plan_text(runs, planned))
        return 0
    return make_and_tell(runs, planned, options, "minbert compare " + shlex.join(argv))


def rows_of_options(options: argparse.Namespace, environment: Mapping[str, str]) -> tuple[list[Row], list[str]]:
    """Every recipe with every combination of swept values, and sentences about choices that the user should know of."""
    combinations = grid(options.sweep)
    for key, _ in combinations[0]:
        taken = [f"--{name.replace('_', '-')}" for name, setting in SETTINGS.items() if setting == key and getattr(options, name) is not None]
        taken += [f"--set {text}" for text in options.set if text.partition("=")[0].strip() == key]
        if taken:
            raise UserError(f"--sweep {key} and {taken[0]} set the same thing; give one of them.")
    rows, notes = [], []
    if not options.recipes and not options.sweep:
        raise UserError("compare: the following arguments are required: RECIPE (or --sweep KEY=VALUE,VALUE); minbert compare --help shows what there is.")
    for name in options.recipes or [None]:
        for changes in combinations:
            changed = argparse.Namespace(**{**vars(options), "recipe": name, "set": [*options.set, *(f"{key}={value}" for key, value in changes)]})
            recipe, said = choose_recipe(changed, environment)
            rows.append(Row(name_of(recipe.name, changes), recipe, changes))
            notes += said
    return rows, list(dict.fromkeys(notes))


def out_folder(options: argparse.Namespace) -> Path:
    """--out, or a folder under runs/ named after the recipes; runs/compare-sweep where none is named."""
    names = "-".join(re.sub(r"[^A-Za-z0-9._+-]+", "-", Path(name).name.removesuffix(".toml")).strip("-.") for name in options.recipes or ["sweep"])
    return Path(options.out or Path("runs") / (f"compare-{names}" if len(names) <= LONGEST_NAME else "compare"))


def plan_text(runs: list[Run], planned: Mapping[Run, Counts]) -> str:
    """What --dry-run prints: a line a run with its state, updates, examples and time, and the time of all that is left."""
    from tasks.compare_estimate import estimate
    from tasks.compare_state import FINISHED, state_of
    from tasks.compare_tables import seconds

    lines, left = [], 0.0
    for run in runs:
        state, (time, source) = state_of(run), estimate(run, planned[run], runs)
        left += 0.0 if state == FINISHED else time
        lines.append([run.title, state, f"{planned[run].updates:,}", f"{planned[run].total:,}", "-" if state == FINISHED else f"{seconds(time)} ({source})"])
    return table(["run", "state", "updates", "examples", "about"], lines) + f"\n\n{len(runs)} runs; what is left takes about {seconds(left)}."


def make_and_tell(runs: list[Run], planned: Mapping[Run, Counts], options: argparse.Namespace, command: str) -> int:
    """Make what is missing, then write and print the tables of what there is; returns the exit status."""
    from tasks.compare_runs import Runner
    from tasks.compare_summary import summarise
    from tasks.compare_tables import as_text
    from tasks.interrupt import exit_status

    out = out_folder(options)
    print(f"{len(runs)} runs in {out}", flush=True)
    stopped = Runner(lambda sentence: print(sentence, flush=True), not options.same_process, progress_bar, options.slim)(runs)
    summary = summarise(runs, planned)
    write_all(out, summary, command)
    if any(row["scores"] for row in summary["rows"]) or not stopped:
        print(f"\n{as_text(summary)}\n\nTable: {out / 'table.md'}\nChart: {out / 'chart.svg'}")
    if stopped:
        print(f"\nStopped; everything is saved. Go on with: {command}")
        return exit_status(stopped)
    return FAILED if any(run["state"] == "failed" for row in summary["rows"] for run in row["runs"]) else 0


def write_all(out: Path, summary: Mapping[str, Any], command: str) -> None:
    """Write table.md, table.csv, results.json, chart.svg, tradeoff.svg and, where matplotlib is, chart.png."""
    from tasks.compare_chart import comparison_chart, write_png
    from tasks.compare_tables import as_csv, as_markdown
    from tasks.compare_tradeoff import tradeoff_chart

    write_text(out / "results.json", json.dumps(summary, indent=1) + "\n")
    write_text(out / "table.md", as_markdown(summary, command))
    write_text(out / "table.csv", as_csv(summary))
    write_text(out / "chart.svg", comparison_chart(summary) + "\n")
    if against_cost := tradeoff_chart(summary):
        write_text(out / "tradeoff.svg", against_cost + "\n")
    write_png(summary, out / "chart.png")
