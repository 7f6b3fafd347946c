"""Ctrl-C and SIGTERM: finish the step, save, say how to go on; a second signal stops at once.

A signal may arrive between any two instructions, even in the middle of an update. So the handler only takes a note, and
the training loop reads it where stopping is safe. While nothing is being changed, as during an evaluation, there is no
step to finish: there the note is an exception.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from types import FrameType, TracebackType
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM)
STOPPING = b"\nStopping: finishing this step and saving first; press again to stop at once.\n"


class Interrupted(Exception):
    """A signal asked the run to stop; `signal_number` tells which one."""

    def __init__(self, signal_number: int) -> None:
        super().__init__(f"stopped by {signal.Signals(signal_number).name}")
        self.signal_number = signal_number


class Interrupt:
    """Watches for SIGINT and SIGTERM inside a `with` block; `received` is the signal's number, or None.

        with Interrupt() as interrupt:
            for step in steps:
                update(step)
                interrupt.check()        # raises Interrupted if a signal came meanwhile

    Outside the main thread Python delivers no signals, so there it watches nothing. told: what is written to standard error at the first one.
    agree: number received here, or 0 -> the one that counts, for several processes, which must stop after the same step; all call `check` alike.
    """

    def __init__(self, told: bytes = STOPPING, agree: Callable[[int], int] | None = None) -> None:
        self.received: int | None = None
        self._told, self._agree = told, agree
        self._raise = False
        self._before: dict[int, object] = {}

    def __enter__(self) -> Interrupt:  # noqa: PYI034 (typing.Self came with Python 3.11)
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._note) for number in SIGNALS}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._restore()

    def check(self) -> None:
        """Raise Interrupted if a signal was received: call it where stopping is safe."""
        number = self.received or 0
        if self._agree:
            number = self._agree(number)
        if number:
            raise Interrupted(number)

    @contextlib.contextmanager
    def at_once(self) -> Iterator[None]:
        """Inside this block a signal raises Interrupted instead of waiting; so does one noted just before it.

        With several processes it waits all the same: the others would wait for this one's part. There `between` looks often.
        """
        self._raise = self._agree is None
        try:
            self.check()
            yield
        finally:
            self._raise = False

    def between(self, bar: Callable[..., Any] | None) -> Callable[..., Any] | None:
        """`bar`, made to `check` before each item where processes must agree, which all of them walk through in equal numbers."""
        return partial(self._checked, bar) if self._agree else bar

    def _checked(self, bar: Callable[..., Any] | None, items: Iterable[Any], **options: Any) -> Iterator[Any]:
        for item in bar(items, **options) if bar else items:
            self.check()
            yield item

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.received = number
        # With the old handlers back, a second signal does what it would have done without us: stop at once.
        self._restore()
        # os.write, because print may be half way through a line of its own when the signal arrives.
        if self._told:
            os.write(2, self._told)
        if self._raise:
            raise Interrupted(number)

    def _restore(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}


def exit_status(signal_number: int) -> int:
    """The exit status a shell expects after a signal: 130 for Ctrl-C, 143 for SIGTERM."""
    return 128 + signal_number
