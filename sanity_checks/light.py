"""Start fast: torch's optimizers load its compiler at their first use, a second of imports that no check needs."""

from __future__ import annotations

import inspect
import types
from typing import TypeVar

import torch

Made = TypeVar("Made", bound=torch.optim.Optimizer)


def without_compiler() -> None:
    """Tell torch.optim.Optimizer that its methods need no protection from a compiler that is not there.

    torch wraps them in a function that looks for __dynamo_disable on the wrapped one, and imports torch._dynamo to make it when it is missing.
    Where torch changes that, nothing happens here and the import costs its second again.
    """
    for method in vars(torch.optim.Optimizer).values():
        wrapped = getattr(method, "__wrapped__", None)
        if wrapped is not None and not hasattr(wrapped, "__dynamo_disable"):
            setattr(wrapped, "__dynamo_disable", wrapped)


def bare(optimizer: Made) -> Made:
    """The same optimizer of torch's, whose `step` is called without the wrapper that imports the compiler to say that it is not wanted."""
    step = torch.no_grad()(inspect.unwrap(type(optimizer).step))
    optimizer.step = types.MethodType(step, optimizer)  # type: ignore[method-assign]
    return optimizer
