"""A task's loss as a thunk that can be built again on the same batches, which the "fresh" reading of GSE asks for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from torch import Tensor

from tasks.batching import Batch


class Replay:
    """Callable: the loss of the next batch; `again()`: the loss of this iteration's batches once more, in the same order.

    build: -> loss with its graph; it gets its batch from `batch()`.  draw: -> the stream's next batch.  Make one for every iteration and task.
    """

    def __init__(self, build: Callable[[], Tensor], draw: Callable[[], Batch]) -> None:
        self._build, self._draw, self._seen, self._is_again = build, draw, deque[Batch](), False

    def __call__(self) -> Tensor:
        self._is_again = False
        return self._build()

    def again(self) -> Tensor:
        """The loss on the batch that was drawn longest ago, which then counts as the latest; dropout draws new masks."""
        self._is_again = True
        return self._build()

    def batch(self) -> Batch:
        """The batch that the loss being built is of."""
        if self._is_again:
            self._seen.rotate(-1)
        else:
            self._seen.append(self._draw())
        return self._seen[-1]
