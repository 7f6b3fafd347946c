"""The child of `python -m minbert.sanity`: runs code that may do anything, and tells the parent what it finds, one JSON object a line.

    {"ready": {versions}}                 torch is loaded and the guards are set
    {"loading": "minbert.attention"}      about to import a file of the exercises; {"loaded": ...} when it is
    {"start": "attention"}                about to check a component
    {"finding": {...}}                    what was found

Lines that are no JSON are faulthandler's traceback of a process that dies. The messages leave by what was standard output; from then on
everything printed leaves by standard error, cut into pieces by the mark that the parent gave, one piece a file that is loaded and one a component.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TextIO


@dataclass(frozen=True)
class Plan:
    """components: what to check, in order; outcomes: what is known of others; dead: modules that ended an earlier child, and how;
    seconds: time for one component; gigabytes: memory beyond the start; mark: what cuts the prints; starter: the folder of a course starter's
    checkout to check instead of this library, or ""."""

    components: Sequence[str]
    outcomes: dict[str, str]
    dead: dict[str, str]
    seconds: float
    gigabytes: float
    mark: str
    starter: str = ""


def main(argv: Sequence[str]) -> int:
    """Carry out the plan given as JSON in the one argument."""
    plan, channel = Plan(**json.loads(argv[0])), _private_channel()
    warnings.simplefilter("ignore")  # a warning is no print of the student's
    import torch

    from sanity_checks import guards
    from sanity_checks.finding import to_dict
    from sanity_checks.light import without_compiler
    from sanity_checks.under_work import code_under_work

    torch.set_num_threads(1)  # the tensors are tiny: threads that wait for each other cost more than half of the time
    without_compiler()
    guards.set_traps()
    guards.tell_crashes(channel)
    guards.limit_memory(plan.gigabytes)
    _send(channel, ready={"python": platform.python_version(), "torch": str(torch.__version__)})

    def announce(name: str) -> None:
        guards.start_clock(plan.seconds, channel)
        _send(channel, loading=name)

    def done(name: str) -> None:
        guards.stop_clock()
        _cut(plan.mark)
        _send(channel, loaded=name)

    with code_under_work(plan.starter, plan.dead, announce, done) as check:
        for component in plan.components:
            _send(channel, start=component)
            guards.start_clock(plan.seconds, channel)
            found = check(component, plan.outcomes)
            guards.stop_clock()
            plan.outcomes[component] = found.outcome
            _cut(plan.mark)
            _send(channel, finding=to_dict(found))
    return 0


def _private_channel() -> TextIO:
    # os.dup gives a handle that other programs do not inherit; what prints to standard output from now on goes where errors go.
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)  # type: ignore[union-attr]
    return channel


def _send(channel: TextIO, **message: Any) -> None:
    channel.write(json.dumps(message) + "\n")
    channel.flush()


def _cut(mark: str) -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, ValueError, OSError):
            pass  # code under work may have closed or replaced it
    os.write(2, mark.encode("ascii"))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
