"""Guards around code that may do anything, set up in the child: time, memory, and calls that would wait for a person or end the program."""

from __future__ import annotations

import builtins
import faulthandler
import os
import pdb  # noqa: T100 (its calls are what is trapped)
import sys
from collections.abc import Callable
from typing import Any, TextIO

try:
    import resource
except ImportError:  # Windows offers no limit on memory
    resource = None  # type: ignore[assignment]

GIGABYTE = 1024**3


class Trapped(Exception):
    """The code called something that a check cannot let happen; the message completes the sentence "Your code ..."."""


def limit_memory(gigabytes: float) -> None:
    """Let this process grow by so much beyond what it holds now; asking for more raises MemoryError. Linux keeps to it, macOS may not."""
    if resource is None or gigabytes <= 0:
        return
    try:
        with open("/proc/self/statm", encoding="ascii") as status:
            now = int(status.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + int(gigabytes * GIGABYTE), resource.RLIM_INFINITY))
    except (OSError, ValueError):
        pass  # no such file, or a tighter limit is set already


def set_traps() -> None:
    """input(), debuggers and os._exit raise `Trapped` from now on, so that they are told with their line."""
    builtins.input = _trap("calls input(), which waits for somebody at the keyboard")
    debugger = _trap("calls breakpoint() or pdb.set_trace(), which waits for somebody at the keyboard")
    sys.breakpointhook = pdb.set_trace = pdb.Pdb.set_trace = debugger  # type: ignore[assignment, method-assign]
    here, leave = os.getpid(), os._exit
    stop = _trap("calls os._exit(), which ends the program")
    os._exit = lambda status: stop() if os.getpid() == here else leave(status)  # type: ignore[assignment]  # (a forked worker ends like that)


def _trap(words: str) -> Callable[..., Any]:
    def trapped(*arguments: object, **named: object) -> None:
        raise Trapped(words)

    return trapped


def start_clock(seconds: float, channel: TextIO) -> None:
    """In so many seconds the traceback goes to `channel` and the process ends, wherever it hangs: in Python or inside torch."""
    if seconds > 0:
        faulthandler.dump_traceback_later(seconds, exit=True, file=channel)


def stop_clock() -> None:
    """The code came back in time."""
    faulthandler.cancel_dump_traceback_later()


def tell_crashes(channel: TextIO) -> None:
    """Should the process die of a segmentation fault or an abort, its traceback goes to `channel`."""
    faulthandler.enable(channel, all_threads=False)
