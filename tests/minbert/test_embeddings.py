"""Embeddings: the sum of three tables, normalised, then dropped; each table shows its absence."""

from __future__ import annotations

import re

import pytest
import torch
import torch.nn.functional as F
from minbert_small import SMALL, inputs, randomise

from minbert.embeddings import Embeddings
from minbert.errors import UserError


@pytest.fixture
def embeddings(generator):
    return randomise(Embeddings(SMALL), generator).double().eval()


def test_sum_of_three_tables_then_norm(embeddings, generator):
    ids, _, types = inputs(generator)
    summed = embeddings.word.weight[ids] + embeddings.position.weight[: ids.size(1)] + embeddings.token_type.weight[types]
    expected = F.layer_norm(summed, (15,), embeddings.norm.weight, embeddings.norm.bias, 1e-12)
    torch.testing.assert_close(embeddings(ids, types), expected, rtol=0, atol=1e-13)


def test_norm_divides_by_the_biased_variance(embeddings, generator):
    """Mean 0 and variance 1 (dividing by C, not C - 1) before gain and shift."""
    ids, _, _ = inputs(generator)
    plain = (embeddings(ids) - embeddings.norm.bias) / embeddings.norm.weight
    torch.testing.assert_close(plain.var(-1, unbiased=False), torch.ones(ids.shape, dtype=torch.float64))
    assert plain.mean(-1).abs().max() < 1e-12


def test_segment_zero_is_the_default_and_is_added(embeddings, generator):
    ids, _, _ = inputs(generator)
    torch.testing.assert_close(embeddings(ids), embeddings(ids, torch.zeros_like(ids)), rtol=0, atol=0)
    before = embeddings(ids)
    with torch.no_grad():
        embeddings.token_type.weight[0, 0] += 1.0
    assert not torch.allclose(embeddings(ids), before)


def test_positions_count_from_zero(embeddings, generator):
    ids, _, _ = inputs(generator)
    torch.testing.assert_close(embeddings(ids), embeddings(ids, None, torch.arange(ids.size(1))), rtol=0, atol=0)


def test_permuting_tokens_with_their_positions_permutes_the_embeddings(embeddings, generator):
    ids, _, types = inputs(generator)
    order = torch.randperm(ids.size(1), generator=generator)
    permuted = embeddings(ids[:, order], types[:, order], order.expand(ids.shape))
    torch.testing.assert_close(permuted, embeddings(ids, types)[:, order], rtol=0, atol=1e-14)


def test_dropout_comes_last_and_only_in_train_mode(embeddings, generator):
    """Dropped numbers are exact zeros of the output, which a dropout before the norm could not leave."""
    ids, _, _ = inputs(generator)
    embeddings.dropout.p = 0.5
    whole = embeddings.normalised(ids)
    dropped = embeddings.train()(ids)
    kept = dropped != 0
    assert 0.3 < kept.double().mean() < 0.7
    torch.testing.assert_close(dropped[kept], 2 * whole[kept], rtol=0, atol=1e-13)
    torch.testing.assert_close(embeddings.eval()(ids), whole, rtol=0, atol=0)


def test_the_pad_row_still_learns(embeddings):
    embeddings(torch.zeros(1, 2, dtype=torch.long)).square().sum().backward()
    assert embeddings.word.weight.grad[0].abs().max() > 0


def test_a_sequence_longer_than_the_positions_is_refused_in_a_sentence(embeddings):
    embeddings(torch.ones(1, 37, dtype=torch.long))
    with pytest.raises(UserError, match="a sequence of 38 tokens is longer than the 37 positions"):
        embeddings(torch.ones(1, 38, dtype=torch.long))


@pytest.mark.parametrize("ids", [torch.ones(2, 3), torch.ones(3, dtype=torch.long)])
def test_ids_of_the_wrong_kind_are_refused_in_a_sentence(embeddings, ids):
    with pytest.raises(UserError, match=r"expected whole numbers \(int64\) of shape \(B, T\)"):
        embeddings(ids)


@pytest.mark.parametrize(
    ("stray", "sentence"),
    [
        ({"input_ids": [[5, 101]]}, "input_ids holds 101, expected 0 to 100; do tokenizer and model belong together?"),
        ({"input_ids": [[5, -1]]}, "input_ids holds -1, expected 0 to 100"),
        ({"input_ids": [[5, 7]], "token_type_ids": [[0, 2]]}, "token_type_ids holds 2, expected 0 to 1"),
        ({"input_ids": [[5, 7]], "position_ids": [0, 37]}, "position_ids holds 37, expected 0 to 36"),
    ],
)
def test_an_id_without_a_row_is_named_with_its_table(embeddings, stray, sentence):
    with pytest.raises(UserError, match=re.escape(sentence)):
        embeddings(**{name: torch.tensor(ids) for name, ids in stray.items()})
