"""The SMART probe: the ball, the ascent from a start without a step to two steps, then value, slopes and dropout masks of the regularizer.

All radii and rates are large, noise is `recorded_noise`, and the model is a small one of the probe's own.
Letters: R rows, T tokens, C model width, k classes.
"""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import torch
from torch import Tensor

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.noise import recorded_noise
from sanity_checks.probes.facts import same, untouched
from sanity_checks.probes.smart_model import C, Model, R, T, apart, apart_one_sided
from sanity_checks.subjects.smart import Smart

AXES = ("row", "token", "number")
WIDE = {"epsilon": 8.0, "sigma": 0.5, "eta": 0.4, "steps": 1, "norm": "inf", "scope": "batch"}
NARROW = WIDE | {"epsilon": 0.45}
SCOPES = ("token", "sentence", "batch")
ASCENTS = {  # words -> settings, level
    "without a step, inside the ball": (WIDE | {"steps": 0}, "error"), "without a step, at the edge of the ball": (NARROW | {"steps": 0}, "error"),
    "after one step, inside the ball": (WIDE, "error"), "after one step, at the edge of the ball": (NARROW, "error"),
    "after two steps, inside the ball": (WIDE | {"steps": 2}, "error"), "after two steps, at the edge of the ball": (NARROW | {"steps": 2}, "error"),
    "with a norm for each token": (WIDE | {"scope": "token"}, "option"), "with a norm for each sentence": (WIDE | {"scope": "sentence"}, "option"),
    **{f"with the 2-norm of each {scope}": (WIDE | {"norm": "2", "scope": scope, "epsilon": 1.5}, "option") for scope in SCOPES},
}  # fmt: skip
DROPOUT = {"same": "error", "independent": "option", "off": "option"}  # the choice -> how bad a difference is


def probe(subject: Smart, look: Look) -> None:
    """Look at the projection, the ascent and the regularizer."""
    if subject.project:
        _projection(subject, look)
    with recorded_noise() as drawn:
        # each call starts with the first noise again
        anew = lambda call: lambda *given, **settings: (drawn.clear(), call(*given, **settings))[1]
        subject = dataclasses.replace(subject, make=anew(subject.make), perturb=subject.perturb and anew(subject.perturb))
        if subject.perturb:
            _ascent(subject, look)
            _around_the_ascent(subject, look, drawn)
        _regularizer(subject, look)
        _slopes(subject, look)


def _projection(subject: Smart, look: Look) -> None:
    project: Any = subject.project
    delta = numbers(R, T, C, seed=81)
    look("a perturbation projected onto the ball of the largest number", lambda: project(delta.clone(), **WIDE | {"epsilon": 0.6}), axes=AXES)
    look("a perturbation that lies in the ball already", lambda: project(0.1 * delta, **WIDE | {"epsilon": 0.6}), axes=AXES)
    for scope in SCOPES:
        about = WIDE | {"norm": "2", "scope": scope, "epsilon": 1.4}
        look(f"a perturbation projected onto the ball of the 2-norm of each {scope}", lambda about=about: project(delta.clone(), **about), "option", AXES)
    about = WIDE | {"norm": "2", "epsilon": 1.4}
    look("a perturbation that lies in the ball of the 2-norm already", lambda: project(0.1 * delta, **about), "option", AXES)
    look("a perturbation of zeros in the ball of the 2-norm", lambda: project(0 * delta, **about | {"epsilon": 0.0}), "option", AXES)
    look("the projection leaves what it is given as it was", lambda: untouched(lambda given: project(given, **NARROW), delta))


def _generator() -> torch.Generator:
    return torch.Generator().manual_seed(5)


def _found(subject: Smart, settings: dict[str, Any], model: Any = None, generator: torch.Generator | None = None) -> Tensor:
    model, x = model or Model(), numbers(R, T, C, seed=82)
    return subject.perturb(lambda delta: model(x + delta), model(x).detach(), x, apart, generator or _generator(), **settings)  # type: ignore[misc]


