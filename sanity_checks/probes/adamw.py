"""The AdamW probe: one parameter without decay first, then decay, two parameters, missing gradients, groups, defaults, saving, closures.

Rates, decay and epsilon are large, because at usual values most mistakes hide below any tolerance. First and second step are told apart (a
right first and a wrong second step: something was not kept), and so are the first and the second parameter. Only parameters are looked at,
never the state, which everybody names differently.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.subjects.adamw import AdamW
from sanity_checks.walks import or_stopped, resumed, start, take, walk

PLAIN = {"lr": 0.1, "betas": (0.6, 0.8), "eps": 0.12, "weight_decay": 0.0, "correct_bias": True}
HARD = PLAIN | {"weight_decay": 0.3}
OTHER = {"lr": 0.05, "betas": (0.7, 0.95), "eps": 0.01, "weight_decay": 0.6}
TINY = 1e-25  # its square is 0 in float32 and a number in float64
AXES = ("row", "column")


def probe(subject: AdamW, look: Look) -> None:
    """Look at one component's optimizer, the simplest use first."""
    _formulas(subject, look)
    _one_parameter(subject.make, look)
    _two_parameters(subject.make, look)
    _groups(subject.make, look)
    _defaults(subject.make, look)
    _around(subject.make, look)
    _closure(subject.make, look)
    _rare_settings(subject, look)


def _formulas(subject: AdamW, look: Look) -> None:
    gradient, mean, square = (numbers(3, seed=seed) for seed in (1, 2, 3))
    square.abs_()
    if subject.averages:
        look("m after moving_averages", lambda: (m := mean.clone(), subject.averages(gradient, m, square.clone(), (0.6, 0.8)))[0], axes=AXES[:1])
        look("v after moving_averages", lambda: (v := square.clone(), subject.averages(gradient, mean.clone(), v, (0.6, 0.8)))[0], axes=AXES[:1])
    if subject.corrections:
        as_numbers = lambda *asked: torch.tensor([float(number) for number in subject.corrections(*asked)], dtype=torch.float64)
        look("c1 and c2 at step 1", lambda: as_numbers(1, (0.6, 0.8), True))
        look("c1 and c2 at step 3", lambda: as_numbers(3, (0.6, 0.8), True))
        look("c1 and c2 with correct_bias=False", lambda: or_stopped(lambda: as_numbers(3, (0.6, 0.8), False)), "option")
    for name, update in {"course_update": subject.update, "torch_update": subject.torch_update}.items():
        for step in (1, 3) if update else ():
            look(f"the parameter after {name} at step {step}", functools.partial(_moved, update, step, HARD), axes=AXES[:1])
        if update:
            plain = functools.partial(_moved, update, 2, HARD | {"correct_bias": False})
            look(f"the parameter after {name} with correct_bias=False", functools.partial(or_stopped, plain), "option", AXES[:1])


def _moved(update: Callable[..., Any], step: int, settings: dict[str, Any]) -> Tensor:
    parameter, gradient, mean, square = (numbers(3, seed=seed) for seed in (4, 1, 2, 3))
    update(parameter, gradient, mean, square.abs_(), step, **settings)
    return parameter


def _one_parameter(make: Callable[..., Optimizer], look: Look) -> None:
    for words, settings in (("without decay", PLAIN), ("with decay", HARD)):
        path = functools.cache(lambda settings=settings: walk(make, [(3,)], ["g"] * 3, **settings))
        for step, name in enumerate(("first", "second", "third")[: 3 if settings is PLAIN else 2]):
            look(f"the parameter after the {name} step {words}", lambda step=step, path=path: path()[step + 1][0], axes=AXES[:1])


