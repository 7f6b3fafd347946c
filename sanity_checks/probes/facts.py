"""Facts that need no reference, and what several probes ask in the same words."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.recorder import Dropped

Subject = TypeVar("Subject")
Slopes = Mapping[str, Tensor | None]


def kept(seen: object, real: Tensor) -> object:
    """An answer (B, T, C) with 0 where `real` (B, T) is 0; what is no such tensor is returned as it is, for the look to tell."""
    return seen * real[..., None] if isinstance(seen, Tensor) and seen.shape[:2] == real.shape else seen


def fresh(subject: Subject, *calls: str) -> Subject:
    """`subject` whose named calls get copies of their tensors, so that code which changes them harms no later look."""
    copied = lambda given: given.clone() if isinstance(given, Tensor) else given
    wrapped = lambda call: lambda module, *given: call(module, *(copied(one) for one in given))
    return dataclasses.replace(subject, **{name: wrapped(getattr(subject, name)) for name in calls if getattr(subject, name)})  # type: ignore[type-var]


def once(make: Callable[[], Any]) -> Callable[[], Any]:
    """`make`, run when it is first needed and not again; what it raises is raised again, so that every look tells it."""
    made: list[Any] = []

    def answer() -> Any:
        if not made:
            made.append(make())
        return made[0]

    return answer


def same(one: Tensor, other: Tensor) -> bool:
    """Whether two answers of the same code are the same number for number, up to rounding; NaN is the same as NaN."""
    return one.shape == other.shape and torch.allclose(one, other, rtol=0.0, atol=1e-9, equal_nan=True)


def refused(run: Callable[[], object]) -> bool:
    """Whether `run` raises; which exception says so is for the code to choose."""
    try:
        run()
    except NotImplementedError:
        raise
    except Exception:  # noqa: BLE001 (any of them)
        return True
    return False


def untouched(run: Callable[..., object], *given: Tensor) -> bool:
    """Whether `run` leaves the tensors that it is given as they were."""
    copies = [tensor.clone() for tensor in given]
    run(*copies)
    return all(torch.equal(copy, tensor) for copy, tensor in zip(copies, given))


def slopes(parts: Mapping[str, nn.Module], run: Callable[[], Tensor], seed: int, real: Tensor | None = None) -> Slopes:
    """The gradient of every parameter of `parts`, by name, for one fixed direction of the answer; None where none arrives.

    real: (B, T), 1 for the tokens of the answer that count, 0 for the others; default all.
    """
    parameters = {f"{name}.{which}": each for name, part in parts.items() for which, each in part.named_parameters(recurse=False)}
    for parameter in parameters.values():
        parameter.grad = None
    answer = run()
    upstream = numbers(*answer.shape, seed=seed)
    (answer * (upstream if real is None else kept(upstream, real))).sum().backward()
    return {name: parameter.grad for name, parameter in parameters.items()}


def sizes_of_gradients(look: Look, names: list[str], found: Callable[[], Slopes]) -> None:
    """One look for each parameter: the norm of its gradient, or words where there is none."""
    for name in names:
        look(f"the size of the gradient of {name}", lambda name=name: "no gradient" if found()[name] is None else found()[name].norm())


def rates(calls: list[Dropped]) -> str:
    """The rates of dropout in the order of the calls, in words."""
    return ", ".join(f"{call.rate:g}" for call in calls) or "no dropout"


def given(calls: list[Dropped], number: int, real: Tensor) -> object:
    """What dropout number `number` was given, with 0 where `real` (B, T) is 0; words where there was no such dropout."""
    return kept(calls[number].given, real) if number < len(calls) else "no dropout"
