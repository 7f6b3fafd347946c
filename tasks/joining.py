"""How processes meet and part: the group they talk through, the device of each, and errors that are told once.

A process that fails leaves others waiting for its message. What may fail before training is therefore done `together` (tasks/agreement.py).
What fails later ends the process; gloo notices a closed connection at once, torchrun ends the others, and behind both stands TIMEOUT.
A counter that all share decides who has a voice: the first one that fails tells why, the others are `Unheard`.
"""

from __future__ import annotations

import atexit
import contextlib
import datetime
import functools
import importlib
import itertools
import os
import re
from collections.abc import Iterator
from typing import Any

import torch
from torch import distributed

from minbert.errors import UserError, first_line
from tasks.devices import choose_device
from tasks.processes import ALONE, World, expect_divisible, world
from tasks.recipe_settings import Recipe

TIMEOUT = datetime.timedelta(minutes=10)  # how long one process waits for the message of another before it gives up
LOST = re.compile(r"gloo|nccl|c10d|connection|socket|timed out", re.IGNORECASE)  # in what torch says when another process does not answer
SHORT = re.compile(r"connection \w+ by peer|timed out", re.IGNORECASE)  # what of that fits into a sentence
MEETINGS = itertools.count(1)  # all processes meet equally often
BACKENDS = {False: "gloo", True: "cpu:gloo,cuda:nccl"}  # whether there are GPUs -> who carries messages


class Unheard(Exception):
    """This process failed, and another one tells why. status: what to end with, 2 for a mistake of the user."""

    def __init__(self, error: Exception) -> None:
        super().__init__("another process failed first and tells why")
        self.status = 2 if isinstance(error, UserError) else 1


@contextlib.contextmanager
def joined() -> Iterator[World]:
    """Inside, the processes that torchrun started can talk; yields this one's place among them. One process alone joins nothing.

    An exception that leaves the block does so as it is on the first process that fails, and as `Unheard` on the others. `UserError` for an
    environment in which the others cannot be found. A group that is there already is used and left alone.
    """
    own = world()
    if not own.is_spread or distributed.is_initialized():
        yield own
        return
    store = _join(own)
    try:
        yield own
        distributed.barrier()  # nobody hangs up while another still speaks
    except Exception as error:
        was_left = isinstance(error, RuntimeError) and LOST.search(str(error)) is not None
        if not _fails_first(store, if_unknown=was_left):
            raise Unheard(error) from error
        if was_left:
            why = SHORT.search(str(error)) or [first_line(error)]
            raise UserError(f"process {own.rank} of {own.size} has lost another one ({why[0]}): that has ended, perhaps for want of memory, or its "
                            "machine has; go on from what was saved last with minbert train --resume, in as many processes as you like.") from error
        raise
    finally:
        distributed.destroy_process_group()


def here() -> World:
    """The world that this process has joined, `ALONE` when none: what parts of a run are built for."""
    return world() if distributed.is_available() and distributed.is_initialized() else ALONE


def _join(own: World) -> Any:
    if not distributed.is_available():
        raise UserError("this build of torch has no torch.distributed, so several processes cannot train together: run without torchrun.")
    # Ten functions in there have "the group that there is" as a default, taken when they are loaded. torch loads them with the first optimizer:
    # inside a group they would keep it for good, and a process whose gloo still listens while Python shuts down is sometimes aborted.
    importlib.import_module("torch.distributed.nn.functional")
    address = f"{os.environ['MASTER_ADDR']}:{os.environ['MASTER_PORT']}"
    try:
        # A name for each meeting: what was noted for an earlier one would lead to connections that have been closed.
        store = distributed.PrefixStore(f"meeting {next(MEETINGS)}", _board(own, address))
        group = distributed.PrefixStore("group", store)
        distributed.init_process_group(BACKENDS[torch.cuda.is_available()], store=group, rank=own.rank, world_size=own.size, timeout=TIMEOUT)
    except (ValueError, RuntimeError) as error:
        raise UserError(f"process {own.rank} of {own.size} did not find the others at {address} ({first_line(error)}): "
                        "start all of them with torchrun, with the same --nnodes and --rdzv-endpoint on every machine.") from None
    return store


@functools.cache
def _board(own: World, address: str) -> Any:
    """Where processes leave notes for each other. Opened once: a second one at the same address would be taken for the first."""
    atexit.register(_board.cache_clear)  # it may have a thread too, which should end before Python does
    return next(distributed.rendezvous("env://", own.rank, own.size, timeout=TIMEOUT))[0]


def _fails_first(store: Any, if_unknown: bool) -> bool:
    try:
        return store.add("failures", 1) == 1
    except RuntimeError:
        return if_unknown  # who keeps the counter has gone: with a word, unless it was killed


def own_device(recipe: Recipe, own: World) -> torch.device:
    """Where this process computes: as `choose_device`, and of several GPUs its own. `UserError` where there are more processes than GPUs,
    for a device through which processes cannot talk, and for a batch that they cannot share."""
    device = choose_device(recipe.training.device)
    if not own.is_spread:
        return device
    expect_divisible(recipe.sampler.batch_size, own.size)
    if device.type == "cpu":
        return device
    count = torch.cuda.device_count() if device.type == "cuda" else 0
    if own.local_rank >= count:
        raise UserError(f"process {own.local_rank} of this machine needs a CUDA GPU of its own, and there {'is' if count == 1 else 'are'} {count}: "
                        "start as many processes as there are GPUs (--nproc-per-node), or say --device cpu.")
    torch.cuda.set_device(own.local_rank)
    return torch.device("cuda", own.local_rank)
