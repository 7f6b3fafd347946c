"""One run of a comparison in a process of its own, so that its peak memory, and a crash, are its own.

The parent holds the other end of standard input. When that end closes, because the parent asks for a stop or because it is gone, the run
finishes its step, saves and ends, as after Ctrl-C; so no run is left behind alone, on any system.
"""

from __future__ import annotations

import _thread
import json
import os
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from minbert.errors import UserError
from tasks.compare_state import Outcome, write_outcome
from tasks.recipe import Recipe, recipe_from_table
from tasks.recipe_reading import tomllib
from tasks.run_folder import RunFolder

SIGINT_STATUS = 130


def main(argv: Sequence[str]) -> int:
    """Carry out the job in the one argument, JSON with "recipe" (TOML), "folder" and "resume"; returns an exit status."""
    threading.Thread(target=_watch_parent, daemon=True).start()
    try:
        job = json.loads(argv[0])
        from tasks.console import progress_bar

        run_here(recipe_from_table(tomllib.loads(job["recipe"])), RunFolder(Path(job["folder"])), job["resume"], _say, progress_bar, own_process=True)
    except KeyboardInterrupt:
        return SIGINT_STATUS  # before the first step or after the last: the folder says how far it came
    return 0


def run_here(recipe: Recipe, folder: RunFolder, resume: bool, say: Callable[[str], object], bar: Callable[..., Any] | None, own_process: bool) -> Outcome:
    """Train in this process and store what it came to; a UserError becomes the outcome's sentence. own_process: this process does nothing else."""
    import torch

    from tasks.devices import choose_device
    from tasks.train import train

    on_cuda = torch.cuda.is_available()
    if on_cuda:
        torch.cuda.reset_peak_memory_stats()
    sentence, stopped, device = None, None, ""
    try:
        device = choose_device(recipe.training.device).type
        stopped = train(recipe, folder.path, resume=resume, say=say, bar=bar).stopped_by
    except UserError as error:
        sentence = str(error)
    return write_outcome(folder, sentence=sentence, stopped_by=stopped, device=device, peak_bytes=peak_bytes() if own_process else None,
                         cuda_bytes=torch.cuda.max_memory_allocated() if on_cuda and device == "cuda" else None)


def peak_bytes() -> int | None:
    """The most memory this process ever held, in bytes; None where the system does not tell."""
    try:
        # On Linux ru_maxrss may still hold the size of the process that started us; VmHWM is of this program alone.
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
    except (OSError, StopIteration, ValueError):
        pass
    try:
        import resource
    except ImportError:  # Windows
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _say(sentence: str) -> None:
    try:
        print(sentence, flush=True)
    except OSError:  # nobody listens any more; the run saves all the same
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _watch_parent() -> None:
    # os.read and not sys.stdin: a thread that waits inside a buffered file makes Python's own end fail.
    while os.read(0, 1):
        pass
    _thread.interrupt_main()
