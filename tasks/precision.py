"""Precision: fp32 as it is, or matrix products in bf16 or fp16 while weights and optimizer stay in fp32.

    fp32   the reference
    bf16   the range of fp32 with 8 bits of precision: nothing overflows, so nothing else is needed (CPU and CUDA)
    fp16   11 bits of precision, but numbers under 6e-8 become 0 and over 65504 infinity (CUDA only). So the loss is
           multiplied by a large scale before backward and the gradients divided by it before the step; when a gradient
           overflows all the same, the step is left out and the scale halved.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any

import torch

from minbert.errors import UserError, nearest

DTYPES = {"fp32": None, "bf16": torch.bfloat16, "fp16": torch.float16}


@dataclass(frozen=True)
class Precision:
    """How the numbers of one run are held.

    dtype: what matrix products run in, None for fp32. device_type: "cpu", "cuda" or "mps".
    scaler: scales the loss of fp16 runs; does nothing otherwise.
    """

    dtype: torch.dtype | None
    device_type: str
    scaler: torch.amp.GradScaler

    def autocast(self) -> contextlib.AbstractContextManager[Any]:
        """A `with` block in which matrix products run in `dtype`; softmax, layer norm and losses stay in fp32."""
        if self.dtype is None:
            return contextlib.nullcontext()
        # cache_enabled=False would cast each weight again for every use; the cache is emptied when the block ends.
        return torch.autocast(self.device_type, dtype=self.dtype)


def make_precision(name: str, device: torch.device) -> Precision:
    """The Precision called `name` on `device`. Raises UserError for an unknown name or fp16 away from CUDA."""
    if name not in DTYPES:
        raise UserError(f"training.precision = {name!r}: expected one of {', '.join(DTYPES)}; did you mean {nearest(name, DTYPES) or 'fp32'}?")
    if name == "fp16" and device.type != "cuda":
        raise UserError(f"training.precision = 'fp16' needs a CUDA device and this run is on {device.type}: use bf16 or fp32.")
    return Precision(DTYPES[name], device.type, torch.amp.GradScaler(device.type, enabled=name == "fp16"))
