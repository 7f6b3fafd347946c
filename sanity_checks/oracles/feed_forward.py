"""The feed-forward network: GELU in its exact form, between two linear maps, without dropout of its own."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F

from minbert.feed_forward import FeedForward, gelu
from sanity_checks.judge import expect, same
from sanity_checks.recorder import recorded_dropout
from sanity_checks.reference import CONFIG, filled, random


def built() -> FeedForward:
    """The first layer's network with the reference weights."""
    return filled(FeedForward(CONFIG.hidden_size, CONFIG.intermediate_size), "layers.0.feed_forward")  # type: ignore[return-value]


def gelu_is_exact() -> float:
    """GELU is x P(Z <= x) by the error function; the tanh form differs in the fourth digit."""
    points = torch.linspace(-5, 5, 53, dtype=torch.float64)
    exact = torch.tensor([0.5 * x * (1 + math.erf(x / math.sqrt(2))) for x in points.tolist()], dtype=torch.float64)
    return same("gelu(x)", gelu(points), exact, tolerance=1e-12)


def equals_torch() -> float:
    """GELU(x W1 + b1) W2 + b2 by torch's functions, output and gradient."""
    ours, x, upstream = built(), random(2, 7, CONFIG.hidden_size), random(2, 7, CONFIG.hidden_size, seed=8)
    inner = F.gelu(F.linear(x, ours.expand.weight, ours.expand.bias))
    expected = F.linear(inner, ours.contract.weight, ours.contract.bias)
    slopes = [torch.autograd.grad((value * upstream).sum(), x)[0] for value in (ours(x), expected)]
    return max(same("the output", ours(x), expected), same("the gradient", *slopes))


def tokens_do_not_mix() -> float:
    """Each token is transformed alone."""
    ours, x = built(), random(2, 7, CONFIG.hidden_size)
    return same("one token alone", ours(x[:1, 3:4]), ours(x)[:1, 3:4])


def no_dropout_inside() -> None:
    """Dropout belongs to the add-norm around this network, not between its two maps."""
    with recorded_dropout() as calls:
        built().train()(random(2, 7, CONFIG.hidden_size))
    expect(not calls, f"dropout is applied {len(calls)} times inside the network, expected none")


PROBES = (gelu_is_exact, equals_torch, tokens_do_not_mix, no_dropout_inside)
