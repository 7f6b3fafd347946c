"""Trials: change a component's source, look, and see what the diagnosis makes of it. What raises or never ends is told, and nothing is left changed."""

from __future__ import annotations

import signal
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from types import FrameType

from sanity_checks.answers import answers
from sanity_checks.bank import mistakes
from sanity_checks.diagnose import Diagnosis, diagnose
from sanity_checks.light import without_compiler
from sanity_checks.look import Observation
from sanity_checks.probing import look_at
from sanity_checks.variants import Watched, watching, way
from sanity_checks.wrong import Edit, rewritten

LIMIT = 2.0  # seconds of this process, however busy the machine is; a probe takes a twentieth of one


@dataclass(frozen=True)
class Trial:
    """outcome: "right", "wrong", or "raised" (the code's own exception is all that there is to see), "endless"; diagnosis: None where the
    probe could not finish; way: how the code is written, where it was watched and stands out; by_fact: a failing fact gave the name, and the numbers were not compared."""

    outcome: str
    diagnosis: Diagnosis | None
    seconds: float
    way: tuple[str, ...] = ()
    by_fact: bool = False


def tried(component: str, edits: tuple[Edit, ...], watch: bool = False) -> Trial:
    """The diagnosis of `component` after `edits`; ValueError when they do not fit the source.

    watch: also read how the code is written, which doubles the time.
    """
    without_compiler()  # its import would count against the first trial's time
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # wrong code may warn
        with rewritten(edits):
            try:
                with _limited(LIMIT), watching() if watch else nullcontext(Watched()) as calls:
                    seen = look_at(component)
            except KeyboardInterrupt:
                return Trial("endless", None, time.perf_counter() - start)
            except Exception:  # noqa: BLE001 (a mutant may break what the probe builds before its first look)
                return Trial("raised", None, time.perf_counter() - start)
    stored = answers(component)
    found = diagnose(seen, stored, {each.fact: name for name, each in mistakes(component).items() if each.fact})
    raised = found.differing and all(str(seen[name].seen).startswith("raised") for name in found.differing)
    outcome = "right" if found.certainty == "right" else "raised" if raised else "wrong"
    return Trial(outcome, found, time.perf_counter() - start, way(component, calls) if watch else (), _is_by_fact(component, seen, found))


def _is_by_fact(component: str, seen: Mapping[str, Observation], found: Diagnosis) -> bool:
    if found.certainty != "named" or not mistakes(component)[found.mistakes[0]].fact:
        return False
    return diagnose(seen, answers(component)).certainty != "named"


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """KeyboardInterrupt inside after that many seconds: looks keep every other exception to themselves."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
