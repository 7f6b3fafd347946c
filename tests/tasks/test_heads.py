"""Heads: first scores near zero, one-number heads give one number per example, and nothing but their own generator moves."""

from __future__ import annotations

import math

import pytest
import torch

from tasks.heads import LinearHead
from tasks.losses import task_loss


def test_the_sentiment_head_of_bert_base_has_3845_numbers() -> None:
    assert sum(weight.numel() for weight in LinearHead(768, 5).parameters()) == 5 * 768 + 5 == 3845


def test_a_fresh_five_class_head_is_as_unsure_as_a_die(generator: torch.Generator) -> None:
    head = LinearHead(128, 5, generator=generator).eval()
    pooled = torch.randn(499, 128, generator=generator).tanh()
    labels = torch.randint(5, (499,), generator=generator)
    assert task_loss("classes", head(pooled), labels).item() == pytest.approx(math.log(5), abs=0.05)


def test_a_head_computes_the_formula(generator: torch.Generator) -> None:
    head = LinearHead(7, 3, dropout=0.5, generator=generator).double().eval()
    features = torch.randn(5, 7, generator=generator, dtype=torch.float64)
    expected = torch.einsum("bf,kf->bk", features, head.linear.weight) + head.linear.bias
    torch.testing.assert_close(head(features), expected, atol=1e-14, rtol=0)


@pytest.mark.parametrize("batch", [1, 2, 7])
def test_one_score_loses_its_axis_and_the_batch_never_does(batch: int, generator: torch.Generator) -> None:
    features = torch.randn(batch, 11, generator=generator)
    one, five = LinearHead(11, 1, 0.0, generator), LinearHead(11, 5, 0.0, generator)
    assert one(features).shape == (batch,) and five(features).shape == (batch, 5)
    torch.testing.assert_close(one(features), one.linear(features)[:, 0], atol=0, rtol=0)


def test_weights_follow_the_generator_and_leave_the_global_one_alone() -> None:
    before = torch.get_rng_state()
    heads = [LinearHead(13, 5, generator=torch.Generator().manual_seed(seed)) for seed in (3, 3, 4)]
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(heads[0].linear.weight, heads[1].linear.weight)
    assert not torch.equal(heads[0].linear.weight, heads[2].linear.weight)


def test_first_weights_spread_as_those_of_bert(generator: torch.Generator) -> None:
    head = LinearHead(769, 101, generator=generator)
    assert head.linear.weight.std().item() == pytest.approx(0.02, rel=0.02)
    assert head.linear.bias.eq(0).all()


def test_dropout_is_on_in_train_mode_before_the_linear_map_and_off_in_eval_mode(generator: torch.Generator) -> None:
    head = LinearHead(512, 1, 0.3, generator)
    with torch.no_grad():
        head.linear.weight.fill_(1.0)
    kept = head(torch.ones(211, 512)) / 512  # each row: the mean of its kept inputs, scaled by 1 / 0.7
    assert head.training and kept.std() > 0.01 and kept.mean().item() == pytest.approx(1, abs=0.01)
    assert torch.equal(head.eval()(torch.ones(2, 512)), torch.full((2,), 512.0))
