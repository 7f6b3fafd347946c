"""The table of optimizers: AdamW, and the two others that "BERTer" tried.

    name       update (m, v as kept per parameter)                                                decay            kept per parameter
    adamw      optim/adamw.py                                                                     apart from g     step, mean, square
    rmsprop    v <- a v + (1 - a) g^2;   theta <- theta - lr g / (sqrt(v) + eps)                  added to g       step, square_avg, momentum_buffer
    sgd        m <- mu m + g;   theta <- theta - lr m   (mu = 0: theta <- theta - lr g)           added to g       momentum_buffer

The last two are torch's own.  They add lam theta to the gradient before anything else, so with rmsprop a decayed weight is also divided by
sqrt(v): the same weight_decay means another thing there than in AdamW.  The report gives no rate, smoothing or momentum of any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import SGD, Optimizer, RMSprop

from minbert.errors import UserError, nearest
from optim import AdamW

OPTIMIZERS: Mapping[str, Callable[..., Optimizer]] = {"adamw": AdamW, "rmsprop": RMSprop, "sgd": SGD}
# What each keeps of a parameter once that had a gradient; a tensor of the parameter's shape, except for the count of steps.
KEPT: Mapping[str, tuple[str, ...]] = {
    "adamw": ("step", "mean", "square"),
    "rmsprop": ("step", "square_avg", "momentum_buffer", "grad_avg"),  # the last two with momentum and with centered=True only
    "sgd": ("momentum_buffer",),  # with momentum only: plain SGD keeps nothing
}
COUNTS = frozenset({"step"})


def optimizer_of(name: str, groups: Iterable[dict[str, Any]], lr: float, **settings: Any) -> Optimizer:
    """The optimizer called `name` over `groups`, as optim/groups.py makes them; each group's own rate and decay count.

    settings: the optimizer's own words, such as betas, eps, form and backend for adamw; alpha, eps, momentum and centered for rmsprop; momentum and
    nesterov for sgd.  Raises `UserError` for an unknown name, and for settings that it does not have or allow.
    """
    if name not in OPTIMIZERS:
        near = nearest(name, OPTIMIZERS)
        raise UserError(f"there is no optimizer {name!r}, expected one of {', '.join(OPTIMIZERS)}" + (f"; did you mean {near!r}?" if near else "."))
    try:
        return OPTIMIZERS[name](groups, lr=lr, **settings)
    except (TypeError, ValueError) as error:  # a word it does not know, or a number it does not take
        raise UserError(f"optimizer {name!r} with {', '.join(f'{key} = {value!r}' for key, value in settings.items()) or f'lr = {lr}'}: {error}.") from None


def capture_optimizer(optimizer: Optimizer, named: Iterable[tuple[str, nn.Parameter]]) -> dict[str, dict[str, Any]]:
    """What the optimizer keeps, by parameter name; parameters that never had a gradient have nothing kept, and get nothing back.

    Counts become numbers and None is left out, so that a checkpoint of tensors and plain values can hold it.
    """
    kept = {name: optimizer.state.get(parameter) for name, parameter in named}
    return {name: {key: _plain(key, value) for key, value in state.items() if value is not None} for name, state in kept.items() if state}


def restore_optimizer(saved: Mapping[str, Mapping[str, Any]], optimizer: Optimizer, named: Iterable[tuple[str, nn.Parameter]], name: str, where: str) -> None:
    """Give each parameter back what was kept of it.  name: of the optimizer; where: what to call the checkpoint in errors.

    Raises `UserError`, before anything is changed, when names, shapes or kinds do not fit this optimizer and these parameters.
    """
    parameters = dict(named)
    for each, values in saved.items():
        if each not in parameters or not set(values) <= set(KEPT[name]):
            raise UserError(f"{where}: what is kept of {each} ({', '.join(values)}) is not of this model under {name}; the checkpoint belongs to another recipe.")
        misfits = [key for key, value in values.items() if not _fits(key, value, parameters[each])]
        if misfits:
            raise UserError(f"{where}: {misfits[0]} of {each} does not fit its shape {tuple(parameters[each].shape)}; the checkpoint belongs to another recipe.")
    for each, values in saved.items():
        optimizer.state[parameters[each]] = {key: _own(key, value, parameters[each], name) for key, value in values.items()}


def _plain(key: str, value: Any) -> Any:
    return int(value) if key in COUNTS else value.detach()


def _fits(key: str, value: Any, parameter: Tensor) -> bool:
    return type(value) is int if key in COUNTS else isinstance(value, Tensor) and value.shape == parameter.shape


def _own(key: str, value: Any, parameter: Tensor, name: str) -> Any:
    if key in COUNTS:
        return value if name == "adamw" else torch.tensor(float(value))  # torch counts in a float32 tensor on the CPU
    return value.to(parameter.device, parameter.dtype, copy=True)
