"""The divergences probe: one example, then three; equal answers, the slope along each answer, scores far apart, tiny differences in float32.

Letters: B batch, k classes.
"""

from __future__ import annotations

import functools
import math

import torch
from torch import Tensor

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.facts import same, untouched
from sanity_checks.subjects.divergences import Divergences, Formula

B, K = 3, 5
AXES = ("example", "class")
WORDS = {  # field of the subject -> what its formula is called
    "classes": "the symmetric divergence of classes",
    "one_sided_classes": "the one-sided divergence of classes",
    "binary": "the symmetric divergence of yes and no",
    "one_sided_binary": "the one-sided divergence of yes and no",
    "squared": "the squared difference",
}
ONE = {2: ([[1.5, -0.5]], [[0.25, 1.0]]), 1: ([1.5], [0.25])}  # dimensions of the scores -> one example, two answers to it
FAR = {2: ([[800.0, -800.0]], [[-800.0, 800.0]]), 1: ([800.0], [-800.0])}  # exp(800) is infinite, the divergence is not
NEAR = 1e-5  # how far answers are apart where these formulas are used


def probe(subject: Divergences, look: Look) -> None:
    """Look at one formula after the other, small inputs first."""
    for field, words in WORDS.items():
        formula = getattr(subject, field)
        if formula:
            _values(words, formula, 1 + field.endswith("classes"), look)
            if not field.startswith("one_sided"):
                far = functools.partial(_keeps_tiny_differences, formula, 1 + (field == "classes"))
                look(f"{words} sees differences of one hundred-thousandth in float32", far, "note")


def _values(words: str, formula: Formula, dimensions: int, look: Look) -> None:
    sizes = (B, K)[:dimensions]
    one, three = (_given(ONE, dimensions), (2 * numbers(*sizes, seed=61), 2 * numbers(*sizes, seed=62)))
    value = lambda a, b: formula(a.clone(), b.clone())  # a formula may write into what it is given
    look(f"{words} of one example", lambda: value(*one))
    look(f"{words} of three examples", lambda: value(*three))
    look(f"{words} of a batch twice over is that of the batch", lambda: same(value(*(torch.cat([each, each]) for each in three)), value(*three)))
    look(f"{words} of two equal answers is 0", lambda: same(value(three[0], three[0]), torch.zeros((), dtype=torch.float64)))
    for number, which in enumerate(("first", "second")):
        look(f"the slope of {words} along the {which} answer", lambda number=number: _slope(formula, three, number), axes=AXES[:dimensions])
    look(f"{words} leaves the scores as they were", lambda: untouched(formula, *three))
    look(f"{words} of scores of 800 and -800 is a finite number", lambda: math.isfinite(float(value(*_given(FAR, dimensions)))), "option")


def _given(cases: dict[int, tuple[list, list]], dimensions: int) -> tuple[Tensor, Tensor]:
    one, other = (torch.tensor(each, dtype=torch.float64) for each in cases[dimensions])
    return one, other


def _slope(formula: Formula, given: tuple[Tensor, Tensor], number: int) -> Tensor | str:
    leaves = [each.clone().requires_grad_() for each in given]
    value = formula(*(leaf + 0 for leaf in leaves))
    if not value.requires_grad:
        return "no gradient"
    value.sum().backward()
    return "no gradient" if leaves[number].grad is None else leaves[number].grad


def _keeps_tiny_differences(formula: Formula, dimensions: int) -> bool:
    """Within a fifth of what the formula says in float64; otherwise rounding is larger than what is measured."""
    a = numbers(*(B, K)[:dimensions], seed=61).float()
    b = a + NEAR * numbers(*(B, K)[:dimensions], seed=63).float()
    exact = float(formula(a.double(), b.double()))
    return abs(float(formula(a.clone(), b.clone())) - exact) <= 0.2 * abs(exact)
