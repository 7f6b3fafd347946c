"""Diagnosis: compare what a probe saw with the right answer, and if it differs, with the answer of every known mistake.

    every look right               -> correct
    a choice that is also right    -> correct, and told; with a mistake beside it, the mistake
    one mistake explains all       -> that mistake, by name
    several explain all            -> "either ... or ...": the probe cannot tell them apart
    two mistakes together do       -> both
    a fact that fails names one    -> that one: what it does is certain even where its numbers are its own
    one explains half or more      -> that one and something else, said as the guess that it is
    none                           -> unknown: the first look that differs, and how

A name is given only when every look agrees with it, right ones included, so that a wrong name would need a coincidence in all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sanity_checks.answers import Answers
from sanity_checks.fingerprint import equal, fingerprint, match
from sanity_checks.look import Observation, worst


@dataclass(frozen=True)
class Diagnosis:
    """certainty: "right", "named", "either", "two", "partly" or "unknown"; mistakes: their names; differing: the looks that differ, in order;
    severity: "" or that of the worst look that differs; notes: choices that are also right."""

    certainty: str
    mistakes: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    severity: str = ""
    notes: tuple[str, ...] = ()


def diagnose(seen: Mapping[str, Observation], stored: Answers, facts: Mapping[str, str] = MappingProxyType({})) -> Diagnosis:
    """Which mistake, if any, gives what was seen. Looks that this layout of the code does not offer are left out on both sides.

    facts: look -> the mistake that its failure alone means; a look that raised has not failed in that way.
    """
    shared = [name for name in stored.right if name in seen]
    prints = {name: fingerprint(seen[name].seen) for name in shared}
    judged = [name for name in shared if stored.right[name].level != "note"]
    differing = [name for name in judged if not equal(seen[name].seen, stored.right[name].seen)]
    notes = tuple(_explaining(prints, stored, [name for name in shared if name not in judged and not match(prints[name], stored.prints[name])]))
    if not differing:
        return Diagnosis("right", notes=notes)
    agreeing = list(_agreeing(prints, stored, judged))
    notes = tuple(note for note in notes if not _is_owed_to(agreeing, note, prints, stored))
    found = _found(stored, agreeing)
    choices = next(iter(found.values()), None)
    if choices is None:  # nothing explains it all: compare with the choice, if any, that most of it goes back to
        choices = _nearest_choice(prints, stored, differing)
    differing = [name for name in differing if not any(match(prints[name], stored.wrong[choice].get(name, stored.prints[name])) for choice in choices)]
    notes = (*choices, *notes)
    if () in found:
        return Diagnosis("right", notes=notes)
    severity = worst(stored.right[name].level for name in differing)
    if found:
        sizes, names = {len(parts) for parts in found}, tuple(" + ".join(parts) for parts in found)
        certainty = "either" if len(names) > 1 else "named" if sizes == {1} else "two"
        return Diagnosis(certainty, next(iter(found)) if certainty == "two" else names, tuple(differing), severity, notes)
    # NaN and infinity break every comparison, and so every fact, whatever brought them in
    finite = not any("not finite" in prints[name] for name in differing)
    certain = [facts[name] for name in differing if finite and name in facts and match(prints[name], stored.wrong[facts[name]].get(name, {"text": ""}))]
    if certain:
        return Diagnosis("named", (certain[0],), tuple(differing), severity, notes)
    partly = _most_of_it(prints, stored, differing)
    return Diagnosis("partly" if partly else "unknown", (partly,) if partly else (), tuple(differing), severity, notes)


def _found(stored: Answers, names: list[str]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Mistakes -> the choices beside them that are also right, for the answers that explain everything; alone before two by two."""
    for parts in (1, 2):
        answers = [name.split(" + ") for name in names if name.count(" + ") == parts - 1]
        if answers:
            found = {tuple(part for part in answer if part not in stored.accepted): tuple(part for part in answer if part in stored.accepted) for answer in answers}
            return {parts: choices for parts, choices in found.items() if _plain(parts) == parts or _plain(parts) not in found}
    return {}


def _plain(parts: tuple[str, ...]) -> tuple[str, ...]:
    # "mask-missing~forward" is mask-missing made in another place: where a layout cannot tell the two apart, the plain name says enough
    return tuple(part.partition("~")[0] for part in parts)


def _nearest_choice(prints: Mapping[str, Any], stored: Answers, differing: list[str]) -> tuple[str, ...]:
    judged = [name for name in prints if stored.right[name].level != "note"]
    left = {choice: sum(not match(prints[name], stored.wrong[choice].get(name, stored.prints[name])) for name in judged) for choice in stored.accepted}
    choice = min(sorted(left), key=left.__getitem__, default="")
    return (choice,) if choice and 2 * left[choice] <= len(differing) else ()


def _agreeing(prints: Mapping[str, Any], stored: Answers, looks: list[str]) -> Iterator[str]:
    # What changed is asked first, and of thousands of pairs only those that change the rarest look of it. A look that an answer leaves out is
    # right in it, and has not changed.
    changed = [name for name in looks if not match(prints[name], stored.prints[name])]
    others = frozenset(looks) - frozenset(changed)
    for name in min((stored.showing.get(look, ()) for look in changed), key=len, default=stored.wrong):
        answer = stored.wrong[name]
        if all(look in answer and match(prints[look], answer[look]) for look in changed):
            asked = others & answer.keys()
            if (changed or asked) and all(match(prints[look], answer[look]) for look in asked):
                yield name


def _explaining(prints: Mapping[str, Any], stored: Answers, looks: list[str]) -> list[str]:
    # of the choices that are also right and change nothing that is judged, those that were made; several may have been
    if not looks:
        return []  # the answers stay packed
    notes = {name: answer for name, answer in stored.wrong.items() if " + " not in name and all(stored.right[look].level == "note" for look in answer)}
    return [name for name, answer in notes.items() if any(look in looks for look in answer) and all(match(prints[look], one) for look, one in answer.items() if look in prints)]


def _is_owed_to(mistakes: list[str], note: str, prints: Mapping[str, Any], stored: Answers) -> bool:
    # a mistake that changes a look of level "note" has made no choice there
    return any(stored.wrong[note].keys() <= stored.wrong[name].keys() and all(match(prints[look], stored.wrong[name][look]) for look in stored.wrong[note] if look in prints)
               for name in mistakes)


def _most_of_it(prints: Mapping[str, Any], stored: Answers, differing: list[str]) -> str:
    """The mistake that explains at least half of the looks that differ, and contradicts none that is right; "" when there is none, or two."""
    scores: dict[str, int] = {}
    for name, answer in stored.wrong.items():
        if " + " in name or not set(answer) <= {*differing, *(look for look in answer if look not in prints)}:
            continue
        scores[name] = sum(look in answer and match(prints[look], answer[look]) for look in differing)
    best = max(scores.values(), default=0)
    leaders = [name for name, score in scores.items() if score == best]
    return leaders[0] if len(leaders) == 1 and 2 * best >= len(differing) else ""
