"""The "fused" backend: torch's own AdamW kernel, one pass over memory for a whole list of tensors, in both forms.

The kernel knows the torch form only; `adamw_one_line` shows which settings make it take the course's step.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch.optim.adamw import adamw as torch_adamw

from .adamw_one_line import TorchSettings, as_torch_settings
from .adamw_pieces import Tensors, are_contiguous

# The kernel also takes half precision, but rounds m and v elsewhere than the formula does: those go to the formula.
TOLERANCE = {torch.float64: 1e-12, torch.float32: 1e-6}


def suits_kernel(tensors: Tensors) -> bool:
    """Whether the kernel, which walks memory without looking at strides or mixed dtypes, may be given these four tensors."""
    return are_contiguous(tensors) and {tensor.dtype for tensor in tensors} <= {tensors.parameter.dtype} & TOLERANCE.keys()


def fused_update(form: str, update: Callable[..., None], work: list[Tensors], step: int, settings: dict[str, Any]) -> list[Tensors]:
    """Move in place, by torch's kernel, the tensors of `work` that suit it; returns the others, untouched.

    form: "course" or "torch"; work: of one device and dtype; step: the number of this step, from 1; `update` is not used.
    """
    told = as_torch_settings(form, step, settings)
    suited = [tensors for tensors in work if told and suits_kernel(tensors)]
    if suited:
        call_kernel(suited, told, settings["betas"])
    taken = {id(tensors) for tensors in suited}
    return [tensors for tensors in work if id(tensors) not in taken]


def call_kernel(work: list[Tensors], told: TorchSettings, betas: tuple[float, float]) -> None:
    """One call of torch's kernel for all of `work`, in place."""
    parameters, gradients, means, squares = (list(column) for column in zip(*work))
    # the kernel adds 1 to every count, so each tensor gets a throw-away one; ours is an int in the optimizer's state
    counts = torch.full((len(work),), told.step - 1.0, dtype=torch.float32, device=parameters[0].device)
    torch_adamw(
        parameters, gradients, means, squares, [], list(counts.unbind()), fused=True, amsgrad=False, maximize=False,
        beta1=betas[0], beta2=betas[1], lr=told.lr, weight_decay=told.weight_decay, eps=told.eps,
    )  # fmt: skip


def fused_where_proved(
    form: str, update: Callable[..., None], work: list[Tensors], step: int, settings: dict[str, Any]
) -> list[Tensors]:
    """The "auto" backend: `fused_update` where a trial on this device and dtype agrees with the formula `update`; else returns all of `work`.

    "compiled" is never chosen here: it reads and writes the same memory as the kernel and first spends seconds in a compiler.
    """
    parameter = work[0].parameter
    if not is_proved(form, update, parameter.device, parameter.dtype):
        return work
    return fused_update(form, update, work, step, settings)


@cache
def is_proved(form: str, update: Callable[..., None], device: torch.device, dtype: torch.dtype) -> bool:
    """Whether kernel and formula agree on three steps of 37 numbers, with and without bias correction; one trial per device and dtype."""
    if dtype not in TOLERANCE:
        return False
    try:
        return all(_trial_gap(form, update, device, dtype, correct_bias) <= TOLERANCE[dtype] for correct_bias in (True, False))
    except RuntimeError:  # this torch has no such kernel for this device
        return False


def _trial_gap(form: str, update: Callable[..., None], device: torch.device, dtype: torch.dtype, correct_bias: bool) -> float:
    """Largest difference between kernel and formula after three steps."""
    settings = {"lr": 1e-2, "betas": (0.9, 0.999), "eps": 1e-6, "weight_decay": 0.1, "correct_bias": correct_bias}
    start = torch.linspace(-1, 1, 37, dtype=dtype, device=device)
    by_kernel, by_formula = (Tensors(start.clone(), start * 1e-3, torch.zeros_like(start), torch.zeros_like(start)) for _ in range(2))
    for step in (1, 2, 3):
        if fused_update(form, update, [by_kernel], step, settings):
            return float("inf")  # the kernel was not used at all
        update(*by_formula, step, **settings)
    return max(float((ours - theirs).abs().max()) for ours, theirs in zip(by_kernel, by_formula))
