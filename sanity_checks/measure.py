"""`python -m sanity_checks.measure [COMPONENT ...] [--json] [--markdown] [--mutants N] [--several N] [--review]`: the checks, checked.

Mistakes of the bank alone, two and three at once, and with a random slip beside them; right rewrites; random slips in the library's own
code, of which those that survive are listed with a reason; and what a check costs. `--review` lists every slip that was given a name, to be
looked at by a person: is it that mistake?
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict

import torch

from sanity_checks.bodies import DIAGNOSED
from sanity_checks.probing import has_probe
from sanity_checks.row import Row, row
from sanity_checks.tally import rewrite, slips, survivors
from sanity_checks.wrong import tables

COLUMNS: dict[str, Callable[[Row], object]] = {  # heading -> what stands in it
    "component": lambda each: each.component,
    "mistakes": lambda each: each.mistakes,
    "caught": lambda each: each.caught,
    "named": lambda each: each.named,
    "misnamed": lambda each: len(each.misnamed),
    "pairs: all / one / other / misnamed": lambda each: _honest(each.pairs),
    "threes": lambda each: _honest(each.threes),
    "with a slip": lambda each: _honest(each.beside_a_slip),
    "right": lambda each: each.right,
    "accepted": lambda each: each.accepted,
    "told": lambda each: each.told,
    "slips": lambda each: each.slips,
    "killed": lambda each: each.killed,
    "raised": lambda each: each.only_raised,
    "equivalent": lambda each: each.equivalent,
    "unseen": lambda each: each.unseen + len(each.unexplained),
    "killed %": lambda each: f"{100 * each.killed_share:.1f}",
    "ms": lambda each: each.milliseconds,
}


def _honest(counts: dict[str, int]) -> str:
    known = ("all", "one of them", "misnamed")
    return f"{counts.get('all', 0)} / {counts.get('one of them', 0)} / {sum(number for name, number in counts.items() if name not in known)} / {counts.get('misnamed', 0)}"


def table(rows: Sequence[Row], markdown: bool) -> str:
    """The rows in columns, for a terminal or a page."""
    cells = [list(COLUMNS), *([str(show(each)) for show in COLUMNS.values()] for each in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(COLUMNS))]
    lines = ["  ".join(cell.ljust(width) if place == 0 else cell.rjust(width) for place, (cell, width) in enumerate(zip(line, widths))) for line in cells]
    if not markdown:
        return "\n".join(lines)
    cells.insert(1, ["---"] + ["---:"] * (len(COLUMNS) - 1))
    return "\n".join("| " + " | ".join(line) + " |" for line in cells)


def details(each: Row, mutants: int, review: bool) -> str:
    """What the table has no room for: variants as they were seen, names that are missing or wrong, survivors and their reasons."""
    lines = [f"{each.component}:"]
    lines += [f"  not named: {name}" for name in each.unnamed] + [f"  MISNAMED: {name}" for name in each.misnamed]
    for variant in tables(each.component)[1]:
        trial = rewrite(each.component, variant)
        notes = (*trial.way, *(trial.diagnosis.notes if trial.diagnosis else ()))
        lines.append(f"  right, {variant}: {'accepted' if trial.outcome == 'right' else 'REFUSED'}; seen: {', '.join(notes) or 'nothing that stands out'}")
    for difference, (kind, reason) in survivors(each.component, mutants).items():
        lines.append(f"  survivor, {kind or 'NO REASON'}: {difference}" + (f"\n    because {reason}" if reason else ""))
    for mutant, trial in slips(each.component, mutants).items() if review else ():
        if trial.diagnosis and trial.diagnosis.certainty in ("named", "two"):
            lines.append(f"  {trial.diagnosis.certainty}{' by a fact' if trial.by_fact else ''} {', '.join(trial.diagnosis.mistakes)}: {mutant.difference}")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; 1 when a mistake was missed or misnamed, a right rewrite refused, or a survivor has no reason."""
    parser = argparse.ArgumentParser(prog="python -m sanity_checks.measure", description="How good are the checks?")
    ready = [component for component in DIAGNOSED if has_probe(component)]
    parser.add_argument("components", nargs="*", metavar="COMPONENT", help=f"default: all of {', '.join(ready)}")
    parser.add_argument("--json", action="store_true", help="rows as JSON instead of a table")
    parser.add_argument("--markdown", action="store_true", help="a table for a page of docs")
    parser.add_argument("--mutants", type=int, default=-1, metavar="N", help="random slips for each component (default: every single one)")
    parser.add_argument("--several", type=int, default=60, metavar="N", help="samples of two mistakes at once, half as many of three (default 60)")
    parser.add_argument("--review", action="store_true", help="list every slip that was given a name")
    chosen = parser.parse_args(argv)
    unknown = [component for component in chosen.components if component not in ready]
    if unknown:
        parser.error(f"there is no probe for {', '.join(unknown)}; there are {', '.join(ready)}")
    torch.set_num_threads(1)
    rows = [row(component, chosen.mutants, chosen.several) for component in chosen.components or ready]
    if chosen.json:
        print(json.dumps([asdict(each) for each in rows], indent=2))
    else:
        print(table(rows, chosen.markdown))
        if not chosen.markdown:
            print("", *(details(each, chosen.mutants, chosen.review) for each in rows), sep="\n")
    return int(any(each.caught < each.mistakes or each.misnamed or each.accepted < each.right or each.unexplained for each in rows))


if __name__ == "__main__":
    raise SystemExit(main())
