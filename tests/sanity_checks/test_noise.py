"""Recorded noise: whoever draws, and in whatever dtype, gets the same numbers, and the generator is noted."""

from __future__ import annotations

import pytest
import torch

from sanity_checks.noise import recorded_noise

SHAPE = (2, 3, 5)
HALF = torch.tensor(0.5)
WAYS = {
    "randn": lambda g: 0.5 * torch.randn(SHAPE, generator=g),
    "randn by numbers": lambda g: 0.5 * torch.randn(*SHAPE, generator=g, dtype=torch.float64),
    "randn_like": lambda g: 0.5 * torch.randn_like(torch.ones(SHAPE), generator=g),
    "normal_": lambda g: torch.empty(SHAPE).normal_(0.0, 0.5, generator=g),
    "normal of numbers": lambda g: torch.normal(0.0, 0.5, SHAPE, generator=g),
    "normal of tensors": lambda g: torch.normal(torch.zeros(SHAPE), HALF.expand(SHAPE), generator=g),
}


def test_every_way_to_draw_normal_numbers_gives_the_same_ones():
    generator, found = torch.Generator(), []
    for draw in WAYS.values():
        with recorded_noise() as drawn:
            found.append(draw(generator).double())
        assert len(drawn) == 1 and drawn[0] is generator
    assert all(torch.equal(found[0], each) for each in found) and found[0].std() > 0.3


def test_a_second_draw_differs_and_one_without_a_generator_is_noted_as_such():
    with recorded_noise() as drawn:
        one, other, uniform = torch.randn(7), torch.randn(7), torch.rand(7)
    assert not torch.equal(one, other) and drawn == [None] * 3 and 0 <= uniform.min() <= uniform.max() < 1


@pytest.mark.parametrize("name", ["randn", "rand", "randn_like", "rand_like", "normal"])
def test_afterwards_torch_draws_as_before(name):
    before = getattr(torch, name)
    with recorded_noise():
        assert getattr(torch, name) is not before
    assert getattr(torch, name) is before and not torch.equal(torch.empty(9).normal_(), torch.empty(9).normal_())
