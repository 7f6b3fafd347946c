"""Making the runs of a comparison, one after the other: what is finished is left alone, what is half done is gone on with, a failure stops nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from tasks.compare_child import run_here
from tasks.compare_lock import only_one
from tasks.compare_process import run_in_child, say_why_here
from tasks.compare_rows import Run
from tasks.compare_state import BEGUN, FINISHED, HALF, Outcome, clear, drop_checkpoints, state_of
from tasks.interrupt import Interrupt

Say = Callable[[str], object]
BEGINNINGS = {HALF: "goes on where it stopped", BEGUN: "begins again, since it was stopped before its first save"}


class Runner:
    """Callable: makes every run that is missing and returns the number of the signal that stopped it, or None.

    own_process: give each run a process of its own; bar: makes progress bars for runs that share this process; slim: delete the checkpoints of a
    run once it is finished, since tables are made of its predictions.
    """

    def __init__(self, say: Say, own_process: bool = True, bar: Callable[..., Any] | None = None, slim: bool = False) -> None:
        self.say, self.own_process, self.bar, self.slim = say, own_process, bar, slim

    def __call__(self, runs: Sequence[Run]) -> int | None:
        with only_one(runs[0].out) as self._held:
            return self._make_all(runs)

    def _make_all(self, runs: Sequence[Run]) -> int | None:
        states = [state_of(run) for run in runs]  # all of them first: a folder with another run is told before hours go by
        # Where runs have processes of their own, the run that is stopped says so itself.
        with Interrupt(told=b"") as interrupt:
            for number, (run, state) in enumerate(zip(runs, states), 1):
                title = f"[{number}/{len(runs)}] {run.title}"
                if state == FINISHED:
                    self.say(f"{title}: finished before.")
                    continue
                self.say(f"{title}: {BEGINNINGS.get(state, 'begins')}.")
                started = time.monotonic()
                outcome = self._make(run, state, interrupt)
                if interrupt.received or outcome.stopped_by:
                    return interrupt.received or outcome.stopped_by
                if self.slim and run.folder.results.exists():
                    drop_checkpoints(run.folder)
                self.say(f"{title}: " + (f"FAILED: {outcome.sentence}" if outcome.sentence else f"finished after {time.monotonic() - started:.0f} s."))
        return None

    def _make(self, run: Run, state: str, interrupt: Interrupt) -> Outcome:
        if state == BEGUN:
            clear(run.folder)
        if self.own_process:
            try:
                return run_in_child(run, state == HALF, self._indented, interrupt, self._held)
            except OSError as error:
                self.say(say_why_here(error))
                self.own_process = False
        return run_here(run.recipe, run.folder, state == HALF, self._indented, self.bar, own_process=False)

    def _indented(self, sentence: str) -> None:
        # The run would name the command that goes on with it alone; here the comparison's own command does.
        self.say("    " + sentence.partition(" Go on with: ")[0])
