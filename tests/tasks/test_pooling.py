"""Pooling: padding never counts, negative maxima survive, and rows without any real token stay finite."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from minbert.bert import BertOutput
from tasks.pooling import FIRST_ONLY, POOLINGS, masked_max, masked_mean

RULES = {"mean": masked_mean, "max": masked_max}


def seeded(*shape: int, seed: int = 5) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def ragged(lengths: list[int], width: int) -> torch.Tensor:
    return (torch.arange(width) < torch.tensor(lengths)[:, None]).long()  # (R, T)


@given(st.lists(st.integers(1, 7), min_size=1, max_size=5), st.integers(1, 5), st.integers(0, 99), st.sampled_from(sorted(RULES)))
def test_more_padding_changes_nothing_whatever_it_holds(lengths: list[int], extra: int, seed: int, rule: str) -> None:
    longest = max(lengths)
    hidden, mask = seeded(len(lengths), longest, 3, seed=seed), ragged(lengths, longest)
    garbage = torch.full((len(lengths), extra, 3), torch.inf, dtype=torch.float64)
    padded = RULES[rule](torch.cat([hidden, garbage], dim=1), ragged(lengths, longest + extra))
    torch.testing.assert_close(padded, RULES[rule](hidden, mask), atol=1e-14, rtol=0)


@given(st.lists(st.integers(1, 7), min_size=1, max_size=5), st.integers(0, 99))
def test_each_row_is_the_plain_mean_and_max_of_its_own_tokens(lengths: list[int], seed: int) -> None:
    hidden, mask = seeded(len(lengths), max(lengths), 3, seed=seed), ragged(lengths, max(lengths))
    rows = [row[:length] for row, length in zip(hidden, lengths)]
    torch.testing.assert_close(masked_mean(hidden, mask), torch.stack([row.mean(0) for row in rows]), atol=1e-14, rtol=0)
    assert torch.equal(masked_max(hidden, mask), torch.stack([row.max(0).values for row in rows]))


@pytest.mark.parametrize("rule", sorted(RULES))
def test_one_real_token_is_its_own_pool(rule: str) -> None:
    hidden = seeded(2, 5, 3)
    assert torch.equal(RULES[rule](hidden, ragged([1, 1], 5)), hidden[:, 0])


@pytest.mark.parametrize("rule", sorted(RULES))
def test_the_mask_may_hide_any_token_and_the_order_of_tokens_does_not_matter(rule: str) -> None:
    hidden, mask, order = seeded(1, 5, 3), torch.tensor([[1, 0, 1, 1, 0]]), torch.tensor([3, 0, 4, 2, 1])
    torch.testing.assert_close(RULES[rule](hidden[:, order], mask[:, order]), RULES[rule](hidden, mask), atol=1e-15, rtol=0)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_row_of_padding_gives_zeros_and_no_nan_gradient(rule: str) -> None:
    hidden = seeded(2, 5, 3).requires_grad_()
    pooled = RULES[rule](hidden, torch.tensor([[0, 0, 0, 0, 0], [1, 1, 0, 0, 0]]))
    pooled.sum().backward()
    assert pooled[0].eq(0).all() and hidden.grad.isfinite().all()
    assert hidden.grad[0].eq(0).all() and hidden.grad[1, 2:].eq(0).all() and hidden.grad[1].ne(0).any()


@pytest.mark.parametrize("rule", sorted(RULES))
def test_gradients_agree_with_finite_differences(rule: str) -> None:
    hidden = seeded(3, 5, 2).requires_grad_()
    assert torch.autograd.gradcheck(lambda states: RULES[rule](states, ragged([2, 5, 1], 5)), hidden)


def test_the_four_rules_read_the_right_tensor_and_only_two_of_them_need_the_first_row_alone() -> None:
    hidden, mask = seeded(3, 5, 2), ragged([5, 2, 3], 5)
    output = BertOutput(hidden, hidden[:, 0].tanh(), (), None)
    expected = {"pooler": hidden[:, 0].tanh(), "cls": hidden[:, 0], "mean": masked_mean(hidden, mask), "max": masked_max(hidden, mask)}
    assert sorted(expected) == sorted(POOLINGS)
    assert all(torch.equal(POOLINGS[name](output, mask), expected[name]) for name in POOLINGS)
    first = BertOutput(hidden[:, :1], hidden[:, 0].tanh(), (), None)
    alike = {name for name in POOLINGS if torch.allclose(POOLINGS[name](first, mask[:, :1]), expected[name])}
    assert alike == FIRST_ONLY
