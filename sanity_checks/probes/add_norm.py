"""The add-norm probe: residual and branch joined for one token, then for a batch; what stays untouched; gradients; dropout.

The norm has random gain and bias and an epsilon of 0.1, so that a norm built anew shows; the branch's dense layer is part of what is probed,
since some layouts call it inside.  Letters: B batch, T tokens, C width, I width of what goes into the dense layer.
"""

from __future__ import annotations

import functools

import torch
from torch import Tensor, nn

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.facts import same
from sanity_checks.recorder import Dropped, recorded_dropout
from sanity_checks.subjects.add_norm import AddNorm
from sanity_checks.subjects.attention import fill

B, T, C, RATE, EPS = 2, 3, 5, 0.375, 0.1
AXES = ("sentence", "token", "channel")


class _Parts:
    """Dense layer, dropout and norm filled with fixed numbers, and a call of the subject with them on copies of what it is given."""

    def __init__(self, subject: AddNorm, width: int, given: int) -> None:
        self.subject, self.dropout = subject, nn.Dropout(RATE).eval()
        self.dense = fill(nn.Linear(given, width), seed=1)
        self.norm = fill(nn.LayerNorm(width, eps=EPS), seed=2, scale=1.5)

    def __call__(self, residual: Tensor, output: Tensor) -> Tensor:
        return self.subject.run(residual, output, self.dense, self.dropout, self.norm)

    def train(self) -> _Parts:
        for module in (self.dense, self.dropout, self.norm):
            module.train()
        return self


def probe(subject: AddNorm, look: Look) -> None:
    """Look at one component's add-norm, small inputs first."""
    with recorded_dropout():  # dropout that is on in eval mode then gives one answer instead of a random one
        for words, (sentences, tokens, width, given) in SMALL.items():
            parts, residual, output = _Parts(subject, width, given), numbers(sentences, tokens, width, seed=3), numbers(sentences, tokens, given, seed=4)
            look(f"the output for {words}", functools.partial(lambda parts, x, y: parts(x.clone(), y.clone()), parts, residual, output), axes=AXES)
        _gradients(subject, look)
    parts, residual, output = _Parts(subject, C, C), numbers(B, T, C, seed=5), numbers(B, T, C, seed=6)
    _facts(parts, look, residual, output)
    _dropout(parts.train(), look, residual, output)


SMALL = {  # words -> sentences, tokens, width, width of what goes into the dense layer
    "one token of two channels": (1, 1, 2, 2),
    "one token of three channels": (1, 1, 3, 3),
    "two sentences of three tokens": (B, T, C, C),
    "two sentences whose branch comes out of a wider layer": (B, T, C, 11),
}


def _facts(parts: _Parts, look: Look, residual: Tensor, output: Tensor) -> None:
    run = lambda x, y: parts(x.clone(), y.clone())
    look("the output depends on the residual", lambda: _changes(run(residual, output), run(residual.flip(-1), output)))
    look("the output depends on the branch", lambda: _changes(run(residual, output), run(residual, output.flip(-1))))
    look("one token alone gives what it gives in a batch", lambda: same(run(residual[1:, 2:], output[1:, 2:]), run(residual, output)[1:, 2:]))
    look("two calls in eval mode agree", lambda: same(run(residual, output), run(residual, output)))
    look("the residual stays as it was", lambda: _untouched(parts, residual, output, 0))
    look("what goes into the dense layer stays as it was", lambda: _untouched(parts, residual, output, 1))


def _changes(a: Tensor, b: Tensor) -> bool | str:
    return "NaN or infinity" if not (a + b).isfinite().all() else not same(a, b)


def _untouched(parts: _Parts, residual: Tensor, output: Tensor, which: int) -> bool:
    given = residual.clone(), output.clone()
    parts(*given)
    return torch.equal(given[which], (residual, output)[which])


def _gradients(subject: AddNorm, look: Look) -> None:
    parts, upstream = _Parts(subject, C, C), numbers(B, T, C, seed=7)

    @functools.cache
    def slopes() -> dict[str, Tensor | None]:
        x, y = numbers(B, T, C, seed=5).requires_grad_(), numbers(B, T, C, seed=6).requires_grad_()
        # tanh needs its result again on the way back, as a layer needs its input: overwriting the residual then cannot go unnoticed
        (parts(x.tanh(), y.tanh()) * upstream).sum().backward()
        named = {"dense.weight": parts.dense.weight, "dense.bias": parts.dense.bias, "norm.weight": parts.norm.weight, "norm.bias": parts.norm.bias}
        return {"residual": x.grad, "branch": y.grad} | {name: parameter.grad for name, parameter in named.items()}

    for name in ("residual", "branch"):
        look(f"the gradient of the {name}", lambda name=name: "no gradient" if slopes()[name] is None else slopes()[name], axes=AXES)
    for name in ("dense.weight", "dense.bias", "norm.weight", "norm.bias"):
        look(f"the size of the gradient of {name}", lambda name=name: "no gradient" if slopes()[name] is None else slopes()[name].norm())


def _dropout(parts: _Parts, look: Look, residual: Tensor, output: Tensor) -> None:
    run = lambda: parts(residual.clone(), output.clone())
    look("two calls in train mode differ", lambda: not same(run(), run()), "train")

    @functools.cache
    def recorded() -> tuple[Tensor, list[Dropped]]:
        with recorded_dropout() as calls:
            return run(), calls

    look("how often dropout is applied", lambda: str(len(recorded()[1])), "train")
    look("the dropout rate", lambda: recorded()[1][0].rate if recorded()[1] else "no dropout", "train")
    look("what dropout is given", lambda: recorded()[1][0].given if recorded()[1] else "no dropout", "train", AXES)
    look("the output in train mode", lambda: recorded()[0], "train", AXES)
