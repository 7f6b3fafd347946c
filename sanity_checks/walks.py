"""Walks of an optimizer: parameters with fixed numbers, fixed gradients, step after step, and what the parameters are after each."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from sanity_checks.fingerprint import numbers


def walk(
    make: Callable[..., Optimizer], shapes: Sequence[tuple[int, ...]], given: Sequence[str], size: float = 1.0, **settings: Any
) -> list[list[Tensor]]:
    """The parameters at the start and after each step; `given` has a letter a step and parameter: "g" a gradient, "-" none."""
    parameters = start(shapes)
    optimizer = make(parameters, **settings)
    return [_copies(parameters)] + [take(optimizer, parameters, step, row, size) for step, row in enumerate(given)]


def start(shapes: Sequence[tuple[int, ...]]) -> list[Tensor]:
    """Parameters of these shapes, with fixed numbers of their own."""
    return [numbers(*shape, seed=20 + place).requires_grad_() for place, shape in enumerate(shapes)]


def take(optimizer: Optimizer, parameters: Sequence[Tensor], step: int, row: str, size: float = 1.0) -> list[Tensor]:
    """Give `parameters` the fixed gradients of this step, as the letters of `row` say, and step; copies of the parameters."""
    for place, (parameter, letter) in enumerate(zip(parameters, row)):
        parameter.grad = size * numbers(*parameter.shape, seed=40 + 10 * step + place) if letter == "g" else None
    optimizer.step()
    return _copies(parameters)


def _copies(parameters: Sequence[Tensor]) -> list[Tensor]:
    return [parameter.detach().clone() for parameter in parameters]


def resumed(make: Callable[..., Optimizer], settings: Mapping[str, Any]) -> tuple[Tensor, Tensor]:
    """All parameters after a fourth step: by an optimizer that loaded the state of the third, and by the one that went on."""
    parameters = start([(2, 3), (5,)])
    first = make(parameters, **settings)
    for step in range(3):
        take(first, parameters, step, "gg")
    twins = [parameter.detach().clone().requires_grad_() for parameter in parameters]
    second = make(twins, **settings)
    second.load_state_dict(copy.deepcopy(first.state_dict()))
    return tuple(torch.cat([each.flatten() for each in take(*both, 3, "gg")]) for both in ((second, twins), (first, parameters)))  # type: ignore[return-value]


def or_stopped(see: Callable[[], Tensor]) -> Tensor | str:
    """What is seen, or words for an exception: a name that is missing with correct_bias=False is called otherwise in everybody's code."""
    try:
        return see()
    except NotImplementedError:
        raise
    except Exception:  # noqa: BLE001
        return "the code stopped with an exception"
