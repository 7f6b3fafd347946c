"""The parent's side: run components in a child, one finding each; when the child dies or hangs, say so and go on with a new one. Loads no torch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from sanity_checks.bodies import DIAGNOSED
from sanity_checks.endings import ending, hung
from sanity_checks.finding import Finding, from_dict
from sanity_checks.process import Child, Printed

START = 120.0  # seconds that loading torch may take on a slow disk
SHOWN = 200  # lines of prints that are kept of one component
SLOWER = 6.0  # times as long is waited on a machine that was too busy for the checks' own code
GRACE = 3.0  # the child stops itself; this much later the parent does


@dataclass(frozen=True)
class Limits:
    """seconds for one component, gigabytes beyond what the process holds before it begins; 0 means no limit."""

    seconds: float = 10.0
    gigabytes: float = 2.0


@dataclass
class Progress:
    """What a run has come to: components left, outcomes known, files that killed a child and how, what files printed while they were loaded,
    the versions of what runs, and whether the machine was too slow for the checks' own code. starter: the folder of a course starter's checkout that is checked instead of this library, or ""."""

    left: list[str] = field(default_factory=list)
    outcomes: dict[str, str] = field(default_factory=dict)
    dead: dict[str, str] = field(default_factory=dict)
    prints: dict[str, Printed] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    is_slow: bool = False
    starter: str = ""


def supervise(components: Sequence[str], limits: Limits, progress: Progress | None = None) -> Iterator[Finding]:
    """One finding for each component, in order, whatever its code does."""
    progress = progress or Progress()
    progress.left[:] = components
    while progress.left:
        now = replace(limits, seconds=limits.seconds * SLOWER) if progress.is_slow else limits
        child = Child({"components": progress.left, "outcomes": progress.outcomes, "dead": progress.dead, "seconds": now.seconds,
                       "gigabytes": now.gigabytes, "starter": progress.starter})  # fmt: skip
        try:
            yield from _one_child(child, progress, now)
        finally:
            child.end(patience=0.0)  # it has told all, or nobody is left to listen


def _one_child(child: Child, progress: Progress, limits: Limits) -> Iterator[Finding]:
    doing, patience = ("start", ""), START
    while (message := child.next(patience)) is not None:
        patience = limits.seconds + GRACE if limits.seconds > 0 else None
        if "finding" in message:
            yield _done(progress, from_dict(message["finding"]), child.printed())
        elif "loaded" in message:
            progress.prints.setdefault(message["loaded"], child.printed())
        elif "ready" in message:
            progress.versions.update(message["ready"])
        else:
            doing = next(iter(message.items()))
    if progress.left:
        yield from _died(child, progress, limits, *doing)


def _died(child: Child, progress: Progress, limits: Limits, doing: str, name: str) -> Iterator[Finding]:
    status = child.end()
    end = hung(limits.seconds) if child.hung else ending(status, child.trace, limits.seconds)
    if end.busy and not progress.is_slow:  # no fault of the code under work: once more, with more time
        progress.is_slow = True
        return
    if doing == "loading" and name not in progress.dead:
        progress.dead[name] = end.says  # the next child goes on without this file
        return
    prints = child.printed()
    if name in progress.left:
        yield _done(progress, Finding(name, "raised", end.says, "error", look=end.look), prints)
        return
    told = f"The checks could not start: {prints.first[-1] if prints.first else end.says}"
    for component in list(progress.left):
        yield _done(progress, Finding(component, "raised", told), Printed())


def _done(progress: Progress, finding: Finding, printed: Printed) -> Finding:
    progress.left.remove(finding.component)
    progress.outcomes[finding.component] = finding.outcome
    modules = list(progress.prints) if progress.starter else [body.module for body in DIAGNOSED.get(finding.component, ())]
    for module in dict.fromkeys(modules):  # told with the first component of that file
        loaded, progress.prints[module] = progress.prints.get(module, Printed()), Printed()
        printed = Printed(loaded.lines + printed.lines, loaded.first + printed.first)
    return replace(finding, printed=printed.lines, prints=printed.first[:SHOWN])
