"""What the probe of GSE's readings and controls needs: whole updates, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor


@dataclass(frozen=True)
class SurgeryUpdates:
    """run(name, reading, thunks, step, zero_grad, parameters, accumulation, backward, calls) -> losses of the last call by task; name: "pcgrad", "gradvac",
    "gse", "summed-twice" or "pcgrad-twice"; reading: "stale" or "fresh"; thunks: task -> a loss, whose `again()` is that of the same batches."""

    run: Callable[..., Mapping[str, Tensor]]


def library() -> SurgeryUpdates:
    """The subject made of tasks/surgery_updates.py."""
    import tasks.surgery_updates as ours  # here, so that a file that cannot be read is reported when its component is checked

    def run(name: str, reading: str, thunks: Mapping[str, Any], step: Callable[[], object], zero_grad: Callable[[], object], parameters: Sequence[Tensor],
            accumulation: int, backward: Callable[[Tensor], None], calls: int) -> Mapping[str, Tensor]:
        surgeon, losses = ours.Surgeon(parameters, torch.Generator().manual_seed(7), reading), {}
        for _ in range(calls):
            losses = ours.SURGERIES[name](thunks, step, zero_grad, accumulation, backward=backward, surgeon=surgeon)
        return losses

    return SurgeryUpdates(run)
