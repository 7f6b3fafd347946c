"""What the samplers probe needs: the two plans of an epoch, and the endless sampler that walks through them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch

Plan = Callable[[Mapping[str, int], int, int, int, torch.Generator], Sequence[Sequence[str]]]


@dataclass(frozen=True)
class Samplers:
    """lock_step and shuffled(sizes, batch size, iterations, epoch, generator) -> the steps of an epoch, each a sequence of task names;
    endless(name, sizes, batch size, seed) -> iterator with state_dict and load_state_dict, or None where a layout has none."""

    lock_step: Plan
    shuffled: Plan
    endless: Callable[[str, Mapping[str, int], int, int], Iterator[Sequence[str]]] | None = None


def library() -> Samplers:
    """The subject made of tasks/samplers.py."""
    import tasks.samplers as ours  # here, so that a file that cannot be read is reported when its component is checked

    return Samplers(ours.lock_step, ours.shuffled, ours.sampler)
