"""The Bregman term and its teacher, and R-Drop."""

from __future__ import annotations

import copy

import pytest
import torch
from regularizers_small import SmallModel, embeddings

from regularizers import RDrop, bregman_term, divergence, follow, momentum


def test_a_teacher_equal_to_the_student_gives_value_and_slope_zero():
    model, x = SmallModel().eval(), embeddings()
    found = bregman_term(model(x), copy.deepcopy(model)(x), divergence("classes"))
    assert found.item() == 0 and all(slope.abs().max() < 1e-15 for slope in torch.autograd.grad(found, list(model.parameters())))


def test_the_teacher_gets_no_gradient():
    model, teacher, x = SmallModel(seed=1).eval(), SmallModel(seed=2).eval(), embeddings()
    bregman_term(model(x), teacher(x), divergence("classes")).backward()
    assert all(parameter.grad is None for parameter in teacher.parameters()) and model.head.weight.grad.abs().max() > 0


def test_for_a_student_that_stands_still_the_distance_shrinks_by_beta_each_time():
    student, teacher = [torch.tensor([1.0, -2.0], dtype=torch.float64)], [torch.tensor([5.0, 3.0], dtype=torch.float64)]
    start = teacher[0] - student[0]
    for count in range(1, 6):
        follow(teacher, student, 0.9)
        assert torch.allclose(teacher[0] - student[0], 0.9**count * start, rtol=0, atol=1e-14)


def test_beta_one_stands_still_and_beta_zero_follows_at_once():
    student, teacher = [torch.randn(3)], [torch.randn(3)]
    before = teacher[0].clone()
    follow(teacher, student, 1.0)
    assert torch.equal(teacher[0], before)
    follow(teacher, student, 0.0)
    assert torch.equal(teacher[0], student[0])


def test_following_builds_no_graph_and_copies_whole_numbers():
    student, teacher = [torch.ones(3, requires_grad=True), torch.tensor([4])], [torch.zeros(3), torch.tensor([1])]
    follow(teacher, student, 0.5)
    assert not teacher[0].requires_grad and teacher[1].tolist() == [4] and teacher[0].tolist() == [0.5] * 3


def test_a_teacher_that_shares_memory_is_refused():
    shared = torch.ones(3)
    with pytest.raises(ValueError, match="shares its memory"):
        follow([shared], [shared.detach()], 0.9)


@pytest.mark.parametrize("beta", [-0.1, 1.1, float("nan")])
def test_a_momentum_outside_zero_to_one_is_refused(beta):
    with pytest.raises(ValueError, match="expected 0"):
        follow([torch.zeros(1)], [torch.ones(1)], beta)


def test_the_momentum_switches_after_a_tenth():
    assert [momentum(update, 100) for update in (0, 9, 10, 99)] == [0.99, 0.99, 0.999, 0.999]


def test_r_drop_measures_the_difference_between_two_draws_of_dropout():
    torch.manual_seed(0)
    model, x = SmallModel(), embeddings()
    door = model.train().door()
    assert RDrop(divergence("classes"))(door, x, door(x)).item() > 1e-3
    door = model.eval().door()
    assert RDrop(divergence("classes"))(door, x, door(x)).item() == 0
