"""The code under work, in the child: this library's own (or a student edition's), or the checkout of a course starter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sanity_checks import checking, loading
from sanity_checks.finding import Finding

Check = Callable[[str, Mapping[str, str]], Finding]  # component, outcomes of the others -> what was found
Announce = Callable[[str], object]


@contextmanager
def code_under_work(starter: str, dead: Mapping[str, str], announce: Announce, done: Announce) -> Iterator[Check]:
    """Import the code, and yield the function that checks one component of it.

    starter: the folder of a checkout, or "" for this library. dead: file -> what happened when it ended the whole process the last time; it is
    not tried again. announce and done are told each name before and after it is imported.
    """
    if not starter:
        troubles = loading.load(loading.modules(), dead, announce, done)
        yield lambda component, outcomes: checking.check(component, outcomes, troubles)
        return
    from sanity_checks.starter import check  # here, because student editions come without
    from sanity_checks.starter import loading as reading

    with reading.loaded(Path(starter), dead, announce, done) as checkout:
        yield lambda component, outcomes: check.check(component, checkout, outcomes)
