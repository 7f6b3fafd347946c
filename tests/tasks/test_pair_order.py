"""Pairs read in either order: one coin an example and epoch, segments that follow the texts, and scores that do not depend on the order."""

from __future__ import annotations

import torch
from tasks_data import QUORA, STS, WordTokenizer, encoded_lengths, split_of_lengths
from tasks_small import small_batch, small_model

from tasks.batching import collate
from tasks.encoding import encode_split
from tasks.evaluate import evaluate
from tasks.streams import BatchStream

LENGTHS = [(2, 5), (3, 1), (4, 4), (1, 6), (5, 2), (3, 3), (2, 2)]


def both(task=STS):
    return encoded_lengths(LENGTHS, task, pairs="cross", both_orders=True)


def test_the_other_order_holds_the_same_pieces_with_segment_one_on_the_other_text():
    encoded = both()
    for one, other, types in zip(encoded.sequences, encoded.swapped.sequences, encoded.swapped.token_types):
        first, second = _texts(one[0]), _texts(other[0])
        assert sorted(one[0]) == sorted(other[0]) and first == second[::-1]
        assert types[0] == [0] * (len(first[1]) + 2) + [1] * (len(first[0]) + 1)


def _texts(ids: list[int]) -> list[list[int]]:
    ends = [place for place, each in enumerate(ids) if each == 102]
    return [ids[1 : ends[0]], ids[ends[0] + 1 : ends[1]]]


def test_a_long_pair_keeps_both_separators_in_both_orders():
    encoded = encode_split(split_of_lengths([(20, 30)], [1.0]), WordTokenizer(), STS, 16, "cross", both_orders=True)
    assert all(row[0].count(102) == 2 and len(row[0]) == 16 for each in (encoded, encoded.swapped) for row in each.sequences)


def test_only_crossed_pairs_have_a_second_order():
    assert encoded_lengths([(3,)], pairs="cross", both_orders=True).swapped is None
    assert encoded_lengths(LENGTHS, QUORA, pairs="siamese", both_orders=True).swapped is None and encoded_lengths(LENGTHS, QUORA, pairs="cross").swapped is None


def orders(stream: BatchStream, encoded) -> dict[int, bool]:
    """Example -> whether it was turned, over one epoch."""
    seen = {}
    for _ in range(stream.batches_per_epoch):
        batch = next(stream)
        for row, index in enumerate(batch.indices):
            ids = batch.input_ids[row][batch.attention_mask[row].bool()].tolist()
            straight, turned = ids == encoded.sequences[index][0], ids == encoded.swapped.sequences[index][0]
            assert straight or turned
            assert index not in seen
            seen[index] = turned and not straight
    return seen


def test_every_epoch_throws_one_coin_an_example():
    encoded = both()
    stream = BatchStream(encoded, 3, 2, 5)
    epochs = [orders(stream, encoded) for _ in range(40)]
    assert all(len(epoch) == len(LENGTHS) for epoch in epochs)
    turned = [sum(epoch[index] for epoch in epochs) for index in range(len(LENGTHS))]
    assert all(8 <= count <= 32 for count in turned) and len({tuple(sorted(epoch.items())) for epoch in epochs}) > 20


def test_a_stream_of_one_order_draws_what_it_drew_before():
    plain, again = BatchStream(encoded_lengths(LENGTHS, STS, pairs="cross"), 3, 2, 5), BatchStream(encoded_lengths(LENGTHS, STS, pairs="cross"), 3, 2, 5)
    assert [next(plain).indices for _ in range(9)] == [next(again).indices for _ in range(9)]


def test_a_stream_goes_on_in_the_middle_with_the_same_orders():
    encoded = both()
    stream, twin = BatchStream(encoded, 3, 2, 5), BatchStream(encoded, 3, 2, 6)
    for _ in range(4):
        next(stream)
    twin.load_state_dict(stream.state_dict())
    assert all(torch.equal(next(stream).input_ids, next(twin).input_ids) for _ in range(7))


def test_the_averaged_score_is_the_same_for_both_orders():
    encoded = both()
    model = small_model(pairs="cross")
    ids = lambda each: tuple(tuple([number % 20 + 1 for number in row] for row in rows) for rows in each.sequences)
    from dataclasses import replace

    swapped = replace(encoded.swapped, sequences=ids(encoded.swapped))
    straight = replace(encoded, sequences=ids(encoded), swapped=swapped)
    turned = replace(swapped, swapped=replace(straight, swapped=None))
    assert torch.equal(evaluate(model, straight, STS).logits, evaluate(model, turned, STS).logits)
    assert not torch.allclose(evaluate(model, replace(straight, swapped=None), STS).logits, evaluate(model, swapped, STS).logits)


def test_a_batch_in_its_usual_order_is_what_it_was():
    encoded = both()
    assert torch.equal(collate(encoded, [0, 3]).input_ids, collate(encoded, [0, 3], swapped=[False, False]).input_ids)
    assert small_batch("sts").size == 5
