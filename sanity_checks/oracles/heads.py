"""Heads: dropout on the features, one linear map, raw scores. Letters: B batch, F features, k scores."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from sanity_checks.judge import expect, same
from sanity_checks.recorder import pattern, recorded_dropout
from sanity_checks.reference import generator, random
from tasks.heads import LinearHead

B, FEATURES, SCORES, RATE = 3, 13, 5, 0.375


def head(outputs: int = SCORES) -> LinearHead:
    """A head with large weights and a bias that is not zero, float64, eval mode."""
    built = LinearHead(FEATURES, outputs, RATE, generator())
    with torch.no_grad():
        for parameter in built.parameters():
            parameter.normal_(generator=generator(3))
    return built.double().eval()


def equals_torch() -> float:
    """The scores are x W + b, raw: no softmax, no sigmoid."""
    x, ours = random(B, FEATURES), head()
    return same("the scores", ours(x), F.linear(x, ours.linear.weight, ours.linear.bias))


def dropout_falls_on_the_features() -> float:
    """While training, dropout is applied once, to the features, at the head's rate."""
    x, ours = random(B, FEATURES), head().train()
    with recorded_dropout() as calls:
        scores = ours(x)
    expect([call.rate for call in calls] == [RATE], f"dropout is applied at the rates {[call.rate for call in calls]}, expected once at {RATE}")
    return same("the scores in train mode", scores, F.linear(pattern(x, RATE), ours.linear.weight, ours.linear.bias))


def one_score_is_one_number() -> float:
    """A head with one score gives (B,), also for a batch of one."""
    for rows in (B, 1):
        shape = tuple(head(1)(random(rows, FEATURES)).shape)
        expect(shape == (rows,), f"one score for each of {rows} rows has shape {shape}, expected ({rows},)")
    return same("a row alone", head(1)(random(B, FEATURES)[:1]), head(1)(random(B, FEATURES))[:1])


def first_scores_are_seeded_and_near_zero() -> None:
    """Fresh weights come from the generator given, and are small: the first loss is that of a guess."""
    first, second = (LinearHead(FEATURES, SCORES, RATE, generator(4)) for _ in range(2))
    expect(torch.equal(first.linear.weight, second.linear.weight), "the same generator gives other weights")
    expect(first(torch.ones(B, FEATURES)).abs().max() < 1, "fresh scores are far from 0")
    expect(first.linear.bias == 0, "fresh biases are not 0")


PROBES = (equals_torch, dropout_falls_on_the_features, one_score_is_one_number, first_scores_are_seeded_and_near_zero)
