"""The pairs probe: one pair in every feature set, then three pairs, facts about order and batch, gradients. Letters: B pairs, F features, n parts."""

from __future__ import annotations

import torch
from torch import Tensor

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.facts import same, untouched
from sanity_checks.subjects.pairs import Pairs

B, F = 3, 5
AXES = ("pair", "feature")


def probe(subject: Pairs, look: Look) -> None:
    """Look at every feature set, small inputs first."""
    u, v = numbers(1, 2, seed=51), numbers(1, 2, seed=52)
    look("one pair without the name of a set", lambda: subject.combine(u.clone(), v.clone()), axes=AXES)
    for rows, words, names in ((1, "one pair", subject.names), (B, "three pairs", ("concat", "all"))):
        for name in names:
            look(f"{words} as {name}", lambda rows=rows, name=name: subject.combine(*_pair(rows), name), axes=AXES)
    _facts(subject, look)
    for number, sentence in enumerate(("first", "second")):
        look(f"the gradient of the {sentence} sentences", lambda number=number: _slopes(subject)[number], axes=AXES)


def _pair(rows: int) -> tuple[Tensor, Tensor]:
    width = 2 if rows == 1 else F
    return numbers(rows, width, seed=53), numbers(rows, width, seed=54)


def _facts(subject: Pairs, look: Look) -> None:
    u, v = _pair(B)
    look("one pair alone gives what it gives in a batch", lambda: same(subject.combine(u[1:2].clone(), v[1:2].clone(), "all"), subject.combine(*_pair(B), "all")[1:2]))
    look("the difference is the same for both orders of the sentences", lambda: same(subject.combine(*_pair(B), "difference"), subject.combine(*_pair(B)[::-1], "difference")))
    look("both vectors stay as they were", lambda: untouched(lambda a, b: subject.combine(a, b, "all"), u, v))


def _slopes(subject: Pairs) -> tuple[Tensor | str, Tensor | str]:
    u, v = (each.requires_grad_() for each in _pair(B))
    features = subject.combine(u * 1, v * 1, "all")
    if features.requires_grad:
        (features * torch.linspace(1, 2, features.numel(), dtype=torch.float64).view(features.shape)).sum().backward()
    return tuple("no gradient" if each.grad is None else each.grad for each in (u, v))
