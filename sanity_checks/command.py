"""The command `minbert sanity`: choose components, print one line each (or JSON), and tell by the exit status whether all is right."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict

from minbert.errors import UserError, nearest
from sanity_checks.runner import CHECKS, run


def main(argv: Sequence[str]) -> int:
    """`python -m minbert.sanity [COMPONENT ...] [--list] [--json]`: 0 when nothing fails, 1 when something does, 2 for a wrong name."""
    options = _parser().parse_args(argv)
    if options.list:
        print("\n".join(f"{name:14}{about}" for name, about in CHECKS.items()))
        return 0
    try:
        components = _expect_components(options.components) or list(CHECKS)
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    outcomes = []
    for outcome in run(components):
        outcomes.append(outcome)
        if not options.json:
            print(f"{_coloured(outcome.status)} {outcome.component:13}{outcome.text}", flush=True)
    failed = [outcome.component for outcome in outcomes if outcome.status == "FAIL"]
    if options.json:
        print(json.dumps([asdict(outcome) for outcome in outcomes], indent=2))
    else:
        print(_summary(failed, [outcome.component for outcome in outcomes if outcome.status == "skip"], len(outcomes)))
    return 1 if failed else 0


def _summary(failed: Sequence[str], skipped: Sequence[str], total: int) -> str:
    if failed:
        return f"{len(failed)} of {total} components {'fails' if len(failed) == 1 else 'fail'}: {', '.join(failed)}"
    right = total - len(skipped)
    return f"{right} component{'' if right == 1 else 's'} right" + (f", not checked here: {', '.join(skipped)}" if skipped else "")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="minbert sanity", description="Check every component against stored references and torch's own functions.")
    parser.add_argument("components", nargs="*", metavar="COMPONENT", help="only these (default: all)")
    parser.add_argument("--list", action="store_true", help="name the components and stop")
    parser.add_argument("--json", action="store_true", help="print the outcomes as JSON")
    return parser


def _expect_components(names: Sequence[str]) -> list[str]:
    wanted = [name.replace("-", "_") for name in names]
    for name in wanted:
        if name not in CHECKS:
            near = nearest(name, CHECKS)
            hint = f"; did you mean {near!r}?" if near else "."
            raise UserError(f"there is no check called {name!r}, expected one of {', '.join(CHECKS)}{hint}")
    return wanted


def _coloured(status: str) -> str:
    # Colour only decorates: the word says it, and NO_COLOR or a file gets the word alone.
    if os.environ.get("NO_COLOR") or not sys.stdout.isatty():
        return f"{status:4}"
    return f"\033[{ {'ok': 32, 'FAIL': 31}.get(status, 33) }m{status:4}\033[0m"
