"""A command that several processes run together: they meet before anything is read, so that whatever goes wrong is told once."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from tasks.processes import ALONE, GRACE, World, world


def in_company(command: Callable[[World], int]) -> int:
    """Run `command` in the world that torchrun's environment describes; returns the exit status. The leader prints, or the first that fails."""
    if not world().is_spread:
        return command(ALONE)
    from tasks.joining import Unheard, joined  # torch takes a second to load, which one process alone puts off

    try:
        with joined() as own:
            return command(own)
    except Unheard as failed:
        time.sleep(GRACE)  # torchrun ends all as soon as one has gone, and the one that tells needs a moment
        return failed.status


def agreed_folder(free: Callable[[], Path], own: World) -> Path:
    """The folder that `free` finds, as the leader sees it: a moment later the others would find it taken."""
    if not own.is_spread:
        return free()
    from tasks.agreement import leaders

    return leaders(free, own)
