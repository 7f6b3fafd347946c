"""Play a story: type what a step types, run what it runs, and hold what the checks say to what the story tells."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from journey.steps import Chapter, Step, Write
from journey.workplace import Ran, Workplace
from sanity_checks.blanking import NOT_STARTED

ROOMS = ("minbert", "optim", "regularizers", "tasks")


@dataclass(frozen=True)
class Played:
    """One step as it went: diff of the student's own lines, by file; copied: bodies written as in the library; ran: the commands."""

    chapter: Chapter
    step: Step
    diffs: dict[str, str]
    copied: tuple[str, ...]
    ran: tuple[Ran, ...]


def play(place: Workplace, chapters: Iterable[Chapter]) -> Iterator[Played]:
    """Every step in turn. ValueError where a check says something else than the story expects."""
    for chapter in chapters:
        for step in chapter.steps:
            copied = [each for each in step.does if isinstance(each, Write) and not each.code]
            for each in copied:
                each.do(place)
            before = _files(place.edition)
            for each in step.does:
                if each not in copied:
                    each.do(place)
            diffs = {file: _diff(before[file], text) for file, text in _files(place.edition).items() if text != before[file]}
            ran = tuple(place.run(command) for command in step.runs)
            _expect(place, step)
            yield Played(chapter, step, diffs, tuple(each.name for each in copied), ran)


def _files(edition: Path) -> dict[str, str]:
    return {path.relative_to(edition).as_posix(): path.read_text(encoding="utf-8") for room in ROOMS for path in sorted((edition / room).rglob("*.py"))}


def _diff(before: str, after: str) -> str:
    """What changed, with a line around it; the stubs that a student replaces are no news."""
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=1, lineterm=""))[2:]
    changed = ["..." if line.startswith("@@") else line for line in lines if line.strip() and not (line.startswith("-") and NOT_STARTED in line)]
    return "\n".join(changed[1:] if changed and changed[0] == "..." else changed)


def _expect(place: Workplace, step: Step) -> None:
    if not step.component:
        return
    report = json.loads(place.run(f"python -m minbert.sanity --json {step.component}").printed)
    found = next(each for each in report["components"] if each["component"] == step.component)
    told = (found["outcome"], tuple(found["mistakes"]))
    if told != (step.outcome, step.mistakes):
        raise ValueError(f"the story expects {step.component} to be {(step.outcome, step.mistakes)}, and the check says {told}: {found['says']}")