def _two_parameters(make: Callable[..., Optimizer], look: Look) -> None:
    shapes = [(2, 3), (5,)]
    path = functools.cache(lambda: walk(make, shapes, ["gg"] * 2, **HARD))
    for step, when in enumerate(("first", "second")):
        for place, which in enumerate(("first", "second")):
            look(f"the {which} of two parameters after the {when} step", lambda step=step, place=place: path()[step + 1][place], axes=AXES[: len(shapes[place])])
    resting = functools.cache(lambda: walk(make, shapes, ["g-", "-g", "gg"], **HARD))
    look("a parameter that has no gradient at the first step", lambda: resting()[1][1], axes=AXES[:1])
    look("a parameter that has no gradient at the second step", lambda: resting()[2][0], axes=AXES)
    look("the parameter after one without a gradient", lambda: resting()[2][1], axes=AXES[:1])
    look("a parameter one step after it had no gradient", lambda: resting()[3][0], axes=AXES)
    look("a parameter one step after it joined", lambda: resting()[3][1], axes=AXES[:1])


def _groups(make: Callable[..., Optimizer], look: Look) -> None:
    @functools.cache
    def path() -> list[list[Tensor]]:
        parameters = start([(5,), (5,)])  # one shape: a state kept by shape would be shared
        optimizer = make([{"params": parameters[:1], "lr": 0.2}, {"params": parameters[1:], **OTHER}], **HARD)
        steps = [take(optimizer, parameters, step, "gg") for step in range(2)]
        for group in optimizer.param_groups:
            group["lr"] *= 3  # what a schedule does
        return [*steps, take(optimizer, parameters, 2, "gg")]

    look("the parameter of the first group after two steps", lambda: path()[1][0], axes=AXES[:1])
    look("the parameter of the second group after two steps", lambda: path()[1][1], axes=AXES[:1])
    look("the parameters after the rates of the groups were changed", lambda: torch.stack(path()[2]), axes=("group", "row"))


def _defaults(make: Callable[..., Optimizer], look: Look) -> None:
    path = functools.cache(lambda: walk(make, [(3,)], ["g"] * 2, size=1e-5))  # so small that even epsilon counts
    look("the parameter after the first step with the default settings", lambda: path()[1][0], axes=AXES[:1])
    look("the parameter after the second step with the default settings", lambda: path()[2][0], axes=AXES[:1])


def _around(make: Callable[..., Optimizer], look: Look) -> None:
    both = functools.cache(lambda: resumed(make, HARD))
    look("the step after saving and loading", lambda: both()[0])
    look("saving and loading changes nothing", lambda: bool((both()[0] - both()[1]).abs().max() < 1e-6))
    parameters = start([(3,)])
    memory = parameters[0].detach()
    look("the gradient after a step", lambda: (take(make(parameters, **HARD), parameters, 0, "g"), parameters[0].grad)[1], axes=AXES[:1])
    look("the parameter still asks for gradients", lambda: parameters[0].requires_grad and parameters[0].is_leaf)
    look("the parameter stays where it was in memory", lambda: parameters[0].data_ptr() == memory.data_ptr(), "note")


def _closure(make: Callable[..., Optimizer], look: Look) -> None:
    parameter, calls = start([(3,)])[0], []

    def closure() -> Tensor:
        calls.append(torch.is_grad_enabled())
        parameter.grad = numbers(3, seed=5)
        return torch.tensor(7.0)

    look("what step(closure) returns", lambda: make([parameter], **HARD).step(closure), "option")
    look("how often step calls its closure", lambda: str(len(calls)), "option")
    look("gradients are on inside the closure", lambda: bool(calls and calls[0]), "option")
    look("the parameter after step(closure)", lambda: parameter, "option", AXES[:1])


def _rare_settings(subject: AdamW, look: Look) -> None:
    make = subject.make
    path = functools.cache(lambda: walk(make, [(3,)], ["g"] * 2, **HARD | {"correct_bias": False}))
    look("the first step with correct_bias=False", lambda: or_stopped(lambda: path()[1][0]), "option", AXES[:1])
    look("the second step with correct_bias=False", lambda: or_stopped(lambda: path()[2][0]), "option", AXES[:1])
    if subject.make_torch:
        look("the parameter after two steps with form='torch'", lambda: walk(subject.make_torch, [(3,)], ["g"] * 2, **HARD)[2][0], "note", AXES[:1])
    tiny = PLAIN | {"eps": TINY / 10}
    look("a float64 parameter after tiny gradients", lambda: walk(make, [(3,)], ["g"] * 2, size=TINY, **tiny)[2][0], "option", AXES[:1])
