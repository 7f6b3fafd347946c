"""What several processes must agree on: whether work succeeded, when to stop, that their weights are still the same.

All processes call each of these, in the same order. One process alone agrees with itself, and nothing is sent.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from torch import distributed, nn

from minbert.errors import UserError
from minbert.sources import resolve
from tasks.collectives import largest
from tasks.interrupt import STOPPING, Interrupt
from tasks.processes import World

T = TypeVar("T")


def together(work: Callable[[], T], own: World) -> T:
    """Do `work` on every process. A `UserError` on any of them is raised on all, so that none goes on alone."""
    if not own.is_spread:
        return work()
    result, error = None, None
    try:
        result = work()
    except UserError as caught:
        error = str(caught)
    errors = everyones(error, own)
    told = next((f"{'' if each == errors[0] else f'process {rank} of {own.size}: '}{each}" for rank, each in enumerate(errors) if each is not None), None)
    if told is not None:
        raise UserError(told)
    return result  # type: ignore[return-value]


def everyones(value: Any, own: World) -> list[Any]:
    """The plain value that each process gives, in the order of ranks, on all of them."""
    if not own.is_spread:
        return [value]
    values = [None] * own.size
    distributed.all_gather_object(values, value)
    return values


def watch(own: World) -> Interrupt:
    """An Interrupt for this process: with several, a signal to any of them stops all after the same step, and the leader alone says so."""
    return Interrupt(STOPPING if own.leads else b"", partial(largest, world=own)) if own.is_spread else Interrupt()


def leaders(work: Callable[[], T], own: World) -> T:
    """What the leader's `work` gives, on every process; the others wait for it. A `UserError` of the leader is raised on all."""
    value = together(lambda: work() if own.leads else None, own)
    return everyones(value, own)[0]


def expect_same_weights(model: nn.Module, own: World) -> None:
    """Raise `UserError` when the copies of the model have drifted apart, as they do where one process took another step than the others."""
    if not own.is_spread:
        return
    sums = [float(tensor.double().sum()) for tensor in model.state_dict().values()]
    strangers = [rank for rank, each in enumerate(everyones(sums, own)) if each != sums]
    if any(everyones(bool(strangers), own)):
        raise UserError("the processes no longer have the same weights, although all have summed the same gradients: one of them computes otherwise, "
                        "so look for mixed versions of torch or of minbert, or for a faulty device, and resume from the last checkpoint.")


def fetch_once(weights: str, own: World) -> None:
    """Let one process of each machine fetch pretrained weights that are not there yet; the others then find them."""
    if own.is_spread:
        together(lambda: resolve(weights) if own.local_rank == 0 else None, own)
