"""Weights of exit losses: published values, sums, and exits that do not count."""

from __future__ import annotations

import pytest
import torch
from focus_small import Exits, L, batch
from hypothesis import given
from hypothesis import strategies as st

from minbert.errors import UserError
from tasks.exit_weights import RULES, combine_losses, exit_weights


def test_the_weights_of_three_exits():
    assert exit_weights("joint", 3) == pytest.approx((1 / 3,) * 3)
    assert exit_weights("weighted", 3) == exit_weights("weighted", 3, reduce="sum") == pytest.approx((1 / 6, 2 / 6, 3 / 6))
    assert exit_weights("final", 3) == exit_weights("final", 3, reduce="sum") == (0, 0, 1)
    assert exit_weights("joint", 3, reduce="sum") == (1, 1, 1)
    assert [exit_weights("alternating", 3, taken, "sum") for taken in range(3)] == [(0, 0, 1), (1, 1, 1), (0, 0, 1)]


@given(st.sampled_from(sorted(RULES)), st.integers(1, 24), st.integers(0, 99))
def test_means_sum_to_one_and_the_last_exit_always_counts_most(rule, exits, taken):
    weights = exit_weights(rule, exits, taken)
    assert sum(weights) == pytest.approx(1)
    assert min(weights) >= 0 and weights[-1] == max(weights) > 0


@given(st.integers(1, 24))
def test_twelve_exits_or_one_deeper_exits_weigh_more(exits):
    weights = exit_weights("weighted", exits)
    assert list(weights) == sorted(set(weights))
    assert weights[0] == pytest.approx(2 / (exits * (exits + 1)))


def test_the_combined_loss_is_the_weighted_sum_and_its_gradient_reaches_what_counts():
    model, (ids, mask, labels) = Exits(), batch()
    losses = model.losses(ids, mask, labels)
    found = combine_losses(losses, exit_weights("weighted", L))
    torch.testing.assert_close(found, sum(w * loss for w, loss in zip((1 / 6, 2 / 6, 3 / 6), losses)), rtol=0, atol=1e-12)
    found.backward()
    assert all(parameter.grad is not None for name, parameter in model.named_parameters() if name.startswith(("exits.sst.", "heads.sst.", "bert.layers.")))


def test_an_exit_that_does_not_count_need_not_be_computed_and_may_be_infinite():
    last = torch.tensor(2.0, requires_grad=True)
    assert combine_losses([None, torch.tensor(torch.inf), last], exit_weights("final", 3)).item() == 2.0


@pytest.mark.parametrize(("arguments", "message"), [
    (("jointly", 3), "loss of exits is 'jointly', expected one of joint, weighted, final, alternating; did you mean 'joint'"),
    (("joint", 3, 0, "average"), "reduce is 'average', expected one of mean, sum"),
    (("joint", 0), "there are 0 exits"),
])
def test_unknown_words_are_refused(arguments, message):
    with pytest.raises(UserError, match=message):
        exit_weights(*arguments)


def test_losses_that_do_not_fit_their_weights_are_refused():
    one = torch.tensor(1.0)
    with pytest.raises(UserError, match="2 exit losses for the weights"):
        combine_losses([one, one], (1.0,))
    with pytest.raises(UserError, match="some weight above 0"):
        combine_losses([one], (0.0,))
    with pytest.raises(UserError, match="is missing although its weight is not 0"):
        combine_losses([None, one], (0.5, 0.5))
