"""Embedding order: joined after embedding equals the standard order with positions counted afresh, whatever the padding in the middle."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from minbert_small import SMALL, small_bert
from torch import Tensor

from minbert.bert import Bert
from minbert.embedding_order import SECOND_CLS, TYPES, close_up, embed_then_join, halves, join, join_rows, rows_to_embed
from minbert.errors import UserError
from minbert.side_by_side import SideBySide

CLS, SEP = 2, 3
LENGTHS = st.lists(st.tuples(st.integers(3, 11), st.integers(3, 13)), min_size=1, max_size=5)


def bert_of(seed: int = 5) -> Bert:
    return small_bert(torch.Generator().manual_seed(seed))


def sentences(lengths: list[int], seed: int, padding: int = 0) -> tuple[Tensor, Tensor]:
    """[CLS] words [SEP] of these lengths, padded with random ids, and their mask."""
    width, generator = max(lengths) + padding, torch.Generator().manual_seed(seed)
    ids = torch.randint(4, SMALL.vocab_size, (len(lengths), width), generator=generator)
    for row, length in enumerate(lengths):
        ids[row, 0], ids[row, length - 1] = CLS, SEP
    return ids, (torch.arange(width) < torch.tensor(lengths)[:, None]).long()


def standard(bert: Bert, first: Tensor, second: Tensor, types: str, second_cls: str) -> Tensor:
    """The pooled vector of one unpadded pair in the standard order, with positions counted afresh for b."""
    second = second if second_cls == "kept" else second[1:]
    ids = torch.cat([first, second])[None]
    positions = torch.cat([torch.arange(len(first)), torch.arange(len(second))])
    segments = torch.cat([torch.zeros_like(first), torch.full_like(second, int(types == "segments"))])[None]
    return bert(ids, token_type_ids=segments, position_ids=positions).pooler_output[0]


@settings(max_examples=20, deadline=None)
@given(LENGTHS, st.sampled_from(TYPES), st.sampled_from(SECOND_CLS), st.integers(0, 7), st.integers(0, 999))
def test_joined_after_embedding_equals_the_standard_order_with_positions_counted_afresh(lengths, types, second_cls, padding, seed):
    bert, ones, others = bert_of(), [a for a, _ in lengths], [b for _, b in lengths]
    first, first_mask = sentences(ones, seed, padding)
    second, second_mask = sentences(others, seed + 1, padding)
    joined = embed_then_join(bert, first, first_mask, second, second_mask, types, second_cls)
    pooled, closed = bert.encode(*joined).pooler_output, bert.encode(*close_up(joined)).pooler_output
    for row, (a, b) in enumerate(lengths):  # alone and unpadded: so no row saw its own pads, or its batch mates
        expected = standard(bert, first[row, :a], second[row, :b], types, second_cls)
        torch.testing.assert_close(pooled[row], expected, rtol=0, atol=1e-12)
        torch.testing.assert_close(closed[row], expected, rtol=0, atol=1e-12)


def test_the_joined_embeddings_are_those_of_the_standard_order_bit_for_bit():
    bert = bert_of()
    (first, first_mask), (second, second_mask) = sentences([7, 7], 1), sentences([5, 5], 2)
    joined = embed_then_join(bert, first, first_mask, second, second_mask)
    positions, segments = torch.cat([torch.arange(7), torch.arange(5)]), torch.tensor([[0] * 7 + [1] * 5] * 2)
    assert torch.equal(joined.embeddings, bert.embed(torch.cat([first, second], 1), segments, positions))


def test_a_mask_made_from_the_lengths_alone_would_read_pads_and_lose_words():
    bert = bert_of()
    (first, first_mask), (second, second_mask) = sentences([4, 9], 1), sentences([8, 5], 2)
    joined = embed_then_join(bert, first, first_mask, second, second_mask)
    lengths = joined.attention_mask.sum(1)
    trap = (torch.arange(joined.attention_mask.size(1)) < lengths[:, None]).long()
    right, wrong = (bert.encode(joined.embeddings, mask).pooler_output[0] for mask in (joined.attention_mask, trap))
    expected = standard(bert, first[0, :4], second[0, :8], "segments", "kept")
    torch.testing.assert_close(right, expected, rtol=0, atol=1e-12)
    assert (wrong - expected).abs().max() > 1e-3


def test_nothing_but_the_place_of_pads_differs_after_closing_up():
    (first, first_mask), (second, second_mask) = sentences([4, 9], 1, padding=3), sentences([8, 5], 2, padding=2)
    joined = embed_then_join(bert_of(), first, first_mask, second, second_mask)
    closed = close_up(joined)
    assert closed.attention_mask.tolist() == [[1] * 12 + [0] * 2, [1] * 14]
    for row in range(2):
        assert torch.equal(closed.embeddings[row][closed.attention_mask[row] == 1], joined.embeddings[row][joined.attention_mask[row] == 1])


def test_a_pair_may_be_longer_than_the_table_of_positions():
    bert, long = bert_of(), SMALL.max_position_embeddings
    (first, first_mask), (second, second_mask) = sentences([long], 1), sentences([long], 2)
    joined = embed_then_join(bert, first, first_mask, second, second_mask)
    assert joined.embeddings.shape == (1, 2 * long, SMALL.hidden_size)
    assert bert.encode(*joined).pooler_output.isfinite().all()
    with pytest.raises(UserError, match="longer than the 37 positions"):
        bert(torch.cat([first, second], 1))


def test_without_segments_attention_cannot_tell_whose_token_it_reads():
    """Token i of a and token i of b then trade places freely; with segments they do not."""
    bert = bert_of()
    (first, first_mask), (second, second_mask) = sentences([7], 1), sentences([7], 2)
    mixed_a, mixed_b = first.clone(), second.clone()
    mixed_a[:, 3], mixed_b[:, 3] = second[:, 3], first[:, 3]
    gaps = {}
    for types in TYPES:
        plain = bert.encode(*embed_then_join(bert, first, first_mask, second, second_mask, types)).pooler_output
        mixed = bert.encode(*embed_then_join(bert, mixed_a, first_mask, mixed_b, second_mask, types)).pooler_output
        gaps[types] = (plain - mixed).abs().max().item()
    assert gaps["zeros"] < 1e-12 and gaps["segments"] > 1e-3


@pytest.mark.parametrize("types", TYPES)
@pytest.mark.parametrize("second_cls", SECOND_CLS)
def test_the_rows_of_a_siamese_batch_join_to_the_same_pairs(types, second_cls):
    bert = bert_of()
    ids, mask = sentences([5, 3, 9, 9, 7, 4], 3)  # three firsts, three seconds; one second sentence as long as the batch
    (first, second), (first_mask, second_mask) = halves(ids), halves(mask)
    expected = bert.encode(*embed_then_join(bert, first, first_mask, second, second_mask, types, second_cls)).pooler_output
    row_ids, row_mask, row_types = rows_to_embed(ids, mask, types, second_cls)
    assert row_ids.shape == row_mask.shape == row_types.shape == ids.shape
    found = bert.encode(*join_rows(bert.embed(row_ids, row_types), row_mask)).pooler_output
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-12)


def test_the_given_rows_stay_as_they_were():
    ids, mask = sentences([5, 3, 9, 6], 3)
    before = ids.clone(), mask.clone()
    rows_to_embed(ids, mask, second_cls="dropped")
    assert torch.equal(ids, before[0]) and torch.equal(mask, before[1])


def test_encoders_side_by_side_and_gradients_take_the_same_way():
    own, other = bert_of(5), bert_of(6)
    (first, first_mask), (second, second_mask) = sentences([4, 6], 1), sentences([5, 3], 2)
    both = SideBySide((own, other))
    pooled = both.encode(*embed_then_join(both, first, first_mask, second, second_mask)).pooler_output
    alone = [bert.encode(*embed_then_join(bert, first, first_mask, second, second_mask)).pooler_output for bert in (own, other)]
    torch.testing.assert_close(pooled, torch.cat(alone, -1), rtol=0, atol=1e-12)
    pooled.sum().backward()
    used = own.embeddings.position.weight.grad.abs().sum(1) > 0
    assert used.nonzero().flatten().tolist() == list(range(6))  # positions 0..5 serve both sentences, none beyond


@pytest.mark.parametrize(("change", "message"), [
    ({"types": "segment"}, "types is 'segment', expected one of segments, zeros; did you mean 'segments'"),
    ({"second_cls": "none"}, "second_cls is 'none', expected one of kept, dropped"),
])
def test_unknown_words_are_refused(change, message):
    ids, mask = sentences([5, 4], 3)
    with pytest.raises(UserError, match=message):
        embed_then_join(bert_of(), ids, mask, ids, mask, **change)
    with pytest.raises(UserError, match=message):
        rows_to_embed(ids, mask, **change)


def test_rows_that_make_no_pairs_are_refused():
    ids, mask = sentences([5, 4, 3], 3)
    with pytest.raises(UserError, match="has 3 rows, expected an even number"):
        rows_to_embed(ids, mask)
    with pytest.raises(UserError, match="3 first sentences and 2 second ones"):
        embed_then_join(bert_of(), ids, mask, ids[:2], mask[:2])


def test_join_keeps_each_sentence_s_own_mask():
    first, second = torch.zeros(2, 3, 1), torch.ones(2, 2, 1)
    joined = join(first, torch.tensor([[1, 1, 0], [1, 0, 0]]), second, torch.tensor([[1, 0], [1, 1]]))
    assert joined.attention_mask.tolist() == [[1, 1, 0, 1, 0], [1, 0, 0, 1, 1]]
    assert joined.embeddings[..., 0].tolist() == [[0, 0, 0, 1, 1]] * 2
