"""The verdict on one component, in words: what is right or wrong, which mistake it is, and how to look for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sanity_checks.answers import Answers, answers
from sanity_checks.bank import mistakes
from sanity_checks.crashes import crash_sentence, is_crash, meaning
from sanity_checks.diagnose import Diagnosis, diagnose
from sanity_checks.difference import describe
from sanity_checks.look import Observation
from sanity_checks.probing import look_at
from sanity_checks.variants import sentence, watching, way


@dataclass(frozen=True)
class Verdict:
    """outcome: "correct", "wrong", "not started", "raised" (the code stopped with an exception) or "skipped"; severity: "" | "error" | "train";
    certainty and mistakes: those of `Diagnosis`; says: one sentence; look: what to look at; hints: a step deeper each; notes: choices that
    are also right; difference: the first look that differs, in words; seconds: how long the check took."""

    component: str
    outcome: str
    says: str = ""
    severity: str = ""
    certainty: str = ""
    mistakes: tuple[str, ...] = ()
    look: str = ""
    hints: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    difference: str = ""
    seconds: float = 0.0


def verdict(component: str, subject: Any = None) -> Verdict:
    """Probe one component (subject None: this library's own code, or a student's in the place of it) and say what was found."""
    start, known = time.perf_counter(), mistakes(component)
    try:
        with watching() as watched:
            seen = look_at(component, subject)
    except NotImplementedError as error:
        return Verdict(component, "not started", str(error) or "not started", seconds=time.perf_counter() - start)
    facts = {mistake.fact: name for name, mistake in known.items() if mistake.fact}
    found = told(component, seen, diagnose(seen, answers(component), facts), answers(component))
    written = sentence(way(component, watched)) if found.outcome == "correct" else ""
    return replace(found, notes=found.notes + ((written,) if written else ()), seconds=round(time.perf_counter() - start, 3))


def told(component: str, seen: Mapping[str, Observation], found: Diagnosis, stored: Answers) -> Verdict:
    """A diagnosis in the words of the bank."""
    known = mistakes(component)
    notes = tuple(known[name].says for name in found.notes)
    if found.certainty == "right":
        return Verdict(component, "correct", f"right in {len(seen)} looks", certainty="right", notes=notes)
    first = found.differing[0]
    difference = describe(first, seen[first], stored.right[first])
    crash = next((seen[name] for name in found.differing if is_crash(seen[name].seen)), None)
    named = [known[part] for name in found.mistakes for part in name.split(" + ")]
    says = SENTENCES[found.certainty]([[known[part].says for part in name.split(" + ")] for name in found.mistakes], difference)
    if found.certainty == "named" and not set(found.differing) <= stored.wrong[found.mistakes[0]].keys():
        says += " Something else differs, too."  # a fact was enough for the name, and it does not explain everything
    look = " ".join(dict.fromkeys(mistake.look for mistake in named))
    if crash and found.certainty in ("unknown", "partly"):
        says, look = crash_sentence(str(crash.seen), crash.place), meaning(str(crash.seen))
    elif found.certainty == "unknown" and isinstance(seen[first].seen, str):
        look = meaning(str(seen[first].seen))
    hints = tuple(" ".join(dict.fromkeys(getattr(mistake, depth) for mistake in named)) for depth in ("where", "equation", "line")) if named else ()
    outcome = "raised" if crash and found.certainty in ("unknown", "partly") else "wrong"
    return Verdict(component, outcome, says, found.severity, found.certainty, found.mistakes, look, hints, notes, difference)


Said = list[list[str]]  # one list of sentences for each explanation, one sentence for each mistake in it


def _either(said: Said, difference: str) -> str:
    sure = [says for says in said[0] if all(says in other for other in said)]
    choices = dict.fromkeys(" And: ".join(says for says in one if says not in sure) for one in said)
    return " ".join([*sure, f"{'And one' if sure else 'One'} of these, which the check cannot tell apart: {' Or: '.join(choices)}"])


def _both(said: Said, difference: str) -> str:
    return "Two mistakes at once. " + " And: ".join(says for one in said for says in one)


SENTENCES: dict[str, Callable[[Said, str], str]] = {
    "named": lambda said, difference: said[0][0],
    "either": _either,
    "two": _both,
    "partly": lambda said, difference: f"Something not in the list of known mistakes; part of it looks like this: {said[0][0]}",
    "unknown": lambda said, difference: f"Not a mistake that this check knows. The first thing that differs: {difference}.",
}
