"""The "compiled" backend: the update written as plain algebra, which torch.compile turns into one loop over memory.

The numbers that change from step to step arrive in a small tensor: a Python number would be compiled in, and every step would compile again.
Tensors arrive as flat views with their length left open, so one compilation serves all of a model's shapes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import Tensor

from .adamw_fused import suits_kernel
from .adamw_one_line import one_line
from .adamw_pieces import Tensors

SMALLEST = 2**13  # numbers; below this, entering compiled code costs more than it saves
COMPILERS = ("g++", "clang++", "c++", "cl")


def one_line_update(parameter: Tensor, gradient: Tensor, mean: Tensor, square: Tensor, numbers: Tensor) -> None:
    """theta <- keep theta - step_size m/(sqrt(v) + eps), after m and v have moved; all in place.

    parameter, gradient, mean, square: (N,); numbers: (6,) of the same dtype: 1 - b1, b2, 1 - b2, keep, step_size, eps.
    """
    new1, old2, new2, keep, step_size, eps = numbers.unbind()
    mean.copy_(mean + new1 * (gradient - mean))  # m = b1 m + (1 - b1) g, written as a step towards g
    square.copy_(old2 * square + new2 * gradient * gradient)
    parameter.copy_(keep * parameter - step_size * mean / (square.sqrt() + eps))


@cache
def compiled_one_line_update() -> Callable[..., None]:
    """`one_line_update` under torch.compile, for any length; compiled at its first call in each dtype."""
    return torch.compile(one_line_update, dynamic=True, fullgraph=True)


def need_compiler() -> None:
    """Raise ValueError where torch.compile would look in vain for a C++ compiler."""
    names = (os.environ["CXX"],) if "CXX" in os.environ else COMPILERS
    if not any(shutil.which(name) for name in names):
        raise ValueError(
            f"AdamW got backend='compiled' but found no C++ compiler ({', '.join(names)}) on the PATH; "
            "install one, or use backend='auto', which needs none"
        )


def compiled_update(form: str, update: Callable[..., None], work: list[Tensors], step: int, settings: dict[str, Any]) -> list[Tensors]:
    """Move in place, by compiled code, the tensors of `work` that are worth it; returns the others, untouched.

    form: "course" or "torch"; work: of one device and dtype; step: the number of this step, from 1; `update` is not used.
    """
    beta1, beta2 = settings["betas"]
    device, dtype = work[0].parameter.device, work[0].parameter.dtype
    # made in the tensors' own dtype, so that nothing inside is promoted
    numbers = torch.tensor([1 - beta1, beta2, 1 - beta2, *one_line(form, step, settings)], dtype=dtype, device=device)  # (6,)
    rest = []
    for tensors in work:
        if tensors.parameter.numel() < SMALLEST or not suits_kernel(tensors):
            rest.append(tensors)
            continue
        # .data: a view that remembers its matrix would be compiled once more for every number of dimensions
        compiled_one_line_update()(*(tensor.view(-1).data for tensor in tensors), numbers)  # (N,) each
    return rest
