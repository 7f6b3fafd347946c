"""Divergences: equal torch's kl_div and distributions, are 0 for equal answers, the same both ways where they should be, and keep tiny differences."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.distributions import Bernoulli, Categorical, Distribution, kl_divergence

from regularizers.divergences import DIVERGENCES
from sanity_checks.fingerprint import numbers
from sanity_checks.judge import expect, same

B, K = 7, 5
DISTRIBUTIONS = {"classes": lambda scores: Categorical(logits=scores), "binary": lambda scores: Bernoulli(logits=scores)}
SIX_AGAINST_SEVEN = 0.0441833  # KL(.6|.7) + KL(.7|.6) of two yes-no answers, worked out by hand


def scores(kind: str, seed: int, factor: float = 2.0) -> Tensor:
    """Scores of B examples, (B, k) or (B,)."""
    return factor * numbers(*(B, K)[: 1 + (kind == "classes")], seed=seed)


def equal_torch_distributions() -> float:
    """Both forms, for classes and for yes and no, are what torch.distributions computes."""
    worst = 0.0
    for kind, make in DISTRIBUTIONS.items():
        for seed in range(10):
            p, q = (make(scores(kind, each)) for each in (seed, seed + 50))
            expected = _both_ways(p, q), kl_divergence(p, q).mean()
            for form, formula, value in zip(("symmetric", "one-sided"), DIVERGENCES[kind], expected):
                worst = max(worst, same(f"the {form} divergence of {kind}", formula(scores(kind, seed), scores(kind, seed + 50)), value))
    return worst


def _both_ways(p: Distribution, q: Distribution) -> Tensor:
    return (kl_divergence(p, q) + kl_divergence(q, p)).mean()


def equal_kl_div() -> float:
    """For classes, the one-sided form is torch's kl_div(log Q, P) with reduction batchmean."""
    a, b = scores("classes", 1), scores("classes", 2)
    return same("the one-sided divergence of classes", DIVERGENCES["classes"][1](a, b), F.kl_div(b.log_softmax(-1), a.softmax(-1), reduction="batchmean"))


def six_against_seven_tenths() -> float:
    """The golden number of a yes-no answer, and of the same as two classes."""
    a, b = (torch.tensor([probability], dtype=torch.float64).logit() for probability in (0.6, 0.7))
    as_classes = (torch.stack([torch.zeros_like(each), each], -1) for each in (a, b))
    golden = torch.tensor(SIX_AGAINST_SEVEN, dtype=torch.float64)
    return max(same("0.6 against 0.7", DIVERGENCES["binary"][0](a, b), golden, 1e-7), same("0.6 against 0.7 as classes", DIVERGENCES["classes"][0](*as_classes), golden, 1e-7))


def squared_difference() -> float:
    """For a regression both forms are the mean squared difference."""
    a, b = scores("regression", 1), scores("regression", 2)
    return max(same("the divergence of a regression", formula(a, b), F.mse_loss(a, b)) for formula in DIVERGENCES["regression"])


def zero_for_equal_answers_and_never_below() -> float:
    """0 for equal answers, positive otherwise, and the symmetric form is the same both ways."""
    worst = 0.0
    for kind, forms in DIVERGENCES.items():
        for formula in forms:
            worst = max(worst, same(f"the divergence of equal answers of {kind}", formula(scores(kind, 1), scores(kind, 1)), torch.zeros((), dtype=torch.float64)))
            expect(all(formula(scores(kind, seed), scores(kind, seed + 50)) > 0 for seed in range(20)), f"a divergence of {kind} is not above 0")
        worst = max(worst, same(f"the symmetric divergence of {kind} the other way round", forms[0](scores(kind, 1), scores(kind, 2)), forms[0](scores(kind, 2), scores(kind, 1))))
    return worst


def slopes_reach_both_answers() -> None:
    """The slopes are those that finite differences give."""
    for kind, forms in DIVERGENCES.items():
        for formula in forms:
            given = tuple(scores(kind, seed).requires_grad_() for seed in (1, 2))
            expect(torch.autograd.gradcheck(formula, given, raise_exception=False), f"the slope of a divergence of {kind} is not that of its value")


def tiny_differences_survive_float32() -> None:
    """At distances of 1e-5, where SMART works, float32 keeps the symmetric form within a fifth."""
    for kind, (formula, _) in DIVERGENCES.items():
        a = scores(kind, 1).float()
        b = a + scores(kind, 3, 1e-5).float()
        expect(abs(formula(a, b) / formula(a.double(), b.double()) - 1) < 0.2, f"rounding to float32 hides a small divergence of {kind}")


PROBES = (equal_torch_distributions, equal_kl_div, six_against_seven_tenths, squared_difference, zero_for_equal_answers_and_never_below, slopes_reach_both_answers,
          tiny_differences_survive_float32)  # fmt: skip
