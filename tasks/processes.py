"""Several processes train one model: who there is, as torchrun's environment tells it. `torchrun --nproc-per-node 2 -m minbert train ...`

    RANK        which of them this one is, 0 .. WORLD_SIZE - 1; 0 leads: it alone writes files and prints
    WORLD_SIZE  how many there are
    LOCAL_RANK  which of those on this machine: the number of its GPU

Nothing here needs torch, and without those variables, or with a WORLD_SIZE of 1, a run is the plain run of one process. What processes tell
each other is in tasks/collectives.py, who computes which rows in tasks/shards.py. Letters: N processes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from minbert.errors import UserError, shown

GRACE = 3.0  # seconds that a process without a voice waits before it ends
NEEDED = ("RANK", "LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT")  # beside WORLD_SIZE
HOW = "start several processes with torchrun, or unset WORLD_SIZE for one"


@dataclass(frozen=True)
class World:
    """This process among all: rank of size; local_rank among those on this machine."""

    rank: int = 0
    size: int = 1
    local_rank: int = 0

    @property
    def leads(self) -> bool:
        """Whether this is the process that writes files, prints and draws progress bars."""
        return self.rank == 0

    @property
    def is_spread(self) -> bool:
        """Whether there is more than one process."""
        return self.size > 1

    def voice(self, say: Callable[[str], object]) -> Callable[[str], object]:
        """`say` where this process leads, and silence elsewhere."""
        return say if self.leads else silent


ALONE = World()


def silent(sentence: str) -> None:
    """Says nothing: what the processes that do not lead print with."""
    return


def world(environ: Mapping[str, str] | None = None) -> World:
    """The world that the environment describes; `ALONE` without WORLD_SIZE, or where it is 1. `UserError` for numbers that cannot be."""
    environ = os.environ if environ is None else environ
    size = _number(environ, "WORLD_SIZE", 1, None) if environ.get("WORLD_SIZE") else 1
    if size == 1:
        return ALONE
    missing = [name for name in NEEDED if not environ.get(name)]
    if missing:
        raise UserError(f"WORLD_SIZE is {size}, but the environment has no {missing[0]}, which torchrun sets beside it: {HOW}.")
    return World(_number(environ, "RANK", 0, size - 1), size, _number(environ, "LOCAL_RANK", 0, size - 1))


def expect_one_process(command: str, environ: Mapping[str, str] | None = None) -> None:
    """Raise `UserError` under torchrun, for a command whose work is not shared out. The leader tells, and the others wait to be ended with it."""
    own = world(environ)
    if own.is_spread and not own.leads:
        time.sleep(GRACE)
        raise SystemExit(2)
    if own.is_spread:
        raise UserError(f"minbert {command} runs in one process and torchrun started {own.size}, which would all do the same and write over each other: "
                        "start it without torchrun; several processes are for minbert train and minbert pretrain.")


def expect_divisible(batch_size: int, size: int) -> None:
    """Raise `UserError` unless `size` processes can take equal parts of a batch."""
    if batch_size % size:
        nearest = max(1, round(batch_size / size)) * size
        raise UserError(f"sampler.batch_size is {batch_size}, the rows of all {size} processes together, and cannot be cut into {size} equal parts: "
                        f"choose a multiple of {size}, such as {nearest}.")


def _number(environ: Mapping[str, str], name: str, least: int, most: int | None) -> int:
    text = environ[name]
    wanted = f"a number from {least} to {most}" if most is not None else f"a number, {least} or more"
    if not text.isascii() or not text.isdigit() or int(text) < least or (most is not None and int(text) > most):
        raise UserError(f"the environment variable {name} is {shown(text)}, expected {wanted}: {HOW}.")
    return int(text)
