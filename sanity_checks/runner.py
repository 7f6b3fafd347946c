"""Run the comparisons of oracles/: each component comes out ok, FAIL with the sentence that tells what differs, or skip with the reason.

One that cannot be imported, or raises, is reported as such and the rest goes on.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import torch

from sanity_checks.judge import CheckFailed, Skipped
from sanity_checks.look import raised
from sanity_checks.order import about, components, has_oracle
from sanity_checks.place import place_of

CHECKS = {name: about(name) for name in components() if has_oracle(name)}


@dataclass(frozen=True)
class Outcome:
    """What one component's check found."""

    component: str
    status: str  # "ok", "FAIL" or "skip"
    text: str  # one sentence
    probes: int  # how many were run
    failures: tuple[str, ...]  # one sentence for each probe that failed
    largest_difference: float | None
    seconds: float
    raised: str = ""  # "raised TypeName: message", where the first failure is that the code raised
    place: str = ""  # where it raised that
    skipped: tuple[str, ...] = ()  # why some probes could not be made here


def run(components: Iterable[str]) -> Iterable[Outcome]:
    """Check one component after the other, in the order given; an iterator of `Outcome`, each as soon as it is known."""
    for component in components:
        start = time.perf_counter()
        # Train-mode probes draw from torch's own generator: seeded for them, put back for whoever called.
        with torch.random.fork_rng(devices=[]), _one_thread():
            torch.manual_seed(11711)
            outcome = _check(component)
        yield Outcome(**{**asdict(outcome), "seconds": round(time.perf_counter() - start, 3)})


@contextmanager
def _one_thread() -> Iterator[None]:
    # The tensors are tiny: threads that wait for each other cost more than half of the time.
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _check(component: str) -> Outcome:
    try:
        probes: Sequence[Callable[[], float | None]] = importlib.import_module(f"sanity_checks.oracles.{component}").PROBES
    except (Exception, SystemExit) as error:  # noqa: BLE001 (a broken file must not stop the other checks)
        return Outcome(component, "FAIL", f"it cannot be imported: {_raised(error)}", 0, (_raised(error),), None, 0.0, raised(error), place_of(error))
    differences, failures, skipped, crash = [], [], [], ("", "")
    for probe in probes:
        try:
            differences.append(probe() or 0.0)
        except Skipped as reason:
            skipped.append(str(reason))
        except CheckFailed as difference:
            failures.append(f"{_aim(probe)} But {difference}.")
        except (Exception, SystemExit) as error:  # noqa: BLE001 (whatever code under work may raise, the others go on)
            crash = crash if failures else (raised(error), place_of(error))
            failures.append(f"{_aim(probe)} But the code raised {_raised(error)}.")
    status = "FAIL" if failures else "ok" if differences else "skip"
    return Outcome(component, status, _told(status, len(differences), max(differences, default=0.0), failures, skipped),
                   len(probes) - len(skipped), tuple(failures), max(differences, default=None), 0.0, *crash, tuple(skipped))


def _told(status: str, right: int, worst: float, failures: Sequence[str], skipped: Sequence[str]) -> str:
    if status == "FAIL":
        return failures[0] + (f" ({len(failures) - 1} more of {right + len(failures)} probes fail)" if len(failures) > 1 else "")
    if status == "skip":
        return "; ".join(skipped)
    how = f"largest difference {worst:.0e}" if worst else "exactly"
    return f"matches the reference in {right} probe{'s' if right > 1 else ''} ({how})" + "".join(f"; {reason}" for reason in skipped)


def _aim(probe: Callable[[], float | None]) -> str:
    return " ".join((probe.__doc__ or f"{probe.__name__}.").split("\n\n")[0].split())


def _raised(error: BaseException) -> str:
    place = place_of(error)
    return f"{type(error).__name__}: {' '.join(str(error).split()) or 'no message'}{f' ({place})' if place else ''}"
