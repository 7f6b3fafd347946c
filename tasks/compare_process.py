"""Starting the process of one run, passing on what it says, and ending it with us. tasks/compare_child.py is the other side."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from tasks.compare_rows import Run
from tasks.compare_state import Outcome, read_outcome, write_outcome
from tasks.interrupt import Interrupt
from tasks.recipe import to_toml

ROOT = Path(__file__).resolve().parents[1]
# The folder of this very library goes first, wherever the user stands and whatever else is installed.
START = "import sys; sys.path.insert(0, sys.argv[1]); from tasks.compare_child import main; raise SystemExit(main(sys.argv[2:]))"
PATIENCE = 0.1  # seconds between two looks at whether the user pressed Ctrl-C


def run_in_child(run: Run, resume: bool, say: Callable[[str], object], interrupt: Interrupt, inherited: tuple[int, ...] = ()) -> Outcome:
    """Train `run` in a child process; what it prints goes to `say`, line by line. inherited: handles of open files that it keeps open too.

    A signal noted by `interrupt` asks the child to save and stop; a second one, as KeyboardInterrupt, ends it at once. A child that dies becomes
    an outcome with a sentence. Raises OSError when no process can be started.
    """
    job = json.dumps({"recipe": to_toml(run.recipe), "folder": str(run.folder.path), "resume": resume})
    process = subprocess.Popen([sys.executable, "-c", START, str(ROOT), job], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                               encoding="utf-8", errors="backslashreplace", pass_fds=inherited, **_shielded())
    reader = threading.Thread(target=_pass_on, args=(process, say))
    before = read_outcome(run.folder).attempts
    try:
        reader.start()
        status = _wait(process, interrupt)
    except BaseException:
        process.kill()
        raise
    finally:
        process.wait()
        reader.join()
        _close(process)
    after = read_outcome(run.folder)
    if after.attempts > before:
        return after
    # It ended without a word: by Ctrl-C where there is nothing to save, or by a crash.
    return Outcome(stopped_by=interrupt.received) if interrupt.received else write_outcome(run.folder, sentence=_how_it_died(status))


def _wait(process: subprocess.Popen[str], interrupt: Interrupt) -> int:
    while True:
        try:
            return process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            if interrupt.received:
                _close(process)


def _close(process: subprocess.Popen[str]) -> None:
    if process.stdin is not None and not process.stdin.closed:
        process.stdin.close()


def _pass_on(process: subprocess.Popen[str], say: Callable[[str], object]) -> None:
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            say(line.rstrip("\n"))


def _shielded() -> dict[str, object]:
    # Ctrl-C goes to every process of the terminal's group; only we should hear it, and pass it on once.
    return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if os.name == "nt" else {"start_new_session": True}


def _how_it_died(status: int) -> str:
    if status == -getattr(signal, "SIGKILL", 9):
        return "the process of the run was killed, as systems do when memory runs out; try a smaller sampler.batch_size or data.max_length."
    if status < 0:
        return f"the process of the run died of {signal.Signals(-status).name}; its last lines above may say more."
    return f"the process of the run ended with status {status} and no result; its last lines above say more. This is a bug: please report it."


def say_why_here(error: OSError) -> str:
    """The sentence for a system on which no child can be started."""
    return f"No process of its own could be started for each run ({error.strerror or error}): they run in this one, and peak memory stays unknown."

