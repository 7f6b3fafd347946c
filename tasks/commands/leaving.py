"""What `minbert evaluate RUN --exit RULE=NUMBER` prints: the same rows the whole way up and leaving early, with score, layers and measured time."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from minbert.errors import UserError
from tasks.commands.exit_options import expect_exits, rules_of
from tasks.console import NOTHING, overall_lines, score, table

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
    group.add_argument("--tolerance", type=float, default=0.5, metavar="X", help="patience with a regression: answers nearer than X agree (default: 0.5)")
    group.add_argument("--turns", type=int, default=2, metavar="N", help="times each way is measured; the fastest counts (default: 2)")


def leaving(run: LoadedRun, rows: Mapping[str, Split], options: argparse.Namespace) -> str:
    """Evaluate both ways, and say it in a table."""
    from tasks.exit_inference import LeavingEarly
    from tasks.exit_timing import both_ways
    from tasks.exits import depth

    expect_exits(run)
    if options.turns < 1:
        raise UserError(f"--turns is {options.turns}, expected 1 or more.")
    rules = rules_of(run, options.exit, options.tolerance)
    early = LeavingEarly(run.model, run.model.exits, rules, run.model.certainty, temperatures_of(run) if options.calibrated else None).eval()
    found = {}
    for name, split in rows.items():
        task, encoded = run.tasks[name], run.encode(run.tasks[name], split)
        found[name] = both_ways(lambda model: run.evaluate(task, encoded, model), run.model, early, encoded, depth(run.model.paths.of(name)), options.turns)  # noqa: B023
    return "\n".join(_told(run, found, rules, options.split))


def temperatures_of(run: LoadedRun) -> dict[str, list[float]]:
    """Task -> a temperature for each exit, as `minbert exits` left them; `UserError` where it was not asked yet."""
    path = run.folder.path / "exits.json"
    try:
        return {name: each["temperatures"] for name, each in json.loads(path.read_text())["tasks"].items() if each["temperatures"]}
    except (OSError, ValueError, KeyError, TypeError):
        raise UserError(f"--calibrated needs the temperatures of {path}, which is not there or cannot be read; say minbert exits {run.folder.path} first.") from None


def _told(run: LoadedRun, found: Mapping[str, BothWays], rules: Mapping[str, Any], split: str) -> list[str]:
    lines = [table([f"task ({split})", *HEAD], [_row(name, each, name in rules) for name, each in found.items()], None), ""]
    lines += [f"{name}: " + (f"leaves by {rules[name].name} = {rules[name].threshold:g}" + ("; that is never" if each.saved == 0 else "; after each layer "
              + " ".join(f"{share:.0%}" for share in each.fractions)) if name in rules else "no rule that was asked applies, so all climb to the top") for name, each in found.items()]
    overall = overall_lines({name: (each.early.metric, each.early.score) for name, each in found.items()}, run.recipe.training.score)
    return [*lines, "", *overall, "Seconds are this machine's, of the faster of several passes; they include embeddings, heads and reading batches."]


def _row(name: str, each: BothWays, leaves: bool) -> list[str]:
    known = [name, score(each.full.score), score(each.early.score), f"{each.mean_layer:.2f} of {each.depth}", f"{each.saved:.0%}", f"{each.full_seconds:.2f}"]
    return [*known, f"{each.early_seconds:.2f}", f"{each.full_seconds / each.early_seconds:.2f} x"] if leaves else [*known, NOTHING, NOTHING]
