"""The pooling probe: one token, two, a token and a pad, then several sentences, padding, gradients; the mean first, then the maximum.

Most numbers are below zero, so that a pad counted as 0 wins the maximum.  Padding comes last, as every tokenizer puts it; what padding in the
middle or infinity inside it does is a note.  Letters: R sentences, T tokens, C channels.
"""

from __future__ import annotations

import functools

import torch
from torch import Tensor

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.subjects.pooling import Pool, Pooling

R, T, C = 3, 5, 7
LENGTHS = (2, 5, 3)
AXES = ("sentence", "channel")
SMALL = {  # words -> mask, one row a sentence
    "one token": [[1]],
    "two tokens": [[1, 1]],
    "a token and a pad": [[1, 0]],
    "three sentences of five tokens": [[1] * T] * R,
    "sentences of 2, 5 and 3 tokens, padded": [[1] * length + [0] * (T - length) for length in LENGTHS],
    "a sentence without any token": [[0, 0], [1, 1]],
}
CHOICES = {"padding in the middle": [[1, 0, 1, 1], [1, 1, 0, 0]]}  # no tokenizer makes it: a rule that needs padding last is also right


def probe(subject: Pooling, look: Look) -> None:
    """Look at the mean, then at the maximum."""
    for word, pool in (("mean", subject.mean), ("maximum", subject.largest)):
        if pool:
            _outputs(word, pool, look)
            _invariants(word, pool, look)
            look(f"the gradient of the {word}", functools.partial(_slope, pool), axes=("sentence", "token", "channel"))


def _given(mask: list[list[int]]) -> tuple[Tensor, Tensor]:
    rows = torch.tensor(mask)
    return numbers(*rows.shape, C, seed=11) - 1.5, rows


def _outputs(word: str, pool: Pool, look: Look) -> None:
    for level, cases in (("error", SMALL), ("note", CHOICES)):
        for words, mask in cases.items():
            look(f"the {word} of {words}" if level == "error" else f"the {word} with {words}", functools.partial(pool, *_given(mask)), level, AXES)
    hidden, mask = _given([[1, 1, 0]])
    hidden[0, 2] = torch.inf
    look(f"the {word} with infinity in the padding", lambda: pool(hidden, mask), "note", AXES)


def _invariants(word: str, pool: Pool, look: Look) -> None:
    given = functools.partial(_given, SMALL["sentences of 2, 5 and 3 tokens, padded"])  # fresh each time: a pool may write into what it is given
    look(f"the {word}: one sentence alone gives what it gives in a batch", lambda: _same(pool(*(x[2:] for x in given())), pool(*given())[2:]))
    look(f"the {word}: more padding changes nothing", lambda: _same(pool(*_longer(*given())), pool(*given())))
    look(f"the {word}: the hidden states and the mask stay as they were", lambda: _untouched(pool, *given()))


def _longer(hidden: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    return torch.cat([hidden, numbers(R, 2, C, seed=12) + 9], 1), torch.cat([mask, torch.zeros(R, 2, dtype=mask.dtype)], 1)


def _same(a: Tensor, b: Tensor) -> bool:
    return a.shape == b.shape and bool((a - b).abs().max() < 1e-9)


def _untouched(pool: Pool, hidden: Tensor, mask: Tensor) -> bool:
    x, m = hidden.clone(), mask.clone()
    pool(x, m)
    return torch.equal(x, hidden) and torch.equal(m, mask)


def _slope(pool: Pool) -> Tensor | str:
    hidden, mask = _given(SMALL["sentences of 2, 5 and 3 tokens, padded"])
    hidden.requires_grad_()
    pooled = pool(hidden + 0, mask)  # + 0: what a pool is given is never a leaf, and a change in place is another look's business
    if not pooled.requires_grad:
        return "no gradient"
    (pooled * numbers(*pooled.shape, seed=13)).sum().backward()
    return hidden.grad
