"""How a child ended that did not come back: an endless loop, a crash, or too much memory, each in a sentence. Loads no torch."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from dataclasses import dataclass

from sanity_checks.place import place_in


@dataclass(frozen=True)
class Ending:
    """says and look, as in a verdict; busy: the time ran out in the checks' own code, so that the machine is slow and not the student's loop endless."""

    says: str
    look: str = ""
    busy: bool = False


def ending(status: int, trace: Sequence[str], seconds: float) -> Ending:
    """status: of the process, negative for a signal; trace: what faulthandler wrote; seconds: the time that was allowed."""
    place, head = place_in(trace), trace[0] if trace else ""
    where = f" ({place})" if place else ""
    if head.startswith("Timeout") and not place:
        return Ending(f"The check did not come back within {seconds:g} seconds, and was not in your code when it was stopped.",
                      "Is the machine busy? Give it more time with --time-limit.", busy=True)
    if head.startswith("Timeout"):
        return Ending(f"Your code did not come back within {seconds:g} seconds and was stopped{where}.",
                      "Is there a loop that never ends? If it is only slow, give it more time with --time-limit.")
    if head.startswith("Fatal Python error"):
        return Ending(f"Your code crashed Python itself: {head.partition(': ')[2].strip()}{where}.",
                      "Such a crash comes from inside a library: what does this line hand over to it?")
    if status < 0:
        return Ending(f"Your code was ended by signal {-status} ({_name(-status)}){where}.", "Was the machine out of memory, or does the code end its own process?")
    return Ending(f"Your code ended the program with status {status}{where}.", "Remove what ends the program; to leave a function use return.")


def hung(seconds: float) -> Ending:
    """The process neither came back nor told where it is."""
    return Ending(f"Your code did not come back within {seconds:g} seconds and was stopped.", "Is there a loop that never ends?")


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"
