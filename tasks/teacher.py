"""The teacher of the Bregman proximal point: a copy of the model that follows slowly and is only read (Jiang et al. 2020, section 3.2).

    D = mean_i l(f(x_i; theta), f(x_i; teacher))        after every `every` updates:  teacher <- beta teacher + (1 - beta) theta

The teacher answers the clean inputs, in eval mode and without a graph: with dropout on it would differ from an equal student.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from regularizers import bregman_term, divergence, follow, momentum
from tasks.batching import Batch
from tasks.model import MultitaskModel
from tasks.recipe_settings import BregmanSettings


class Teacher:
    """model: the student, copied with its heads and buffers; settings: [bregman]; total: optimizer steps of the whole run, for the momentum's switch."""

    def __init__(self, model: MultitaskModel, settings: BregmanSettings, total: int) -> None:
        self.student, self.settings, self.total = model, settings, total
        self.model = copy.deepcopy(model).requires_grad_(False).eval()
        self._distances = {name: divergence(task.kind) for name, task in model.tasks.items()}

    def pull(self, batch: Batch, logits: Tensor, read: Callable[[Batch], Tensor] | None = None) -> Tensor:
        """mu D, a scalar: the student's logits on `batch`, (B, k) or (B,), against the teacher's, which `read` gets (default: its model)."""
        with torch.no_grad():
            answer = (read or self.model)(batch)
        return self.settings.weight * bregman_term(logits, answer, self._distances[batch.task])

    def after_update(self, updates: int) -> None:
        """Follow the student, if it is time; updates: how many the run has made, this one included."""
        if updates % self.settings.every == 0:
            beta = momentum(updates - 1, self.total, self.settings.momentum, self.settings.late_momentum, self.settings.switch)
            follow(list(self.model.state_dict().values()), list(self.student.state_dict().values()), beta)

    def state_dict(self) -> dict[str, Tensor]:
        """The teacher's tensors, for a checkpoint: without them a resumed run would be pulled elsewhere."""
        return dict(self.model.state_dict())

    def tensors(self) -> Mapping[str, Tensor]:
        """The living tensors, to copy a saved state into."""
        return dict(self.model.state_dict())
