"""`minbert evaluate RUN`: score a trained model on a whole split that has labels, and print the table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tasks.commands.leaving import add_exit_options, expect_rule, leaving
from tasks.commands.options import parse
from tasks.commands.run_options import load, run_parser
from tasks.console import constant_lines, overall_lines, score, table

if TYPE_CHECKING:
    from tasks.evaluate import Evaluation

DESCRIPTION = "Score a trained model on every example of a split, once, and print the table. Test splits have no labels: see minbert predict."
EXAMPLES = """\
examples:
  minbert evaluate runs/practice
  minbert evaluate runs/practice --split train --checkpoint last
  minbert evaluate runs/baseline --data DIR                 the same files in another place
  minbert evaluate runs/early-exit --exit confidence=0.95   sure examples leave early, beside all layers: score and time
  minbert evaluate runs/early-exit --exit entropy=0.1 --exit sts:patience=2"""


def main(argv: list[str]) -> int:
    """Run `minbert evaluate` with these arguments; returns the exit status. `UserError` for every mistake in them."""
    parser = run_parser("evaluate", DESCRIPTION, EXAMPLES, ("dev", "train"), "dev")
    add_exit_options(parser)
    options = parse(parser, argv)
    expect_rule(options)
    run = load(options)
    # Read every file before the first example is computed: a mistake in the third should not cost the time of two.
    rows = {name: run.read(task, options.split) for name, task in run.tasks.items()}
    if options.exit:
        told = leaving(run, rows, options)
        print(f"{options.checkpoint} checkpoint of {run.folder.path}, {options.split} split, all layers and leaving early:\n\n{told}")
        return 0
    found = {name: run.evaluate(run.tasks[name], run.encode(run.tasks[name], split)) for name, split in rows.items()}
    print(f"{options.checkpoint} checkpoint of {run.folder.path}, {options.split} split:\n")
    print(evaluation_table(found, options.split))
    print("", *overall_lines({name: (each.metric, each.score) for name, each in found.items()}, run.recipe.training.score), *constant_lines(found.values()), sep="\n")
    return 0


def evaluation_table(found: Mapping[str, Evaluation], split: str, width: int | None = None) -> str:
    """Task, number of examples, metric and score, one row per task."""
    rows = [[name, f"{len(each.ids):,}", each.metric, score(each.score)] for name, each in found.items()]
    return table([f"task ({split})", "examples", "metric", "score"], rows, width)
