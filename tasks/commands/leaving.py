"""What `minbert evaluate RUN --exit RULE=NUMBER` prints: the same rows the whole way up and leaving early, with score, layers and measured time."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from minbert.errors import UserError
from tasks.commands.exit_options import expect_exits, rules_of
from tasks.console import NOTHING, constant_lines, overall_lines, score, table

if TYPE_CHECKING:
    from tasks.data import Split
    from tasks.exit_timing import BothWays
    from tasks.load_run import LoadedRun

HEAD = ["all layers", "leaving early", "mean layer", "saved", "seconds", "early", "faster"]


def add_exit_options(parser: argparse.ArgumentParser) -> None:
    """--exit, --calibrated, --tolerance and --turns."""
    group = parser.add_argument_group("leaving early, for a run with [exits]")
    group.add_argument("--exit", action="append", default=[], metavar="RULE", help="confidence=0.95, entropy=0.1, patience=2 or learned=0.9; sts:patience=2 for one task")
    group.add_argument("--calibrated", action="store_true", help="divide what the rule sees by the temperatures that minbert exits found")
    group.add_argument("--tolerance", type=float, metavar="X", help="patience with a regression: answers nearer than X agree (default: 0.5)")
    group.add_argument("--turns", type=int, metavar="N", help="times each way is measured; the fastest counts (default: 2)")


def expect_rule(options: argparse.Namespace) -> None:
    """Raise `UserError` for options that say how to leave early where no --exit says by which rule."""
    given = [name for name in ("calibrated", "tolerance", "turns") if getattr(options, name) not in (None, False)]
    if given and not options.exit:
        raise UserError(f"--{given[0]} is about leaving early, but no --exit says by which rule; add one such as --exit confidence=0.95, or leave --{given[0]} out.")


def leaving(run: LoadedRun, rows: Mapping[str, Split], options: argparse.Namespace) -> str:
    """Evaluate both ways, and say it in a table."""
    from tasks.exit_inference import LeavingEarly
    from tasks.exit_timing import both_ways
    from tasks.exits import depth

    expect_exits(run)
    turns = 2 if options.turns is None else options.turns
    if turns < 1:
        raise UserError(f"--turns is {turns}, expected 1 or more.")
    rules = rules_of(run, options.exit, 0.5 if options.tolerance is None else options.tolerance)
    temperatures = temperatures_of(run, options.checkpoint) if options.calibrated else None
    early = LeavingEarly(run.model, run.model.exits, rules, run.model.certainty, temperatures).eval()
    found = {}
    for name, split in rows.items():
        task, encoded = run.tasks[name], run.encode(run.tasks[name], split)
        found[name] = both_ways(lambda model: run.evaluate(task, encoded, model), run.model, early, encoded, depth(run.model.paths.of(name)), turns)  # noqa: B023
    return "\n".join(_told(run, found, rules, options.split))


def temperatures_of(run: LoadedRun, which: str) -> dict[str, list[float]]:
    """Task -> a temperature for each exit of the checkpoint `which`, as `minbert exits` left them; `UserError` where it was not asked yet, or about another."""
    path, again = run.folder.path / "exits.json", f"say minbert exits {run.folder.path}{'' if which == 'best' else f' --checkpoint {which}'} first"
    try:
        found = json.loads(path.read_text())
        temperatures = {name: [float(each) for each in found["tasks"][name]["temperatures"]] for name in found["tasks"] if found["tasks"][name]["temperatures"]}
        asked = found["checkpoint"]
    except (OSError, ValueError, KeyError, TypeError):
        raise UserError(f"--calibrated needs the temperatures of {path}, which is not there or cannot be read; {again}.") from None
    # Those of another checkpoint, or of none, would be used without a word.
    if asked != which or not temperatures:
        has = f"those of the {asked} checkpoint" if temperatures else "none, since its rule read plain scores"
        raise UserError(f"--calibrated needs the temperatures of the {which} checkpoint, and {path} has {has}; {again}.")
    return temperatures


def _told(run: LoadedRun, found: Mapping[str, BothWays], rules: Mapping[str, Any], split: str) -> list[str]:
    lines = [table([f"task ({split})", *HEAD], [_row(name, each, name in rules) for name, each in found.items()], None), ""]
    lines += [f"{name}: " + (f"leaves by {rules[name].name} = {rules[name].threshold:g}" + ("; that is never" if each.saved == 0 else "; after each layer "
              + " ".join(f"{share:.0%}" for share in each.fractions)) if name in rules else "no rule that was asked applies, so all climb to the top") for name, each in found.items()]
    overall = overall_lines({name: (each.early.metric, each.early.score) for name, each in found.items()}, run.recipe.training.score)
    return [*lines, "", *overall, *constant_lines(each.early for each in found.values()), "Seconds are this machine's, of the faster of several passes; they include embeddings, heads and reading batches."]


def _row(name: str, each: BothWays, leaves: bool) -> list[str]:
    known = [name, score(each.full.score), score(each.early.score), f"{each.mean_layer:.2f} of {each.depth}", f"{each.saved:.0%}", f"{each.full_seconds:.2f}"]
    return [*known, f"{each.early_seconds:.2f}", f"{each.full_seconds / each.early_seconds:.2f} x"] if leaves else [*known, NOTHING, NOTHING]
