"""Findings as lines of a terminal: words first, no sign carries meaning, wrapped to the width, colour only as decoration.

    attention:    wrong (train-mode error). The attention probabilities are never dropped.
      Look at: ...
      First difference: ...
"""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from minbert.errors import plain
from sanity_checks.finding import OUTCOMES, SEVERITIES, Finding, is_right
from sanity_checks.last_time import Told

NARROWEST, WIDEST, NAMES = 40, 110, 15
DEPTHS = ("where", "which equation", "which line")
COLOURS = {"correct": 32, "wrong": 31, "raised": 31}


@dataclass(frozen=True)
class Showing:
    """loud: say all there is; prints: show what the code printed; hints: how many to give; before: what was said the last time."""

    loud: bool = True
    prints: bool = False
    hints: int = 0
    before: Told | None = None


def lines(finding: Finding, how: Showing) -> list[str]:
    """What is shown of one finding."""
    head = _wrapped(f"{finding.component + ':':<{NAMES - 1}} ", _headline(finding, how))  # a space even after the longest name
    if not how.loud:
        return [head[0] if len(head) == 1 else _cut(head[0])]
    about = [("Look at", finding.look), _difference(finding)]
    about += [("Also right, but another choice" if finding.certainty != "right" else "Note", note) for note in finding.notes]
    about += [(f"Hint {number} of {len(finding.hints)}, {depth}", hint) for number, (depth, hint) in enumerate(zip(DEPTHS, finding.hints), 1) if number <= how.hints]
    below = [line for label, text in about if text for line in _wrapped(f"  {label}: ", text, "    ")]
    return [*_decorated(head, finding.outcome), *below, *_prints(finding, how.prints)]


def _difference(finding: Finding) -> tuple[str, str]:
    if finding.outcome == "raised":  # what was raised is told already; which input it takes is not
        return "First seen with", finding.difference.partition(": your code raised")[0]
    return "First difference", "" if finding.difference in finding.says else finding.difference


def _headline(finding: Finding, how: Showing) -> str:
    about = [SEVERITIES[finding.severity]] if finding.outcome == "wrong" and finding.severity in SEVERITIES else []
    if how.loud and how.before and how.before.outcome != finding.outcome:
        about.append(f"it was {how.before.outcome if how.before.outcome in OUTCOMES else 'another outcome'}")
    words = finding.outcome + (f" ({'; '.join(about)})" if about else "") + (", as before" if not how.loud and not is_right(finding) else "")
    return f"{words}. {_sentence(finding.says)}" if finding.says else f"{words}."


def _sentence(text: str) -> str:
    name = not text.split()[0].isalpha()  # "add_norm ..." stays as the code has it
    return (text if name else text[:1].upper() + text[1:]) + ("" if text.endswith((".", "?", "!")) else ".")


def _prints(finding: Finding, shown: bool) -> list[str]:
    if not finding.printed:
        return []
    count = f"{finding.printed} line{'' if finding.printed == 1 else 's'}"
    if not shown:
        return _wrapped("  ", f"Your code printed {count}; --show-prints shows {'it' if finding.printed == 1 else 'them'}.")
    more = finding.printed - len(finding.prints)
    return [*_wrapped("  ", f"Your code printed {count}:"), *(f"    {plain(line)}" for line in finding.prints), *([f"    and {more} more"] if more > 0 else [])]


def summary(findings: Sequence[Finding]) -> list[str]:
    """How many are correct, and which are not."""
    count = {outcome: [each.component for each in findings if each.outcome == outcome] for outcome in OUTCOMES}
    total = len(findings)
    told = [f"{len(count['correct'])} of {total} component{'' if total == 1 else 's'} correct."]
    words = {"wrong": "Wrong", "raised": "Stopped by your code", "not started": "Not started", "not checked": "Not checked"}
    told += [f"{label}: {', '.join(count[outcome])}." for outcome, label in words.items() if count[outcome]]
    return _wrapped("", " ".join(told))


def offer(findings: Sequence[Finding], command: str = "python -m minbert.sanity") -> list[str]:
    """How to get a hint for the first mistake, if there is one; command: how the checks are called."""
    todo = next((each for each in findings if each.outcome == "wrong" and each.hints), None)
    return _wrapped("", f"For a hint: {command} {todo.component} --hint") if todo else []


def width() -> int:
    """How many letters fit in a line: the terminal's, within reason."""
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size().columns))


def _wrapped(first: str, text: str, then: str = "  ") -> list[str]:
    text = plain(" ".join(text.split()), most=10_000)  # ASCII, and nothing that a terminal would obey
    return textwrap.wrap(first + text, width(), subsequent_indent=then, break_long_words=False, break_on_hyphens=False)


def _cut(line: str) -> str:
    return f"{line[: width() - 4].rsplit(' ', 1)[0]} ..." if len(line) > width() - 4 else f"{line} ..."


def _decorated(head: list[str], outcome: str) -> list[str]:
    # Colour only decorates: the word says it, and NO_COLOR or a file gets the word alone.
    if os.environ.get("NO_COLOR") or not sys.stdout.isatty() or outcome not in COLOURS:
        return head
    return [head[0].replace(outcome, f"\033[{COLOURS[outcome]}m{outcome}\033[0m", 1), *head[1:]]
