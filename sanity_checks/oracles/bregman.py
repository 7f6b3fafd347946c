"""Bregman: the teacher by its closed form, the term of a teacher that is the student, and the momentum of the paper."""

from __future__ import annotations

import copy

import torch
from torch import nn

from regularizers.bregman import bregman_term, follow, momentum
from regularizers.divergences import DIVERGENCES
from sanity_checks.fingerprint import numbers
from sanity_checks.judge import expect, refuses, same

BETA, B, WIDTH, K = 0.9, 7, 5, 3


def student() -> nn.Module:
    """A small model with a layer, a norm and a buffer that counts, float64."""
    model = nn.Sequential(nn.Linear(WIDTH, K), nn.BatchNorm1d(K)).double()
    with torch.no_grad():
        for place, parameter in enumerate(model.parameters()):
            parameter.copy_(numbers(*parameter.shape, seed=place))
    return model.eval()


def follows_by_its_closed_form() -> float:
    """For a student that stands still, teacher_t - student = beta^t (teacher_0 - student)."""
    fixed, teacher = numbers(B, seed=1), numbers(B, seed=2)
    start, worst = teacher.clone(), 0.0
    for t in range(1, 30):
        follow([teacher], [fixed], BETA)
        worst = max(worst, same(f"the teacher after {t} updates", teacher - fixed, BETA**t * (start - fixed)))
    return worst


def follows_like_torch() -> float:
    """Over a walk of the student, the teacher is torch's own exponential moving average."""
    from torch.optim.swa_utils import get_ema_multi_avg_fn

    theirs, ours = numbers(B, seed=2), numbers(B, seed=2)
    for step in range(20):
        get_ema_multi_avg_fn(BETA)([theirs], [numbers(B, seed=10 + step)], torch.tensor(step))
        follow([ours], [numbers(B, seed=10 + step)], BETA)
    return same("the teacher", ours, theirs)


def limits_stand_still_and_follow_at_once() -> float:
    """beta = 1 keeps the teacher, beta = 0 makes it the student, and a counter is copied in any case."""
    model, worst = student(), 0.0
    for beta in (0.0, 1.0):
        teacher = copy.deepcopy(model)
        with torch.no_grad():
            teacher[0].weight.add_(1.0)
        teacher[1].num_batches_tracked.fill_(9)
        expected = (model if beta == 0 else teacher)[0].weight.detach().clone()
        follow(list(teacher.state_dict().values()), list(model.state_dict().values()), beta)
        worst = max(worst, same(f"the teacher with beta {beta:g}", teacher[0].weight, expected))
        expect(teacher[1].num_batches_tracked == 0, "the counter is not the student's")
    return worst


def an_equal_teacher_is_at_distance_zero() -> float:
    """A copy of the student gives value 0 and slope 0; another teacher gets no gradient."""
    model, x, distance = student(), numbers(B, WIDTH, seed=5), DIVERGENCES["classes"][0]
    value = bregman_term(model(x), copy.deepcopy(model)(x), distance)
    slopes = torch.autograd.grad(value, list(model.parameters()))
    worst = max(same("the slope", slope, torch.zeros_like(slope)) for slope in slopes)
    teacher = copy.deepcopy(model)
    with torch.no_grad():
        teacher[0].weight.add_(1.0)
    bregman_term(model(x), teacher(x), distance).backward()
    expect(all(parameter.grad is None for parameter in teacher.parameters()), "the teacher got a gradient")
    expect(model[0].weight.grad.abs().max() > 0, "the student got no gradient")
    return max(worst, same("the term", value, torch.zeros((), dtype=torch.float64)))


def momentum_is_that_of_the_paper() -> None:
    """0.99 for the first tenth of the updates, then 0.999."""
    expect([momentum(update, 100) for update in range(100)] == [0.99] * 10 + [0.999] * 90, "the momentum does not switch after a tenth")


def refuses_what_would_never_work() -> None:
    """A teacher in the student's memory and a beta outside of 0..1."""
    shared = numbers(B, seed=1)
    refuses("a shared tensor", follow, [shared], [shared], BETA, error=ValueError)
    refuses("beta 1.5", follow, [numbers(B, seed=2)], [shared], 1.5, error=ValueError)


PROBES = (follows_by_its_closed_form, follows_like_torch, limits_stand_still_and_follow_at_once, an_equal_teacher_is_at_distance_zero, momentum_is_that_of_the_paper,
          refuses_what_would_never_work)  # fmt: skip
