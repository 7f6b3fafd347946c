"""How processes meet, agree and part: the group they talk through, work that must succeed on all of them, and errors that are told once.

A process that fails while others wait for its message would leave them waiting. So what may fail before training is done `together`: every
process hears how it went on the others. What fails later ends the process; gloo notices a closed connection at once, torchrun ends the others,
and behind both stands TIMEOUT. A counter that all share decides who has a voice: the first one that fails tells why, the others are `Unheard`.
"""

from __future__ import annotations

import contextlib
import datetime
import os
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import torch
from torch import distributed

from minbert.errors import UserError, first_line
from tasks.devices import choose_device
from tasks.processes import World, expect_divisible, world
from tasks.recipe_settings import Recipe

T = TypeVar("T")
TIMEOUT = datetime.timedelta(minutes=10)  # how long one process waits for the message of another before it gives up
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
    here = world()
    if not here.is_spread or distributed.is_initialized():
        yield here
        return
    store = _join(here)
    try:
        yield here
    except Exception as error:
        if _fails_first(store):
            raise
        raise Unheard(error) from error
    finally:
        distributed.destroy_process_group()


def _join(here: World) -> Any:
    if not distributed.is_available():
        raise UserError("this build of torch has no torch.distributed, so several processes cannot train together: run without torchrun.")
    try:
        store = next(distributed.rendezvous("env://", here.rank, here.size, timeout=TIMEOUT))[0]
        group = distributed.PrefixStore("group", store)
        distributed.init_process_group(BACKENDS[torch.cuda.is_available()], store=group, rank=here.rank, world_size=here.size, timeout=TIMEOUT)
    except (ValueError, RuntimeError) as error:
        address = f"{os.environ['MASTER_ADDR']}:{os.environ['MASTER_PORT']}"
        raise UserError(f"process {here.rank} of {here.size} did not find the others at {address} ({first_line(error)}): "
                        "start all of them with torchrun, with the same --nnodes and --rdzv-endpoint on every machine.") from None
    return store


def _fails_first(store: Any) -> bool:
    try:
        return store.add("failures", 1) == 1
    except RuntimeError:
        return False  # who keeps the counter has gone, and has told why


def own_device(recipe: Recipe, here: World) -> torch.device:
    """Where this process computes: as `choose_device`, and of several GPUs its own. `UserError` where there are more processes than GPUs,
    for a device through which processes cannot talk, and for a batch that they cannot share."""
    device = choose_device(recipe.training.device)
    if not here.is_spread:
        return device
    expect_divisible(recipe.sampler.batch_size, here.size)
    if device.type == "cpu":
        return device
    count = torch.cuda.device_count() if device.type == "cuda" else 0
    if here.local_rank >= count:
        raise UserError(f"process {here.local_rank} of this machine needs a CUDA GPU of its own, and there {'is' if count == 1 else 'are'} {count}: "
                        "start as many processes as there are GPUs (--nproc-per-node), or say --device cpu.")
    torch.cuda.set_device(here.local_rank)
    return torch.device("cuda", here.local_rank)


def together(work: Callable[[], T], here: World) -> T:
    """Do `work` on every process. A `UserError` on any of them is raised on all, so that none goes on alone."""
    if not here.is_spread:
        return work()
    result, error = None, None
    try:
        result = work()
    except UserError as caught:
        error = str(caught)
    errors = everyones(error, here)
    told = next((f"{'' if each == errors[0] else f'process {rank} of {here.size}: '}{each}" for rank, each in enumerate(errors) if each is not None), None)
    if told is not None:
        raise UserError(told)
    return result  # type: ignore[return-value]


def everyones(value: Any, here: World) -> list[Any]:
    """The plain value that each process gives, in the order of ranks, on all of them."""
    if not here.is_spread:
        return [value]
    values = [None] * here.size
    distributed.all_gather_object(values, value)
    return values
