"""The SimCSE probe: the loss of one sentence, two and five, with hard negatives and duplicates; its slopes; the two views; the head.

Letters: B batch, C width of a sentence vector.
"""

from __future__ import annotations

import torch
from torch import Tensor

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.facts import once, same, untouched
from sanity_checks.recorder import recorded_dropout
from sanity_checks.subjects.simcse import Simcse

B, C = 5, 3


def probe(subject: Simcse, look: Look) -> None:
    """Look at the loss, small batches first, then at the views and at the head."""
    _loss(subject, look)
    _slopes(subject, look)
    _views(subject, look)
    for train_only, level in ((True, "train"), (False, "option")):
        head = once(lambda train_only=train_only: subject.head(C, train_only))
        words = "the head that is for training only" if train_only else "the head that is kept"
        look(f"what {words} makes of vectors in train mode", lambda head=head: head().train()(_vectors(0, 2)), level)
        look(f"what {words} makes of vectors in eval mode", lambda head=head: head().eval()(_vectors(0, 2)), "error" if train_only else "option")


def _vectors(seed: int, rows: int = B) -> Tensor:
    return numbers(rows, C, seed=110 + seed) + 0.2


def _loss(subject: Simcse, look: Look) -> None:
    loss, first, second = subject.loss, _vectors(0), _vectors(1)
    look("the loss of one sentence", lambda: loss(first[:1], second[:1]))
    look("the loss of two sentences", lambda: loss(first[:2], second[:2]))
    look("the loss of five sentences", lambda: loss(first, second))
    look("the loss of five sentences at another temperature", lambda: loss(first, second, temperature=0.05))
    look("the loss of two views that are equal", lambda: loss(first, first))
    look("longer vectors have the same loss", lambda: same(loss(3 * first, second), loss(first, 0.5 * second)))
    look("sentences in another order have the same loss", lambda: same(loss(first.flip(0), second.flip(0)), loss(first, second)))
    look("the loss with hard negatives", lambda: loss(first, second, _vectors(2)), "option")
    look("the loss with hard negatives that count more", lambda: loss(first, second, _vectors(2), weight=0.75), "option")
    look("the loss with duplicates in the batch", lambda: loss(first, second, groups=torch.tensor([4, 1, 4, 2, 1])), "option")
    look("the loss with hard negatives and duplicates", lambda: loss(first, second, _vectors(2), weight=0.75, groups=torch.tensor([4, 1, 4, 2, 1])), "option")
    look("both views stay as they were", lambda: untouched(loss, first, second))


def _slopes(subject: Simcse, look: Look) -> None:
    given = [_vectors(seed).requires_grad_() for seed in (0, 1)]
    slopes = once(lambda: torch.autograd.grad(subject.loss(*given), given, allow_unused=True))
    for number, view in enumerate(("the first view", "the second view")):
        look(f"the slope of the loss along {view}", lambda number=number: "no gradient" if slopes()[number] is None else slopes()[number], axes=("sentence", "number"))


def _views(subject: Simcse, look: Look) -> None:
    calls: list[tuple[Tensor, ...]] = []

    def encode(*inputs: Tensor) -> Tensor:
        calls.append(inputs)
        dropped = torch.nn.functional.dropout(inputs[0].double(), 0.5, training=True)
        return dropped + sum(each.double() for each in inputs[1:])

    def seen() -> tuple[Tensor, ...]:
        with recorded_dropout():
            return subject.views(encode, _vectors(3, 3), _vectors(4, 3))

    views = once(seen)
    look("the first view of three sentences", lambda: views()[0], "train", ("sentence", "number"))
    look("the second view of three sentences", lambda: views()[1], "train", ("sentence", "number"))
    look("a positive pair has two dropout masks", lambda: _apart(subject), "train")
    look("how many sentences the encoder reads for two views of three", lambda: (views(), torch.tensor([float(len(each[0])) for each in calls]))[1], "note")


def _apart(subject: Simcse) -> bool:
    first, second = subject.views(lambda given: torch.nn.functional.dropout(given, 0.5, training=True), _vectors(3, 40))
    return bool((first != second).any())
