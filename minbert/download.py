"""Running a downloader that somebody else wrote: in its own process, watched, and stopped when nothing arrives any more.

A client that lives in a process of its own can be ended at any moment, which no thread can; and the size of the folder it fills is
all that a progress bar needs to know.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from tqdm import tqdm

STALL_SECONDS = 120.0  # without one new byte for so long, a download is given up; longer than any patience of the clients themselves
LOOK_EVERY = 0.2  # seconds


class SourceFailed(ValueError):
    """One source of files could not give them; the message says why, in the middle of a sentence."""


def run_downloader(command: list[str], folder: Path, size: int, label: str, environment: dict[str, str] | None = None) -> None:
    """Run `command`, which downloads about `size` bytes into `folder`, showing a bar called `label` on a terminal.

    environment: variables to add.  Raises `SourceFailed` with the last line of its output when the command fails, or when the folder has not
    grown for STALL_SECONDS.  However this function is left, the process is ended.
    """
    child = subprocess.Popen(
        command,
        cwd=folder,  # `python -c` and `python -m` import from the working directory first: keep the user's files out of it
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    try:
        output = _watch(child, folder, size, label)
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()
        child.stdout.close()
    if child.returncode != 0:
        raise SourceFailed(_last_line(output) or f"it ended with status {child.returncode} and no message")


def _watch(child: subprocess.Popen[str], folder: Path, size: int, label: str) -> str:
    most, last_news = 0, time.monotonic()
    # disable=None: a bar on terminals only, so that log files stay readable
    with tqdm(total=size, unit="B", unit_scale=True, desc=label, disable=None, leave=False, file=sys.stderr) as bar:
        while True:
            try:
                return child.communicate(timeout=LOOK_EVERY)[0]
            except subprocess.TimeoutExpired:
                pass
            arrived = min(_bytes_in(folder), size)
            if arrived > most:  # only a new maximum is progress: some clients start again from nothing, for ever
                bar.update(arrived - most)
                most, last_news = arrived, time.monotonic()  # monotonic: a clock that is set meanwhile must not end a download
            if time.monotonic() - last_news > STALL_SECONDS:
                raise SourceFailed(f"nothing arrived for {STALL_SECONDS:g} s after {most} of {size} bytes")


def _bytes_in(folder: Path) -> int:
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(parent, name)).st_size
            except OSError:
                pass  # renamed between listing and looking; the next look finds it
    return total


def _last_line(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else ""