def _ascent(subject: Smart, look: Look) -> None:
    for words, (settings, level) in ASCENTS.items():
        look(f"the perturbation {words}", functools.partial(_found, subject, settings), level, AXES)
    flat = lambda x: (0 * x).sum((1, 2))[:, None] + 1.0
    look("the perturbation of a model that always answers the same", lambda: _found(subject, WIDE, flat), axes=AXES)
    x = numbers(R, T, C, seed=82)
    one_sided = lambda: subject.perturb(Model(), Model()(x).detach(), x, apart_one_sided, _generator(), **WIDE)  # type: ignore[misc]
    look("the perturbation by a distance that tells its arguments apart", one_sided, "option", AXES)


def _around_the_ascent(subject: Smart, look: Look, drawn: list[torch.Generator | None]) -> None:
    def kept() -> bool:
        model = Model()
        model.keep_gradients()
        _found(subject, WIDE, model)
        return model.gradients_are_kept()

    def drawn_from() -> str:
        generator = _generator()
        _found(subject, WIDE, generator=generator)
        return ", ".join("from the generator given" if each is generator else "from another generator" for each in drawn) or "never"

    look("the gradients of parameters after the ascent are those of before", kept)
    look("the perturbation carries no graph", lambda: not _found(subject, WIDE).requires_grad)
    look("where the noise is drawn", drawn_from)
    look("the perturbation found inside no_grad()", lambda: torch.no_grad()(_found)(subject, WIDE), "option", AXES)
    look("the perturbation has the dtype of the embeddings", lambda: _found(subject, WIDE | {"steps": 0}).dtype == torch.float64, "option")


def _value(subject: Smart, model: Model, embeddings: Tensor, distance: Any = apart, **changed: Any) -> Tensor:
    """R of embeddings (R, T, C) whose clean pass has been made already."""
    settings = NARROW | {"dropout": "same"} | changed
    logits = model.door(embeddings)
    return subject.make(distance, _generator(), **settings)(model.door, embeddings, logits)


def _regularizer(subject: Smart, look: Look) -> None:
    x = numbers(R, T, C, seed=82)
    for dropout, level in DROPOUT.items():
        model = Model()
        look(f"the value with dropout={dropout!r}", lambda model=model, dropout=dropout: _value(subject, model, x.clone(), dropout=dropout), level)
        look(f"the masks that are asked for with dropout={dropout!r}", lambda model=model: ", ".join(model.asked[1:]), "note")
    look("the value without a step", lambda: _value(subject, Model(), x.clone(), steps=0), "option")
    look("the value by a distance that tells its arguments apart", lambda: _value(subject, Model(), x.clone(), apart_one_sided), "option")
    for dropout in ("same", "off"):
        zero = lambda dropout=dropout: same(_value(subject, Model(), x.clone(), epsilon=0.0, dropout=dropout), torch.zeros((), dtype=torch.float64))
        look(f"the value is 0 in a ball without a radius with dropout={dropout!r}", zero, DROPOUT[dropout])
    look("one step of the ascent moves the answer further than its start", lambda: bool(_value(subject, Model(), x.clone()) > _value(subject, Model(), x.clone(), steps=0)))
    look("the embeddings stay as they were", lambda: untouched(lambda given: _value(subject, Model(), given), x))


def _slopes(subject: Smart, look: Look) -> None:
    @functools.cache
    def found(dropout: str) -> tuple[dict[str, Tensor | None], bool]:
        model, x = Model(), numbers(R, T, C, seed=82).requires_grad_()
        model.keep_gradients()
        value = _value(subject, model, x * 1.0, dropout=dropout)
        kept = model.gradients_are_kept() and x.grad is None
        given = {"the embeddings": x, "the first weight": model.mix, "the last weight": model.head}
        slopes = torch.autograd.grad(value, list(given.values()), allow_unused=True) if value.requires_grad else [None] * 3
        return dict(zip(given, slopes)), kept

    for name in ("the embeddings", "the first weight", "the last weight"):
        look(f"the slope of the value along {name}", lambda name=name: "no gradient" if found("same")[0][name] is None else found("same")[0][name])
    look("the gradients of parameters after the regularizer are those of before", lambda: found("same")[1])
    look("the slope of the value along the embeddings with dropout='off'", lambda: "no gradient" if (it := found("off")[0]["the embeddings"]) is None else it, "option")
