"""`minbert exits RUN`: what each exit of a run is worth, and the threshold that loses at most so much; exits.json, exits.csv and exits.svg in the run folder."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from minbert.errors import UserError
from tasks.commands.exit_options import expect_exits
from tasks.commands.options import parse
from tasks.commands.run_options import load, run_parser
from tasks.console import NOTHING, score, table
from tasks.recipe_words import written

if TYPE_CHECKING:
    from tasks.exit_study import Study
    from tasks.load_run import LoadedRun
    from tasks.registry import Task

DESCRIPTION = """\
What each exit of a run knows, how sure it may be of itself, and what leaving early costs and saves at each threshold. Half of the split chooses, the
other half is looked at; leaves exits.json (whose temperatures minbert evaluate --calibrated reads), exits.csv and exits.svg in the run folder."""
EXAMPLES = """\
examples:
  minbert exits runs/early-exit
  minbert exits runs/early-exit --at-most 1 --rule entropy
  minbert exits runs/early-exit --time-rows 0               without the clock"""
Seconds = list[tuple[float, float]]  # for each point, of all layers and of leaving early; empty where nothing was timed
RULES = ("confidence", "entropy", "patience", "learned")


def main(argv: list[str]) -> int:
    """Run `minbert exits` with these arguments; returns the exit status. `UserError` for every mistake in them."""
    options = parse(_parser(), argv)
    _expect_options(options)
    run = load(options)
    expect_exits(run)
    from tasks.exit_files import write_exits  # torch is there by now

    rows = {name: run.read(task, options.split) for name, task in run.tasks.items()}
    found = {name: _study(run, run.tasks[name], run.encode(run.tasks[name], split), options) for name, split in rows.items()}
    studies, seconds = {name: each for name, (each, _) in found.items()}, {name: each for name, (_, each) in found.items()}
    print("\n".join(told(studies, seconds, options)))
    write_exits(run.folder.path, {name: getattr(options, name) for name in ("split", "checkpoint", "at_most", "tolerance")}, studies, seconds)
    print(f"{run.folder.path}: exits.json, exits.csv and exits.svg are written. Seconds are this machine's; try a threshold with "
          f"minbert evaluate {run.folder.path} --calibrated --exit RULE=THRESHOLD.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = run_parser("exits", DESCRIPTION, EXAMPLES, ("dev", "train"), "dev")
    group = parser.add_argument_group("what is asked")
    group.add_argument("--rule", metavar="RULE", help=f"{', '.join(RULES)} (default: confidence; learned or patience for a regression)")
    group.add_argument("--thresholds", metavar="LIST", help="what that rule tries, with commas: 0.999,0.99,0.98 (default: its own; never is always tried)")
    group.add_argument("--at-most", type=float, default=0.5, metavar="POINTS", help="points that leaving early may cost, 100 to a score of 1 (default: 0.5)")
    group.add_argument("--tolerance", type=float, default=0.5, metavar="X", help="patience with a regression: answers nearer than X agree (default: 0.5)")
    group.add_argument("--raw", action="store_true", help="let the rule see scores without temperatures")
    group.add_argument("--time-rows", type=int, default=256, metavar="N", help="measure time on the first N rows of the half looked at; 0 = not (default: 256)")
    return parser


def _expect_options(options: argparse.Namespace) -> None:
    if options.rule is not None and options.rule not in RULES:
        raise UserError(f"--rule is {options.rule!a}, but must be one of {', '.join(RULES)}.")
    options.asked = _numbers(options.thresholds, options.rule or "confidence")
    if not options.at_most >= 0:
        raise UserError(f"--at-most is {options.at_most:g}, expected a number of points, 0 or more.")
    if options.time_rows < 0:
        raise UserError(f"--time-rows is {options.time_rows}, expected 0 or more.")


def _numbers(text: str | None, rule: str) -> list[float]:
    try:
        asked = [float(each) for each in (text or "").split(",")] if text is not None else []
    except ValueError:
        raise UserError(f"--thresholds is {written(text)}, expected numbers with commas between them, such as 0.999,0.99,0.98.") from None
    from tasks.exit_rules import exit_rule  # torch comes with it

    return [exit_rule(rule, each, "binary").threshold for each in asked]  # refuses those that mean nothing


def rule_for(task: Task, asked: str | None, lte: bool) -> str:
    """The rule that is asked, where it applies; a regression has no confidence, and leaves by what was learned, or by patience."""
    return ("learned" if lte else "patience") if task.kind == "regression" and asked in (None, "confidence", "entropy") else asked or "confidence"


def _study(run: LoadedRun, task: Task, encoded: Any, options: argparse.Namespace) -> tuple[Study, Seconds]:
    from tasks.exit_scores import exit_certainties, exit_logits
    from tasks.exit_study import Heard, study

    rule, batch = rule_for(task, options.rule, run.recipe.exits.lte), run.recipe.training.evaluate_batch_size
    if rule == "learned" and not run.recipe.exits.lte:
        raise UserError("--rule learned needs a learned certainty, and this run has none; train with exits.lte=true, or use another rule.")
    history = exit_logits(run.model, encoded, batch, run.device)[0].float().cpu()
    certain = exit_certainties(run.model, encoded, batch, run.device).float().cpu() if rule == "learned" else None
    found = study(Heard(history, certain, encoded.labels), task, rule, options.at_most / 100, run.recipe.seed, not options.raw, options.tolerance,
                  options.asked if rule == (options.rule or "confidence") else ())
    return found, _seconds(run, task, encoded, found, options) if options.time_rows else []


def _seconds(run: LoadedRun, task: Task, encoded: Any, found: Study, options: argparse.Namespace) -> Seconds:
    """Of each point on the first rows of half B: of all layers and of leaving early, in turns, so that a busy minute of the machine is in both."""
    from tasks.exit_inference import LeavingEarly
    from tasks.exit_rules import exit_rule
    from tasks.exit_study import halves, some_rows
    from tasks.exit_timing import both_ways

    places = halves(len(encoded.ids), run.recipe.seed, task.name)[1].tolist()[: options.time_rows]
    rows, heats = some_rows(encoded, places), {task.name: found.temperatures} if found.temperatures else None
    seconds = []
    for point in found.points:
        rules = {task.name: exit_rule(found.rule, point.threshold, task.kind, options.tolerance)}
        each = both_ways(lambda model: run.evaluate(task, rows, model), run.model, LeavingEarly(run.model, run.model.exits, rules, run.model.certainty, heats).eval(),
                         rows, len(found.scores), 2)
        seconds.append((each.full_seconds, each.early_seconds))
    return seconds


def told(studies: Mapping[str, Study], seconds: Mapping[str, Seconds], options: argparse.Namespace) -> Iterator[str]:
    """Everything in tables and sentences, line by line."""
    for name, found in studies.items():
        yield f"{name}: chosen on {found.rows[0]} rows of {options.split}, looked at on {found.rows[1]} others; rule {found.rule}\n"
        errors = found.errors or [None] * len(found.scores)
        yield table(["exit", "score", *(["temperature", "calibration error", "with it"] if found.errors else [])],
                    [[f"after layer {layer}", score(each), *([f"{heat:.2f}", f"{error[0]:.3f}", f"{error[1]:.3f}"] if error else [])]
                     for layer, (each, heat, error) in enumerate(zip(found.scores, found.temperatures or errors, errors), start=1)]) + "\n"
        yield table(["threshold", "score", "mean layer", "saved", "seconds", "early", "faster"], list(_points(found, seconds[name]))) + "\n"
        yield sentence(name, found, options.at_most) + "\n"


def _points(found: Study, seconds: Seconds) -> Iterator[list[str]]:
    for place, point in enumerate(found.points):
        clock = [*(f"{each:.3f}" for each in seconds[place]), f"{seconds[place][0] / seconds[place][1]:.2f} x"] if seconds else [NOTHING] * 3
        mark = " *" if place == found.chosen else ""
        yield [f"{point.threshold:g}{mark}", score(point.score), f"{point.mean_layer:.2f}", f"{point.saving:.0%}", *clock]


def sentence(name: str, found: Study, at_most: float) -> str:
    """The threshold that was chosen, and what it loses where it was chosen and where not."""
    ours, theirs = found.points_chosen_on[found.chosen], found.points[found.chosen]
    lost = [100 * (full - point.score) for full, point in zip(found.full, (ours, theirs))]
    kept = "as promised" if lost[1] <= at_most else "more than was asked: rows that had no say are the judge"
    if theirs.threshold == found.points[0].threshold:
        return f"{name}: at most {at_most:g} points: none of these thresholds but never ({found.rule} = {theirs.threshold:g})."
    return (f"{name}: at most {at_most:g} points: {found.rule} = {theirs.threshold:g}, {theirs.saving:.0%} of the layers saved; "
            f"loses {lost[0]:.2f} points where it was chosen and {lost[1]:.2f} on the other half, {kept}.")
