"""Cross-embedding: each of the three readings against its definition, written out; pads, batch mates and order."""

from __future__ import annotations

import pytest
import torch
from minbert_small import SMALL, randomise, small_bert
from tasks_small import seeded, small_batch, small_model

from minbert.embedding_order import embed_then_join, rows_to_embed
from minbert.errors import UserError
from tasks.cross_embedding import CROSS_EMBEDDINGS, cross_embedding
from tasks.pairs import combine
from tasks.pooling import masked_mean

C, HEADS = SMALL.hidden_size, SMALL.num_attention_heads


def reading(name: str, pooling: str = "pooler") -> torch.nn.Module:
    return randomise(cross_embedding(name, C, HEADS, pooling, seeded()), seeded(7)).double().eval()


def test_joined_is_the_altered_embedding_order():
    bert, batch = small_bert(seeded()), small_batch("quora")
    ids, mask, types = rows_to_embed(batch.input_ids, batch.attention_mask)
    found = reading("joined")(bert.encode, bert.embed(ids, types), mask)
    one, other = batch.input_ids.chunk(2), batch.attention_mask.chunk(2)
    expected = bert.encode(*embed_then_join(bert, one[0], other[0], one[1], other[1])).pooler_output
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-12)


def test_features_are_what_the_siamese_model_reads():
    model, batch = small_model(pair_features="all"), small_batch("quora")
    embeddings = model.embed(batch)
    found = reading("features")(model.bert.encode, embeddings, batch.attention_mask)
    torch.testing.assert_close(found, model.features(batch, embeddings), rtol=0, atol=1e-12)


def test_attention_is_the_formula_word_by_word():
    bert, batch, module = small_bert(seeded()), small_batch("sts", size=2), reading("attention")
    mask = batch.attention_mask
    found = module(bert.encode, bert.embed(batch.input_ids), mask)
    states = bert.encode(bert.embed(batch.input_ids), mask).last_hidden_state
    look, width = module.look, C // HEADS
    for pair in range(2):
        a, b = (states[row][mask[row] == 1] for row in (pair, pair + 2))
        vectors = []
        for own, other in ((a, b), (b, a)):
            mixed = []
            for head in range(HEADS):
                part = slice(head * width, (head + 1) * width)
                q, k, v = look.query(own)[:, part], look.key(other)[:, part], look.value(other)[:, part]
                mixed.append((q @ k.T / width**0.5).softmax(-1) @ v)
            vectors.append((own + look.output(torch.cat(mixed, -1))).mean(0))
        torch.testing.assert_close(found[pair], combine(*vectors, "all"), rtol=0, atol=1e-12)


def test_attention_starts_as_the_mean_of_plain_siamese_states_and_can_learn():
    bert, batch, module = small_bert(seeded()), small_batch("sts"), cross_embedding("attention", C, HEADS, "pooler", seeded()).double()
    embeddings = bert.embed(batch.input_ids)
    means = masked_mean(bert.encode(embeddings, batch.attention_mask).last_hidden_state, batch.attention_mask)
    found = module(bert.encode, embeddings, batch.attention_mask)
    torch.testing.assert_close(found, combine(*means.chunk(2), "all"), rtol=0, atol=1e-12)
    found.square().sum().backward()
    assert module.look.output.weight.grad.abs().max() > 1e-3


@pytest.mark.parametrize("name", CROSS_EMBEDDINGS)
@pytest.mark.parametrize("pooling", ["pooler", "mean"])
def test_more_padding_and_other_batch_mates_change_nothing(name, pooling):
    bert, module = small_bert(seeded()), reading(name, pooling)
    tight, loose = small_batch("quora"), small_batch("quora", padding=5)
    found, padded = (module(bert.encode, bert.embed(each.input_ids), each.attention_mask) for each in (tight, loose))
    torch.testing.assert_close(found, padded, rtol=0, atol=1e-12)
    alone = module(bert.encode, bert.embed(tight.input_ids[[1, 6]]), tight.attention_mask[[1, 6]])
    torch.testing.assert_close(found[1], alone[0], rtol=0, atol=1e-12)
    assert found.shape == (5, module.features)


@pytest.mark.parametrize("name", ["features", "attention"])
def test_turning_a_pair_round_turns_its_vectors_round(name):
    """Both directions share their weights: [u; v; ...] becomes [v; u; ...] and the symmetric half stays."""
    bert, batch, module = small_bert(seeded()), small_batch("quora"), reading(name)
    turned = [torch.cat(each.chunk(2)[::-1]) for each in (batch.input_ids, batch.attention_mask)]
    u, v, *symmetric = module(bert.encode, bert.embed(batch.input_ids), batch.attention_mask).chunk(4, -1)
    other = module(bert.encode, bert.embed(turned[0]), turned[1])
    torch.testing.assert_close(other, torch.cat([v, u, *symmetric], -1), rtol=0, atol=1e-12)


def test_making_a_reading_moves_no_other_random_number():
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    first, again = (cross_embedding("attention", C, HEADS, "pooler", seeded()).state_dict() for _ in range(2))
    assert torch.equal(torch.rand(1), expected)
    assert all(torch.equal(first[key], again[key]) for key in first)


def test_what_does_not_exist_is_refused():
    with pytest.raises(UserError, match="cross-embedding is 'joint', expected one of joined, features, attention; did you mean 'joined'"):
        cross_embedding("joint", C, HEADS)
    with pytest.raises(UserError, match="width 15 cannot have 4 heads"):
        cross_embedding("attention", C, 4)
