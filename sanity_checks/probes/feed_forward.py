"""The feed-forward probe: the activation at single numbers, then the network for one token, for a batch, its gradients, and dropout (none).

Letters: B batch, T tokens, C width, I inner width.
"""

from __future__ import annotations

import functools

import torch
from torch import Tensor, nn

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.facts import same, untouched
from sanity_checks.recorder import recorded_dropout
from sanity_checks.subjects.feed_forward import FeedForward

B, T, C, I = 2, 7, 3, 11
AXES = ("sentence", "token", "channel")
PARTS = ("first map's weight", "first map's bias", "second map's weight", "second map's bias")


def probe(subject: FeedForward, look: Look) -> None:
    """Look at one component's activation and network, small inputs first."""
    with recorded_dropout():  # dropout that is on in eval mode then gives one answer instead of a random one
        if subject.gelu:
            _activation(subject, look)
        for words, (sentences, tokens, width, inner) in SMALL.items():
            x = numbers(sentences, tokens, width, seed=3)
            look(f"the output for {words}", lambda x=x, width=width, inner=inner: subject.run(subject.build(width, inner), x.clone()), axes=AXES)
        _gradients(subject, look)
    module, x = subject.build(C, I), numbers(B, T, C, seed=4)
    run = lambda x: subject.run(module, x.clone())
    look("one token alone gives what it gives in a batch", lambda: same(run(x[1:, 3:4]), run(x)[1:, 3:4]))
    look("two calls in eval mode agree", lambda: same(run(x), run(x)))
    look("the input stays as it was", lambda: untouched(functools.partial(subject.run, module), x))
    _dropout(subject, look, module.train(), x)


SMALL = {  # words -> sentences, tokens, width, inner width
    "one token": (1, 1, 2, 3),
    "one token, as wide inside as outside": (1, 1, 3, 3),  # a map that is skipped or taken twice then fits, and gives numbers of its own
    "two sentences of seven tokens": (B, T, C, I),
}


def _activation(subject: FeedForward, look: Look) -> None:
    one, many = torch.tensor([1.5], dtype=torch.float64), torch.linspace(-6, 6, 25, dtype=torch.float64)
    look("GELU of 1.5", lambda: subject.gelu(one.clone()))
    look("GELU of -1.5", lambda: subject.gelu(-one))
    look("GELU of the numbers from -6 to 6", lambda: subject.gelu(many.clone()), axes=("number",))
    look("GELU of a whole batch", lambda: subject.gelu(numbers(2, 3, 5, seed=6)), axes=AXES)
    look("GELU of 1000 and -1000", lambda: subject.gelu(torch.tensor([1000.0, -1000.0], dtype=torch.float64)))
    look("the slope of GELU from -6 to 6", lambda: _slope(subject, many), axes=("number",))
    look("GELU leaves its input as it was", lambda: untouched(subject.gelu, many))


def _slope(subject: FeedForward, points: Tensor) -> Tensor | str:
    x = points.clone().requires_grad_()
    value = subject.gelu(x * 1)
    return torch.autograd.grad(value.sum(), x)[0] if value.requires_grad else "no gradient"


def _gradients(subject: FeedForward, look: Look) -> None:
    upstream = numbers(B, T, C, seed=7)

    @functools.cache
    def slopes() -> tuple[Tensor | None, dict[str, Tensor | None]]:
        module, x = subject.build(C, I), numbers(B, T, C, seed=4).requires_grad_()
        # the input is needed again on the way back, as a layer needs it for the residual: overwriting it cannot go unnoticed
        output = subject.run(module, x.tanh()) * upstream
        if output.requires_grad:
            output.sum().backward()
        return x.grad, {name: parameter.grad for name, parameter in module.named_parameters()}

    look("the gradient of the input", lambda: _or_none(slopes()[0]), axes=AXES)
    for words, name in zip(PARTS, subject.parameters):
        look(f"the gradient of the {words}", lambda name=name: _or_none(slopes()[1][name]))


def _or_none(gradient: Tensor | None) -> Tensor | str:
    return "no gradient" if gradient is None else gradient


def _dropout(subject: FeedForward, look: Look, module: nn.Module, x: Tensor) -> None:
    @functools.cache
    def recorded() -> tuple[Tensor, list]:
        with recorded_dropout() as calls:
            return subject.run(module, x.clone()), calls

    look("how often dropout is applied", lambda: str(len(recorded()[1])), "train")
    look("the output in train mode", lambda: recorded()[0], "train", AXES)
