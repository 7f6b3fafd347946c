"""Where a run computes: `auto`, `cpu`, `cuda` or `mps`."""

from __future__ import annotations

import torch

from minbert.errors import UserError, nearest

DEVICES = ("auto", "cpu", "cuda", "mps")


def choose_device(name: str) -> torch.device:
    """The torch device called `name`; `auto` takes CUDA, then Apple's MPS, then the CPU.

    Raises UserError for an unknown name or a device that this machine or this build of torch does not have.
    """
    if name not in DEVICES:
        raise UserError(f"device {name!r}: expected one of {', '.join(DEVICES)}; did you mean {nearest(name, DEVICES) or 'auto'}?")
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        name = next(device for device, available in there.items() if available)
    if not there[name]:
        raise UserError(f"device {name!r} is not available here (torch {torch.__version__} sees "
                        f"{', '.join(device for device, available in there.items() if available)}): use --device cpu or --device auto.")
    return torch.device(name)
