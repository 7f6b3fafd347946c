"""One child process, seen from the parent: start it, read its messages and its prints, end it. Loads no torch."""

from __future__ import annotations

import json
import os
import queue
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sanity_checks.place import PROJECT

KEPT = 64 * 1024  # bytes of prints that are kept of one component; all lines are counted


@dataclass(frozen=True)
class Printed:
    """lines: how many were printed; first: the first of them."""

    lines: int = 0
    first: tuple[str, ...] = ()


class Child:
    """A running `python -m sanity_checks.child`."""

    def __init__(self, plan: Mapping[str, Any]) -> None:
        self.mark = f"\0{secrets.token_hex(16)}\0"
        paths = [str(PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])]  # the packages that this process runs, wherever it was started
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1"}
        words = [sys.executable, "-m", "sanity_checks.child", json.dumps({**plan, "mark": self.mark})]
        self.process = subprocess.Popen(words, cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        start_new_session=os.name != "nt")  # fmt: skip  # (its own group: it goes with all that it starts)
        self.messages: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self.pieces: queue.Queue[Printed] = queue.Queue()
        self.trace: list[str] = []
        self.hung = False
        self._readers = [threading.Thread(target=work, daemon=True) for work in (self._read_messages, self._read_prints)]
        for reader in self._readers:
            reader.start()

    def next(self, seconds: float | None) -> dict[str, Any] | None:
        """The next message; None when the process has ended, or nothing came for so long (None: however long)."""
        try:
            return self.messages.get(timeout=seconds)
        except queue.Empty:
            self.hung = True
            return None

    def printed(self) -> Printed:
        """What was printed since the last cut; called after a message that follows one, or after `end`."""
        try:
            return self.pieces.get(timeout=1.0)
        except queue.Empty:
            return Printed()

    def end(self, patience: float = 1.0) -> int:
        """Make sure, after so many seconds, that the process and all that it started have ended; returns its status, negative for a signal."""
        try:
            self.process.wait(timeout=0.0 if self.hung else patience)
        except subprocess.TimeoutExpired:
            pass
        status = self.process.poll()  # what it came to by itself, if it did
        try:
            os.killpg(self.process.pid, signal.SIGKILL) if os.name != "nt" else self.process.kill()
        except (ProcessLookupError, PermissionError):
            pass
        ended = self.process.wait()
        for reader in self._readers:
            reader.join(timeout=1.0)
        return ended if status is None else status

    def _read_messages(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            text = line.decode("utf-8", "replace")
            if text.startswith("{"):
                self.messages.put(json.loads(text))
            else:
                self.trace.append(text)
        self.messages.put(None)

    def _read_prints(self) -> None:
        assert self.process.stderr
        mark, held, lines, kept = self.mark.encode("ascii"), b"", 0, b""
        while chunk := os.read(self.process.stderr.fileno(), 65536):
            *whole, held = (held + chunk).split(mark)
            for piece in whole:
                self.pieces.put(_printed(kept + piece, lines + (kept + piece).count(b"\n")))
                lines, kept = 0, b""
            if len(held) > 2 * KEPT:  # an endless loop prints without end: count, keep the beginning, and the end where a mark may be cut in two
                kept, middle, held = (kept + held)[:KEPT], (kept + held)[KEPT : -len(mark)], held[-len(mark) :]
                lines += middle.count(b"\n")
        self.pieces.put(_printed(kept + held, lines + (kept + held).count(b"\n")))


def _printed(text: bytes, ends: int) -> Printed:
    first = text.decode("utf-8", "replace").splitlines()
    return Printed(ends + (not text.endswith(b"\n") and bool(text)), tuple(first))
