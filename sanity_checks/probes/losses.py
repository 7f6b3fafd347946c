"""The losses probe: one example, then three; the same batch twice, very large scores, gradients; one loss after the other.

Labels have the dtype of the scores, or int64 for classes. What other dtypes do is a note.  Letters: B batch, k classes.
"""

from __future__ import annotations

import functools
import math

import torch
from torch import Tensor

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look, not_started
from sanity_checks.subjects.losses import Loss, Losses

B, K = 3, 5
Given = tuple[Tensor, Tensor]


def _real(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


# word -> cases from one example to a batch; the scores are spread wide, so that a second softmax or sigmoid is far from harmless
CASES: dict[str, dict[str, Given]] = {
    "cross-entropy": {
        "one example of two classes": (_real(1.5, -0.5)[None], torch.tensor([1])),
        "three examples of five classes": (3 * numbers(B, K, seed=21), torch.tensor([4, 0, 2])),
    },
    "binary cross-entropy": {
        "one example with label 1": (_real(1.5), _real(1)),
        "one example with label 0": (_real(-0.7), _real(0)),
        "three examples": (_real(2.3, 0.4, -1.9), _real(0, 1, 1)),
    },
    "squared error": {
        "one example": (_real(1.5), _real(4)),
        "one example whose label has a fraction": (_real(-0.5), _real(3.75)),
        "three examples": (_real(2.3, -1.4, 6.9), _real(4.25, 0, 2.5)),
    },
}
LARGE: dict[str, Given] = {  # wrong and very sure: exp(1000) is infinite, the loss is not
    "cross-entropy": (_real(1000, -1000, 0)[None], torch.tensor([1])),
    "binary cross-entropy": (_real(1000), _real(0)),
    "squared error": (_real(1000), _real(0)),
}


def probe(subject: Losses, look: Look) -> None:
    """Look at the cross-entropy, the binary one and the squared error."""
    for word, loss in zip(CASES, (subject.classes, subject.binary, subject.squared)):
        if loss:
            _values(word, loss, look)
            _facts(word, loss, look)
            look(f"the gradient of the {word}", functools.partial(_slope, loss, *CASES[word][list(CASES[word])[-1]]), axes=("example", "class")[: 1 + (word == "cross-entropy")])
    if subject.classes:
        look("class labels with fractions are refused", lambda: _refuses(subject.classes, numbers(2, K, seed=22), _real(3.8, 0)), "note")
    if subject.binary:
        look("the binary cross-entropy with a label of 0.25", lambda: subject.binary(_real(1.5), _real(0.25)), "note")
        look("the binary cross-entropy with labels of int64", lambda: subject.binary(_real(1.5, -0.5), torch.tensor([1, 0])), "note")


def _values(word: str, loss: Loss, look: Look) -> None:
    for words, given in CASES[word].items():
        look(f"the {word} of {words}", lambda given=given: loss(*_fresh(given)))


def _facts(word: str, loss: Loss, look: Look) -> None:
    given = list(CASES[word].values())[-1]
    twice = [torch.cat([part, part]) for part in given]
    look(f"the {word} of a batch twice over is that of the batch", lambda: _near(loss(*twice), loss(*_fresh(given))))
    look(f"the {word} of a score of 1000 is a finite number", lambda: math.isfinite(float(loss(*_fresh(LARGE[word])))))
    look(f"the {word} of a score of 1000", lambda: loss(*_fresh(LARGE[word])), "note")
    look(f"the {word} leaves scores and labels as they were", lambda: _untouched(loss, given))


def _fresh(given: Given) -> Given:
    return given[0].clone(), given[1].clone()  # a loss may write into what it is given


def _near(one: Tensor, other: Tensor) -> bool:
    return bool((torch.as_tensor(one) - torch.as_tensor(other)).abs().max() < 1e-9)


def _untouched(loss: Loss, given: Given) -> bool:
    scores, labels = _fresh(given)
    loss(scores, labels)
    return torch.equal(scores, given[0]) and torch.equal(labels, given[1])


def _slope(loss: Loss, scores: Tensor, labels: Tensor) -> Tensor | str:
    leaf = scores.clone().requires_grad_()
    value = loss(leaf + 0, labels.clone())
    if not getattr(value, "requires_grad", False):
        return "no gradient"
    value.sum().backward()
    return leaf.grad


def _refuses(loss: Loss, scores: Tensor, labels: Tensor) -> bool:
    try:
        loss(scores, labels)
    except Exception as error:  # noqa: BLE001 (however it is refused)
        if not_started(error):
            raise
        return True
    return False
