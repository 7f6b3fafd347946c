"""Tallies: how the check of a component fares against its own mistakes, alone and several at once, against right rewrites and random slips."""

from __future__ import annotations

import functools
import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from sanity_checks.bank import mistakes
from sanity_checks.mutants import SEED, Mutant, mutants, slipped
from sanity_checks.survivors import reasons
from sanity_checks.trials import Trial, tried
from sanity_checks.wrong import Change, tables


@functools.cache
def alone(component: str, name: str) -> str:
    """What the check says of one mistake of its bank: "named", "misnamed", "missed", "unknown", "either", "two" or "partly"."""
    found = tried(component, tables(component)[0][name]).diagnosis
    if found is None:
        return "unknown"
    if found.certainty == "right":  # a choice that is also right is accepted, and told
        return "named" if name in found.notes else "missed"
    return ("named" if found.mistakes == (name,) else "misnamed") if found.certainty == "named" else found.certainty


@functools.cache
def rewrite(component: str, variant: str) -> Trial:
    """What the check makes of one right rewrite."""
    return tried(component, tables(component)[1][variant], watch=True)


def is_told(trial: Trial) -> bool:
    """Whether anything was said about how accepted code is written."""
    return bool(trial.way or trial.diagnosis and trial.diagnosis.notes)


def honesty(made: Sequence[str], trial: Trial) -> str:
    """How honest the answer to several mistakes at once is.

    "all" of them, "one of them" (or more), "either", "partly" and "partly another" (a guess, said to be one), "unknown", "right" (they undo
    each other), "same as another" where the whole answer is that of the mistake it names, as far as any look can see, and "misnamed" where a
    name was given for less.
    """
    found = trial.diagnosis
    if found is None or found.certainty in ("unknown", "either", "right"):
        return found.certainty if found else "unknown"
    if found.certainty == "partly":
        return "partly" if set(found.mistakes) & set(made) else "partly another"
    if set(found.mistakes) <= set(made):
        return "all" if set(found.mistakes) == set(made) else "one of them"
    return "by a fact" if trial.by_fact else "same as another"


def several(component: str, size: int, limit: int) -> Counter[str]:
    """`size` mistakes of the bank at once, up to `limit` random choices of them: how often the answer was how honest."""
    edits = real(component)
    groups = list(itertools.combinations(edits, size))
    random.Random(SEED).shuffle(groups)
    changes = ((names, lambda names=names: tuple(dict.fromkeys(each for name in names for each in edits[name]))) for names in groups)
    return _answers(component, changes, limit)


def with_a_slip(component: str, limit: int) -> Counter[str]:
    """One mistake of the bank and one random slip at once, `limit` times."""
    edits = real(component)
    names = itertools.islice(itertools.cycle(edits), 3 * limit)
    changes = (((name,), lambda name=name, seed=seed: slipped(component, edits[name], SEED + seed)) for seed, name in enumerate(names))
    return _answers(component, changes, limit)


def real(component: str) -> dict[str, tuple[Change, ...]]:
    """The mistakes of a bank that are wrong in some use: choices that are also right are left out."""
    return {name: changes for name, changes in tables(component)[0].items() if mistakes(component)[name].severity != "note"}


def _answers(component: str, groups: Iterable[tuple[tuple[str, ...], Callable[[], tuple[Change, ...]]]], limit: int) -> Counter[str]:
    def answers() -> Iterator[str]:
        for names, changes in groups:
            try:
                yield honesty(names, tried(component, changes()))
            except (ValueError, SyntaxError):
                continue  # the changes do not fit the source together: one place cannot be wrong in two ways

    return Counter(itertools.islice(answers(), limit))


@functools.cache
def slips(component: str, limit: int) -> dict[Mutant, Trial]:
    """What the check makes of the first `limit` mutants (all of them when negative); those that close over other names are left out."""
    if tried(component, ()).outcome != "right":  # then every slip would look noticed
        raise ValueError(f"{component}: the library's own code is not right, so its answers are stale: python -m sanity_checks.make_answers {component}")
    found = {}
    for mutant in mutants(component)[: limit if limit >= 0 else None]:
        try:
            found[mutant] = tried(component, (mutant.edit,))
        except ValueError:
            continue
    return found


def survivors(component: str, limit: int) -> dict[str, tuple[str, str]]:
    """The mutants that were accepted -> the kind of reason and the reason, ("", "") where nobody has given one."""
    accepted = [mutant.difference for mutant, trial in slips(component, limit).items() if trial.outcome == "right"]
    return {difference: reasons(component).get(difference, ("", "")) for difference in accepted}
