"""The options of `minbert sanity`, and what its help says. Loads no torch."""

from __future__ import annotations

import argparse

EPILOG = """\
outcomes:
  correct       nothing differs from what is right
  wrong         something differs; where the mistake is known, it is named. An "error" is wrong in every use, a "train-mode error" only while
                training, an "error in a rare setting" only with options that few change
  not started   a body still raises "not started"
  raised        your code could not be loaded, raised, crashed, or did not come back in time
  not checked   not possible on this machine, or waiting for another component

exit status: 0 when every component is correct (or cannot be checked on this machine), 1 when one is wrong, raised, not started or waits for
another, 2 when the command line is not understood.

Your code runs in a process of its own, with a limit on time and memory; it cannot harm the checks. The first run shows everything; later ones
say in full what changed, and in a line what did not. Naming a component, or --all, shows it in full. Nothing is downloaded."""


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    parser = argparse.ArgumentParser(prog="minbert sanity", description="Check every component: is it right, and if not, which mistake is it?",
                                     epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    add = parser.add_argument
    add("components", nargs="*", metavar="COMPONENT", help="only these, or everything (default: what students write and what it stands on; --list names all)")
    add("--list", action="store_true", help="name the components and stop")
    add("--hint", action="store_true", help="a hint for the first component that is wrong, a step deeper each time: where, which equation, which line")
    add("--all", action="store_true", help="show everything, also what did not change since the last run")
    add("--show-prints", action="store_true", help="show what your code printed")
    add("--watch", action="store_true", help="stay, and check again what you save; Ctrl-C ends it")
    add("--json", action="store_true", help="print one JSON object for programs")
    add("--gradescope", nargs="?", const="results.json", metavar="FILE", help="also write Gradescope's results.json (default: ./results.json)")
    add("--weights", default="", metavar="NAME=POINTS,...", help="what a component is worth there, for example attention=3,layer=2 (default: 1 each)")
    add("--starter", default="", metavar="DIR", help="check the course starter checkout in DIR (CS224N 2023 or 2024, CMU 11-711) instead of this library")
    add("--time-limit", type=float, default=10.0, metavar="SECONDS", help="for one component (default: 10; 0 means none)")
    add("--memory-limit", type=float, default=2.0, metavar="GB", help="beyond what the checks need themselves (default: 2; 0 means none; Linux)")
    return parser
