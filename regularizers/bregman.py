"""Bregman proximal point: do not move far from a teacher, which follows slowly (Jiang et al. 2020, section 3.2).

    D = (1/B) sum_i  l(f(x_i; theta), f(x_i; teacher))          teacher <- beta teacher + (1 - beta) theta

MBPP keeps a teacher with momentum beta.  VBPP is beta = 0: the teacher is the model of the step before, so that with one optimizer step between
two of its moves D is 0 at the moment it is differentiated, and has no effect; let the teacher wait for several steps then.
beta = 1 keeps the teacher at the start, a pull back to the pretrained model.  Letters: B batch, k classes.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from .divergences import Divergence


def bregman_term(logits: Tensor, teacher_logits: Tensor, distance: Divergence) -> Tensor:
    """D, a scalar: logits (B, k) or (B,) with their graph, the teacher's on the same clean inputs, held constant."""
    return distance(logits, teacher_logits.detach())


@torch.no_grad()
def follow(teacher: Sequence[Tensor], student: Sequence[Tensor], beta: float) -> None:
    """teacher <- beta teacher + (1 - beta) student, in place and without a graph; two lists of tensors of equal shapes.

    Raises ValueError when beta is not in 0..1, or when a teacher's tensor is the student's own: it would follow at once.
    """
    if not 0 <= beta <= 1:
        raise ValueError(f"the teacher's momentum is {beta!r}, expected 0 (follow at once) to 1 (stand still).")
    for slow, fast in zip(teacher, student, strict=True):
        if slow.data_ptr() == fast.data_ptr() and slow.numel():
            raise ValueError("a tensor of the teacher shares its memory with the student, expected a copy: every step would move both.")
        slow.lerp_(fast.to(slow.dtype), 1 - beta) if slow.is_floating_point() else slow.copy_(fast)


def momentum(update: int, total: int, early: float = 0.99, late: float = 0.999, switch: float = 0.1) -> float:
    """beta for update number `update` (from 0) of `total`: `early` in the first `switch` share of them, then `late`; the paper's defaults."""
    return early if update < switch * total else late
