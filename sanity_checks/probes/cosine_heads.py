"""The cosine heads probe: the cosine, then each head on one pair and on three, its slopes and its dropout, and the loss of cosines.

Letters: B pairs, C width of one sentence vector, k scores.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import torch
from torch import Tensor, nn

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.facts import once, rates, same, untouched
from sanity_checks.recorder import recorded_dropout
from sanity_checks.subjects.cosine_heads import CosineHeads

B, C, K, RATE = 3, 5, 2, 0.375
AXES = ("pair", "score")
# The scale is small, so that no score sits where the sigmoid is flat.
STRETCHED = {  # words -> top of the label range, scale, output
    "cosine-d": (5.0, 2.0, "sigmoid"), "cosine-d with another scale": (5.0, 0.5, "sigmoid"), "cosine-d with labels up to 3": (3.0, 2.0, "sigmoid"),
    "cosine-d with the affine output": (5.0, 2.0, "affine"), "cosine-d with the ReLU output": (5.0, 2.0, "relu"),
}  # fmt: skip
LABELS = (4.0, 1.0, 3.0, 0.0, 2.0)


def probe(subject: CosineHeads, look: Look) -> None:
    """Look at the cosine, at the heads and at the loss, small inputs first."""
    _cosine(subject, look)
    with recorded_dropout():  # dropout that is on in eval mode then gives one answer instead of a random one
        for number, (words, (top, scale, output)) in enumerate(STRETCHED.items()):
            _head(words, lambda rate, given=(top, scale, output): subject.stretched(C, *given, rate), subject, look, "option" if number else "error")
        _head("cosine-2d+1", lambda rate: subject.told(2 * C, 1, rate, False), subject, look, "error")
        look("the scores of three pairs by cosine-2d+1 with two scores", lambda: subject.run(subject.told(2 * C, K, RATE, False), _pairs()), "option", AXES)
        look("what dropout of cosine-2d+1 is given when it keeps the cosine", lambda: _recorded(subject, subject.told(2 * C, 1, RATE, True))[1][0].given, "option")
        look("the scores of cosine-2d+1 in train mode when it keeps the cosine", lambda: _recorded(subject, subject.told(2 * C, 1, RATE, True))[0], "option", AXES[:1])
    look("the score of cosine-embedding", lambda: subject.plain(_pairs()), axes=AXES[:1])
    _loss(subject, look)


def _pairs(rows: int = B) -> Tensor:
    return numbers(rows, 2 * C, seed=91)


def _cosine(subject: CosineHeads, look: Look) -> None:
    u, v = numbers(1, 2, seed=92), numbers(1, 2, seed=93)
    look("the cosine of one pair", lambda: subject.cosine(u, v), axes=("pair",))
    look("the cosine of three pairs", lambda: subject.cosine(*_pairs().chunk(2, -1)), axes=("pair",))
    look("a longer vector keeps its cosine", lambda: same(subject.cosine(3 * u, v), subject.cosine(u, 0.25 * v)))
    look("the cosine with a vector of zeros", lambda: subject.cosine(0 * u, v), "option", ("pair",))
    look("both vectors stay as they were", lambda: untouched(subject.cosine, u, v))


def _head(words: str, build: Callable[[float], nn.Module], subject: CosineHeads, look: Look, level: str) -> None:
    module = once(lambda: build(RATE))
    run = lambda rows: subject.run(module().eval(), _pairs(rows))
    look(f"the score of one pair by {words}", lambda: run(1), level, AXES)
    if level == "option":
        return
    look(f"the scores of three pairs by {words}", lambda: run(B), level, AXES)
    slopes = once(lambda: _slopes(subject, module().eval()))
    for name in ("the features", "the weight", "the bias"):
        look(f"the gradient of {name} by {words}", lambda name=name: slopes()[name], level)
    train = once(lambda: _recorded(subject, module()))
    look(f"the rates of dropout in {words}", lambda: rates(train()[1]), "train")
    look(f"the scores of {words} in train mode", lambda: train()[0], "train", AXES)


def _slopes(subject: CosineHeads, module: nn.Module) -> dict[str, Tensor | str]:
    x = _pairs().requires_grad_()
    module.zero_grad()
    scores = subject.run(module, x * 1)
    if scores.requires_grad:
        (scores * numbers(*scores.shape, seed=94)).sum().backward()
    linear = module.linear
    found = {"the features": x.grad, "the weight": linear.weight.grad, "the bias": linear.bias.grad}
    return {name: "no gradient" if slope is None else slope for name, slope in found.items()}


def _recorded(subject: CosineHeads, module: nn.Module) -> tuple[Tensor, list]:
    with recorded_dropout() as calls:
        return subject.run(module.train(), _pairs()), calls


def _loss(subject: CosineHeads, look: Look) -> None:
    for label, word in ((5.0, "similar"), (0.0, "dissimilar")):
        for cosine in (0.5, -0.5):
            look(f"the loss of a {word} pair at cosine {cosine:g}", lambda given=(cosine, label): _of(subject, given[:1], given[1:]))
    spread = numbers(len(LABELS), seed=95).tanh().tolist()
    look("the loss of five pairs", lambda: _of(subject, spread, LABELS))
    look("the loss of five pairs with a threshold of 1.5", lambda: _of(subject, spread, LABELS, threshold=1.5), "option")
    look("the loss of a dissimilar pair at cosine 0.5 with a margin of 0.2", lambda: _of(subject, [0.5], [0.0], margin=0.2), "option")
    look("the loss of a dissimilar pair at cosine 0.1 with a margin of 0.2", lambda: _of(subject, [0.1], [0.0], margin=0.2), "option")
    look("the loss of a similar pair at cosine 0.5 with a margin of 0.2", lambda: _of(subject, [0.5], [5.0], margin=0.2), "option")
    look("the loss of a pair whose label is the threshold", lambda: _of(subject, [0.25], [2.5]), "note")
    look("the slope of the loss along the cosines", lambda: _slope(subject, spread), axes=("pair",))


def _of(subject: CosineHeads, cosines: list[float] | tuple[float, ...], labels: list[float] | tuple[float, ...], threshold: float = 2.5, margin: float = 0.0) -> Tensor:
    double = functools.partial(torch.tensor, dtype=torch.float64)
    return subject.loss(double(cosines), double(labels), threshold, margin)


def _slope(subject: CosineHeads, spread: list[float]) -> Tensor | str:
    cosines = torch.tensor(spread, dtype=torch.float64, requires_grad=True)
    value = subject.loss(cosines * 1, torch.tensor(LABELS, dtype=torch.float64), 2.5, 0.0)
    if not value.requires_grad:
        return "no gradient"
    value.sum().backward()
    return cosines.grad
