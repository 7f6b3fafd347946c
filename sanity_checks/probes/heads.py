"""The heads probe: one example and one score, then several of each, gradients, and where dropout sits. Letters: B batch, F features, k scores."""

from __future__ import annotations

import functools

from torch import Tensor

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.facts import rates, same, untouched
from sanity_checks.recorder import recorded_dropout
from sanity_checks.subjects.heads import Heads

B, F, K, RATE = 3, 7, 5, 0.375
AXES = ("example", "score")
SMALL = {  # words -> examples, features, scores
    "the score of one example": (1, 2, 1),
    "three scores of one example": (1, 2, 3),
    "the scores of three examples": (B, F, 1),
    "five scores of three examples": (B, F, K),
}


def probe(subject: Heads, look: Look) -> None:
    """Look at one head, small inputs first."""
    with recorded_dropout():  # dropout that is on in eval mode then gives one answer instead of a random one
        for words, (examples, features, scores) in SMALL.items():
            x = numbers(examples, features, seed=41)
            look(words, lambda x=x, size=(features, scores): subject.run(subject.build(*size, RATE), x.clone()), axes=AXES[: 1 + (scores > 1)])
        _gradients(subject, look)
    module, x = subject.build(F, K, RATE), numbers(B, F, seed=41)
    run = lambda x: subject.run(module, x.clone())
    look("one example alone gets the scores that it gets in a batch", lambda: same(run(x[1:2]), run(x)[1:2]))
    look("two calls in eval mode agree", lambda: same(run(x), run(x)))
    look("the features stay as they were", lambda: untouched(functools.partial(subject.run, module), x))
    _dropout(subject, look, x)


def _gradients(subject: Heads, look: Look) -> None:
    module, x = subject.build(F, K, RATE), numbers(B, F, seed=41)

    @functools.cache
    def slopes() -> dict[str, Tensor | None]:
        features = x.clone().requires_grad_()
        module.zero_grad()
        scores = subject.run(module, features * 1)
        if scores.requires_grad:
            (scores * numbers(*scores.shape, seed=42)).sum().backward()
        linear = subject.linear(module) if subject.linear else None
        return {"the features": features.grad} | ({"the weight": linear.weight.grad, "the bias": linear.bias.grad} if linear else {})

    for name in ("the features", "the weight", "the bias") if subject.linear else ("the features",):
        look(f"the gradient of {name}", lambda name=name: "no gradient" if slopes()[name] is None else slopes()[name].clone())


def _dropout(subject: Heads, look: Look, x: Tensor) -> None:
    module = subject.build(F, K, RATE).train()
    look("two calls in train mode differ", lambda: not same(subject.run(module, x.clone()), subject.run(module, x.clone())), "train")

    @functools.cache
    def recorded() -> tuple[Tensor, list]:
        with recorded_dropout() as calls:
            return subject.run(module, x.clone()), calls

    look("the rates of dropout", lambda: rates(recorded()[1]), "train")
    look("what dropout is given", lambda: recorded()[1][0].given if recorded()[1] else "no dropout", "train", ("example", "feature"))
    look("the scores in train mode", lambda: recorded()[0], "train", AXES)
    one = subject.build(F, 1, RATE).train()
    with recorded_dropout():
        look("the scores in train mode, one for each example", lambda: subject.run(one, x.clone()), "train", AXES[:1])
