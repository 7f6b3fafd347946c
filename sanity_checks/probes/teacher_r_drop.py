"""The R-Drop half of the teacher probe: one value, and its slope along embeddings and head. Letters: B batch, C features, k scores."""

from __future__ import annotations

import torch
from torch import Tensor

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.subjects.teacher import Teachers

B, C, K = 3, 5, 2


def twice(subject: Teachers, look: Look) -> None:
    """Look at R-Drop on a linear model."""
    distance = lambda a, b: (a.exp() * (a - b) + (a - b).square()).sum()  # not symmetric, so that exchanged arguments show

    def found() -> tuple[Tensor, tuple[Tensor | None, ...]]:
        head, given = (numbers(*size, seed=141 + place).requires_grad_() for place, size in enumerate(((C, K), (B, C))))
        passes = iter((1.0, 1.5, 1.75))
        # answers that tell which masks were asked for: every fresh pass has others
        door = lambda embeddings, masks="fresh": embeddings @ head * {"same": 2.0, "off": 3.0}.get(masks, next(passes))
        value = subject.r_drop(distance, door, given, 0.5 * given @ head)
        return value, torch.autograd.grad(value, (given, head), allow_unused=True) if value.requires_grad else (None, None)

    look("the value of R-Drop", lambda: found()[0])
    for place, along in enumerate(("the embeddings", "the head")):
        look(f"the slope of R-Drop along {along}", lambda place=place: "no gradient" if found()[1][place] is None else found()[1][place])
