"""When a loss or a gradient is no longer a number: stop before the weights are touched, and say which rows did it.

One NaN that reaches the optimizer spreads to every weight in a single update, and every loss after it is NaN too. So the
loss is looked at before backward and the gradients before the step; the last checkpoint then still holds a good model.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from minbert.errors import UserError
from minbert.files import write_text
from tasks.batching import Batch, collate
from tasks.encoding import EncodedSplit


class NotFinite(Exception):
    """`what` ("loss" or "gradient") was `value` in an update on `batches`; weights and optimizer are as before that update."""

    def __init__(self, what: str, value: float, batches: Sequence[Batch]) -> None:
        super().__init__(f"the {what} is {value}")
        self.what, self.value, self.batches = what, value, tuple(batches)


def expect_finite(what: str, value: float, batches: Sequence[Batch]) -> None:
    """Raise NotFinite when `value` is NaN or infinite."""
    if not math.isfinite(value):
        raise NotFinite(what, value, batches)


def gradient_norm(parameters: Iterable[Tensor]) -> Tensor:
    """The length of all gradients as one vector, a scalar; parameters without a gradient take no part.

    NaN or infinity anywhere makes it NaN or infinite, so one number tells about all.
    """
    norms = torch._foreach_norm([parameter.grad for parameter in parameters if parameter.grad is not None])
    return torch.linalg.vector_norm(torch.stack(norms))


def explain(stopped: NotFinite, model: nn.Module, train: dict[str, EncodedSplit], step: int, path: Path) -> UserError:
    """Write the rows of the batch and their losses to `path` and return the one sentence for the user."""
    model.eval()
    rows = [row for batch in stopped.batches for row in _rows(batch, model, train[batch.task])]
    task = stopped.batches[-1].task
    write_text(path, json.dumps({"step": step, "task": task, "what": stopped.what, "value": str(stopped.value), "rows": rows}, indent=1) + "\n")
    guilty = [row["id"] for row in rows if not math.isfinite(float(row["loss"]))] or [row["id"] for row in rows]
    shown = ", ".join(guilty[:5]) + (f" and {len(guilty) - 5} more" if len(guilty) > 5 else "")
    return UserError(f"training stopped at step {step}: the {stopped.what} of task {task} is {stopped.value} on the rows with id {shown} "
                     f"(all ids and losses are in {path}); the weights were not touched by them, "
                     "so look at those rows, lower optimizer.lr or set training.clip to 1, and resume or start again.")


def _rows(batch: Batch, model: nn.Module, encoded: EncodedSplit) -> list[dict[str, str | int]]:
    # Row by row, so that one bad row cannot hide behind the mean of its batch.
    found = []
    for index in batch.indices:
        alone = collate(encoded, [index], batch.input_ids.device)
        with torch.no_grad():
            loss = float(model.loss(alone, model(alone)))
        found.append({"task": batch.task, "id": alone.ids[0], "index": index, "loss": str(loss)})
    return found
