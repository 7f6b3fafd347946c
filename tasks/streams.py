"""Endless streams: a plan is drawn, walked to its end, and drawn anew; and one can stop anywhere and go on exactly there.

Neither `itertools.cycle` (which repeats the first order for ever) nor `zip` (which stops at the shortest) does this. What is remembered is
small: the generator as it was before the plan was drawn, and how far the walk has come.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import torch

from minbert.errors import UserError, shown
from tasks.batching import Batch, collate, length_grouped_batches
from tasks.encoding import EncodedSplit


def own_generator(source: torch.Generator | int) -> torch.Generator:
    """A new generator, seeded with the number given, or with one drawn from the generator given (so that two streams never share one)."""
    seed = source if isinstance(source, int) else int(torch.randint(2**62, (), generator=source))
    return torch.Generator().manual_seed(seed)


class Endless:
    """An endless walk through plans. `draw(epoch, generator)` returns the list for epoch 0, 1, 2, ...; `facts` are plain values that must be the
    same when a state is loaded (another batch size would make the position meaningless)."""

    def __init__(self, draw: Callable[[int, torch.Generator], list], generator: torch.Generator | int, facts: Mapping[str, Any]):
        self._draw, self._generator, self._facts = draw, own_generator(generator), dict(facts)
        self._start_epoch(0)

    def _start_epoch(self, epoch: int) -> None:
        self._before = self._generator.get_state()
        self.epoch, self.position, self._plan = epoch, 0, self._draw(epoch, self._generator)
        if not self._plan:
            raise UserError(f"there is nothing to walk through: {self._facts} gives an empty plan.")

    def __iter__(self) -> Endless:
        return self

    def __next__(self) -> Any:
        if self.position == len(self._plan):
            self._start_epoch(self.epoch + 1)
        item = self._plan[self.position]
        self.position += 1
        return item

    def __len__(self) -> int:
        """Items in the plan of this epoch."""
        return len(self._plan)

    def state_dict(self) -> dict[str, Any]:
        """Where the walk stands: one uint8 tensor and plain numbers."""
        return {**self._facts, "epoch": self.epoch, "position": self.position, "generator": self._before.clone()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where `state` was taken; UserError when it belongs to another walk, which leaves this one as it was."""
        missing = [key for key in (*self._facts, "epoch", "position", "generator") if key not in state]
        if missing:
            raise UserError(f"the saved position has no {missing[0]!r}; it was saved by something else, so start this run afresh.")
        for name, value in self._facts.items():
            if state[name] != value:
                raise UserError(f"the saved position was taken with {name} {shown(state[name])}, now it is {shown(value)}; resume with the settings and files of then.")
        position = int(state["position"])
        if not 0 <= position <= len(self._plan):
            raise UserError(f"the saved position is {position} of {len(self._plan)} and cannot be gone on from; start this run afresh.")
        self._generator.set_state(state["generator"])
        self._start_epoch(int(state["epoch"]))
        self.position = position


class BatchStream:
    """The batches of one training split without end: every epoch holds each example once, grouped by length, in a new order.

    A split that was encoded in both orders is read in either, by a coin. `generator` is a seed or a generator to draw one from; the stream then owns its own. The last batch of a split may be smaller; it is kept,
    and comes at any place of the epoch.
    """

    def __init__(self, encoded: EncodedSplit, batch_size: int, window: int = 50, generator: torch.Generator | int = 0,
                 device: torch.device | str = "cpu"):
        self.encoded, self.device = encoded, device
        self.batches_per_epoch = math.ceil(len(encoded) / max(batch_size, 1))

        def draw(_epoch: int, own: torch.Generator) -> list[tuple[list[int], list[bool]]]:
            batches = length_grouped_batches(encoded.lengths, batch_size, window, own)
            # One coin an example and epoch; without a second order none is thrown, and the batches are those they were.
            turned = (torch.rand(len(encoded), generator=own) < 0.5).tolist() if encoded.swapped else []
            return [(batch, [turned[index] for index in batch] if turned else []) for batch in batches]

        facts = {"task": encoded.task, "examples": len(encoded), "tokens": sum(encoded.lengths), "batch_size": batch_size, "window": window}
        self._walk = Endless(draw, generator, facts)

    def __iter__(self) -> BatchStream:
        return self

    def __next__(self) -> Batch:
        indices, turned = next(self._walk)
        return collate(self.encoded, indices, self.device, turned)

    @property
    def epoch(self) -> int:
        """How many times the whole split has been walked through."""
        return self._walk.epoch

    @property
    def drawn(self) -> int:
        """How many batches it has given in all."""
        return self._walk.epoch * len(self._walk) + self._walk.position

    def state_dict(self) -> dict[str, Any]:
        """The position in the stream: a generator state, an epoch, a place in it, and what the stream was made of."""
        return self._walk.state_dict()

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on exactly where `state` was taken; UserError when data, batch size or window are others."""
        self._walk.load_state_dict(state)
