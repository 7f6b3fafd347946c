"""The probe of mt-dnn's SMART: the two measures of answers, the noise, where one step takes it, then value and slopes for every kind of task.

Noise is `recorded_noise`; sigma, eta and epsilon are large and about equal, so that a part left out shows.
Letters: B batch, R rows, T tokens, C model width, k classes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.noise import recorded_noise
from sanity_checks.probes.facts import once, untouched
from sanity_checks.probes.smart_model import C, K, Model, R, T
from sanity_checks.subjects.smart_mt_dnn import SmartMtDnn

AXES = ("row", "token", "number")
SETTINGS = {"sigma": 0.6, "eta": 1.7, "epsilon": 0.1, "reduction": "mean"}
# kind -> what its head gives, from the (R, k) numbers of the small model
KINDS: dict[str, Callable[[Tensor], Tensor]] = {"classes": lambda seen: seen, "binary": lambda seen: seen[:, 0], "regression": lambda seen: seen[:, 1]}


class Run:
    """One call of the regularizer: its value, the small model, the embeddings that it asked about, and whose noise it drew."""

    def __init__(self, subject: SmartMtDnn, kind: str, **changed: Any) -> None:
        self.model, self.asked = Model(), []  # type: ignore[var-annotated]
        self.x = numbers(R, T, C, seed=82).requires_grad_(bool(changed.pop("learn", True)))
        self.model.keep_gradients()
        self.generator = torch.Generator().manual_seed(5)

        def door(embeddings: Tensor, masks: str = "fresh") -> Tensor:
            self.asked.append(embeddings)
            return KINDS[kind](self.model.door(embeddings, masks))

        logits = door(self.x)
        self.value = subject.make(kind, self.generator, **SETTINGS | changed)(door, self.x, logits)
        self.masks = ", ".join(self.model.asked[1:])
        self.kept = self.model.gradients_are_kept() and self.x.grad is None

    def moved(self, which: int) -> Tensor | str:
        """How far pass `which` was from the clean one, (R, T, C)."""
        return self.asked[which].detach() - self.x.detach() if len(self.asked) == 3 else f"{len(self.asked)} passes"

    def slopes(self) -> tuple[Tensor | None, ...]:
        """Along the embeddings, the first and the last weight of the model."""
        wanted = (self.x, self.model.mix, self.model.head)
        return torch.autograd.grad(self.value, wanted, allow_unused=True) if self.value.requires_grad else (None,) * 3


def probe(subject: SmartMtDnn, look: Look) -> None:
    """Look at the measures, then at whole calls."""
    _measures(subject, look)
    with recorded_noise() as drawn:
        for kind in KINDS:
            _call(dataclasses.replace(subject, make=lambda *given, **settings: (drawn.clear(), subject.make(*given, **settings))[1]), look, kind, drawn)


def _along(measure: Callable[[Tensor, Tensor], Tensor], which: int) -> Tensor | str:
    answers = [numbers(R, K, seed=seed).requires_grad_() for seed in (83, 84)]
    return _told(torch.autograd.grad(measure(*answers), answers, allow_unused=True)[which])


def _told(slope: Tensor | None) -> Tensor | str:
    return "no gradient" if slope is None else slope


def _measures(subject: SmartMtDnn, look: Look) -> None:
    one, other = (numbers(R, K, seed=seed) for seed in (83, 84))
    inner, outer = subject.inner, subject.outer
    if inner:
        look("what the ascent makes larger, for two answers", lambda: inner(one, other))
        look("what the ascent makes larger, for answers that are very sure", lambda: inner(40 * one, 40 * other))
        look("the slope of what the ascent makes larger", lambda: _along(inner, 0), axes=("row", "class"))
    if outer:
        for reduction in ("mean", "sum"):
            look(f"the distance of two answers with reduction={reduction!r}", lambda reduction=reduction: outer(one, other, reduction), "error" if reduction == "mean" else "option")
        for which, words in enumerate(("first", "second")):
            look(f"the slope of that distance along the {words} answer", lambda which=which: _along(lambda a, b: outer(a, b, "mean"), which), axes=("row", "class"))


def _call(subject: SmartMtDnn, look: Look, kind: str, drawn: list[torch.Generator | None]) -> None:
    run = once(lambda: Run(subject, kind))
    if kind == "classes":
        look("the noise", lambda: run().moved(1), axes=AXES)
        look("where the noise is drawn", lambda: "from the generator given" if drawn == [run().generator] else "from another generator, or not once")
        look("the perturbation carries no graph", lambda: not _asked_of_constants(subject))
        look("the dropout masks that are asked for", lambda: run().masks)
        look("the gradients of parameters after the regularizer are those of before", lambda: run().kept)
        look("the embeddings stay as they were", lambda: untouched(lambda given: run(), numbers(R, T, C, seed=82)) and torch.equal(run().x, numbers(R, T, C, seed=82)))
    look(f"the perturbation for {kind}", lambda: run().moved(2), axes=AXES)
    look(f"the value for {kind}", lambda: run().value)
    if kind != "binary":  # which takes the way of classes
        look(f"the value for {kind} with reduction='sum'", lambda: Run(subject, kind, reduction="sum").value, "option")
    slopes = once(lambda: run().slopes())
    for which, name in enumerate(("the embeddings", "the first weight", "the last weight") if kind == "classes" else ("the embeddings",)):
        look(f"the slope of the value for {kind} along {name}", lambda which=which: _told(slopes()[which]))


def _asked_of_constants(subject: SmartMtDnn) -> bool:
    return bool(Run(subject, "classes", learn=False).asked[-1].requires_grad)
