"""GradVac: with target 0 it is PCGrad; with another target the cosine it leaves behind is that target."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from optim.gradvac import gradvac
from optim.pcgrad import pcgrad


def drawn(case: int, tasks: int = 2) -> list[list[torch.Tensor]]:
    return [[torch.from_numpy(np.random.RandomState(100 * case + task).standard_normal(5))] for task in range(tasks)]


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def nothing(tasks: int) -> torch.Tensor:
    return torch.zeros(tasks, tasks, dtype=torch.float64)


@pytest.mark.parametrize("tasks", [2, 3, 5])
def test_target_zero_that_stays_zero_is_pcgrad(tasks):
    for case in range(200):
        gradients = drawn(case, tasks)
        got, targets = gradvac(gradients, nothing(tasks), seeded(case), rate=0.0)
        assert torch.allclose(got[0], pcgrad(gradients, seeded(case))[0], rtol=0, atol=1e-12), case
        assert not targets.any()


def test_the_cosine_that_is_left_is_the_target():
    for case in range(100):
        one, other = drawn(case)
        target = float(np.random.RandomState(case).uniform(-0.9, 0.9))
        targets = torch.tensor([[0.0, target], [-1.0, 0.0]], dtype=torch.float64)  # only task 0 is turned
        merged, _ = gradvac([one, other], targets, seeded(case), rate=0.0)
        turned = merged[0] - other[0]
        cosine = torch.cosine_similarity(turned, other[0], dim=0)
        before = torch.cosine_similarity(one[0], other[0], dim=0)
        assert float(cosine) == pytest.approx(max(float(before), target), abs=1e-9), case


def test_targets_follow_the_cosines_by_the_rate_and_the_given_ones_stay():
    one, other = drawn(3)
    start = nothing(2)
    _, targets = gradvac([one, other], start, seeded(0), rate=0.25)
    cosine = float(torch.cosine_similarity(one[0], other[0], dim=0))
    assert targets.tolist() == [[0.0, pytest.approx(0.25 * cosine)], [pytest.approx(0.25 * cosine), 0.0]] and not start.any()


def test_tasks_that_share_nothing_are_left_alone():
    gradients = [[torch.ones(2), None], [None, -torch.ones(2)]]
    merged, targets = gradvac(gradients, nothing(2), seeded(0))
    assert merged[0].tolist() == [1, 1] and merged[1].tolist() == [-1, -1] and not targets.any()


def test_a_zero_gradient_divides_nothing():
    merged, _ = gradvac([[torch.zeros(3)], [torch.ones(3)]], nothing(2), seeded(0))
    assert merged[0].tolist() == [1, 1, 1]
