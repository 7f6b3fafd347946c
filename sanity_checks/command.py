"""The command `minbert sanity`: choose components, have them checked in a child process, and say what was found. Loads no torch."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from minbert.errors import UserError
from minbert.files import write_text
from sanity_checks import last_time
from sanity_checks.finding import Finding, is_right
from sanity_checks.gradescope import read_weights, results
from sanity_checks.menu import Menu, menu
from sanity_checks.options import parser
from sanity_checks.order import EVERYTHING
from sanity_checks.record import record, written
from sanity_checks.show import Showing, lines, offer, summary
from sanity_checks.supervise import Limits, Progress, supervise
from sanity_checks.watch import saves


def main(argv: Sequence[str]) -> int:
    """`python -m minbert.sanity [COMPONENT ...] [options]`: 0 when all is right, 1 when something is not. `UserError` when it is not understood."""
    options = parser().parse_args(argv)
    there = menu(options.starter)
    names, weights = there.chosen(options.components), read_weights(options.weights, there.chosen)
    _expect_options(options)
    if options.list:
        names = there.chosen(options.components or ([] if options.starter else [EVERYTHING]))
        print("\n".join(f"{name:14} {there.about(name)}" for name in names))
        return 0
    if options.json or options.gradescope:
        return _for_programs(names, options, weights, there)
    try:
        status = _for_people(names, options, there, loud=options.all or bool(options.components))
        return _watch(names, options, there) if options.watch else status
    except KeyboardInterrupt:
        if not options.watch:
            raise
        return 0  # to end a watch is no mishap


def _expect_options(options: argparse.Namespace) -> None:
    if options.watch and options.starter:
        raise UserError("--watch does not know the files of a starter checkout: run the command again after a change.")
    for name, value in (("--time-limit", options.time_limit), ("--memory-limit", options.memory_limit)):
        if not 0 <= value < 1e6:
            raise UserError(f"{name} is {value:g}, expected a number from 0 (no limit) to 1000000.")


def _check(names: list[str], options: argparse.Namespace, there: Menu, progress: Progress) -> Iterator[Finding]:
    for finding in supervise(there.with_parts(names), Limits(options.time_limit, options.memory_limit), progress):
        if finding.component in names:
            yield finding


def _for_people(names: list[str], options: argparse.Namespace, there: Menu, loud: bool) -> int:
    file = last_time.state_file(there.starter)
    memory, findings, hinted = last_time.recall(file), [], ""
    for finding in _check(names, options, there, Progress(starter=there.starter)):
        before = memory.get(finding.component)
        give = options.hint and bool(finding.hints) and (not hinted or bool(options.components))
        hinted = hinted or (finding.component if give else "")
        now = last_time.told(finding, before, give)
        how = Showing(loud or give or not last_time.is_same(now, before), options.show_prints, now.hints if give else 0, before)
        print("\n".join(lines(finding, how)), flush=True)
        memory[finding.component] = now
        findings.append(finding)
    last_time.keep(file, memory)
    below = [*(["", *summary(findings)] if len(findings) > 1 else []), *_about_hints(findings, there.command, options.hint, hinted)]
    print("\n".join(below), end="\n" if below else "")
    return 0 if all(map(is_right, findings)) else 1


def _about_hints(findings: list[Finding], command: str, asked: bool, hinted: str) -> list[str]:
    if not asked:
        return offer(findings, command)
    return [] if hinted or all(map(is_right, findings)) else ["There is no hint: hints are for mistakes that are known by name."]


def _watch(names: list[str], options: argparse.Namespace, there: Menu) -> int:
    print("\nWatching: save a file and its components are checked again. Ctrl-C ends this.", flush=True)
    for files, touched in saves(names):
        print(f"\n{time.strftime('%H:%M:%S')} saved: {', '.join(files)}", flush=True)
        _for_people(touched, options, there, loud=True)
    return 0


def _for_programs(names: list[str], options: argparse.Namespace, weights: dict[str, float], there: Menu) -> int:
    start, progress = time.perf_counter(), Progress(starter=there.starter)
    findings = list(_check(names, options, there, progress))
    memory = last_time.recall(last_time.state_file(there.starter))
    given = {each.component: last_time.told(each, memory.get(each.component), False).hints for each in findings}
    content = record(findings, progress.versions, time.perf_counter() - start, given)
    if options.gradescope:
        write_text(Path(options.gradescope), written(results(findings, weights, content)) + "\n")
    print(written(content) if options.json else "\n".join(summary(findings)))
    return 0 if all(map(is_right, findings)) else 1
