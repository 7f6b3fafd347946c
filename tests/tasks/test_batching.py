"""Batches hold every example once; grouping by length saves padding; a batch is the examples and nothing else."""

from __future__ import annotations

import itertools

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tasks_data import QUORA, encoded_lengths

from minbert.errors import UserError
from tasks.batching import collate, length_grouped_batches, padding_ratio


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@given(st.lists(st.integers(1, 97), min_size=1, max_size=211), st.integers(1, 13), st.integers(1, 7), st.integers(0, 2**31))
def test_every_example_is_in_one_batch_and_at_most_one_batch_is_small(lengths: list[int], batch_size: int, window: int, seed: int) -> None:
    batches = length_grouped_batches(lengths, batch_size, window, seeded(seed))
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    sizes = sorted(map(len, batches))
    assert len(batches) == -(-len(lengths) // batch_size) and set(sizes[1:]) <= {batch_size} and sizes[0] >= 1
    assert batches == length_grouped_batches(lengths, batch_size, window, seeded(seed))


@given(st.lists(st.integers(1, 97), min_size=2, max_size=101), st.integers(1, 11), st.integers(0, 2**31))
def test_one_window_over_everything_is_a_full_sort_cut_into_batches(lengths: list[int], batch_size: int, seed: int) -> None:
    batches = length_grouped_batches(lengths, batch_size, len(lengths), seeded(seed))
    spans = sorted((min(lengths[index] for index in batch), max(lengths[index] for index in batch)) for batch in batches)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


def test_window_one_does_not_look_at_lengths() -> None:
    rising, falling = list(range(1, 54)), list(range(53, 0, -1))
    one, other = (length_grouped_batches(lengths, 7, 1, seeded(5)) for lengths in (rising, falling))
    assert [set(batch) for batch in one] == [set(batch) for batch in other]


def test_batches_do_not_come_in_order_of_length() -> None:
    lengths = [1 + row % 29 for row in range(1009)]
    means = [sum(lengths[index] for index in batch) / len(batch) for batch in length_grouped_batches(lengths, 7, 11, seeded(2))]
    rising = sum(before < after for before, after in itertools.pairwise(means)) / (len(means) - 1)
    assert 0.4 < rising < 0.6  # 0.5 for a shuffled order, 0 or near 1 for a sorted one


def test_grouping_by_length_saves_the_padding_of_random_batches() -> None:
    encoded = encoded_lengths([(1 + (row * row) % 41,) for row in range(1201)])
    random, grouped = (padding_ratio(encoded, length_grouped_batches(encoded.lengths, 8, window, seeded(3))) for window in (1, 50))
    assert random > 1.5 and 1.0 <= grouped < 1.05


def test_padding_ratio_by_hand() -> None:
    """Lengths with [CLS] and [SEP]: 3, 5, 4. Batches {0, 1} and {2}: computed 2 * 5 + 4 = 14, meant 12. A pair of 3 and 6 makes 12 of 9."""
    assert padding_ratio(encoded_lengths([(1,), (3,), (2,)]), [[0, 1], [2]]) == 14 / 12
    assert padding_ratio(encoded_lengths([(1, 4)], QUORA), [[0]]) == 12 / 9


def test_a_batch_holds_its_examples_and_masks_the_rest() -> None:
    encoded = encoded_lengths([(3,), (7,), (5,), (2,)])
    batch = collate(encoded, [2, 0, 3])
    assert batch.input_ids.shape == (3, 7) and batch.size == 3  # the longest of the batch, not of the split
    for row, index in enumerate((2, 0, 3)):
        ids, mask = batch.input_ids[row], batch.attention_mask[row].bool()
        assert ids[mask].tolist() == encoded.sequences[index][0] and ids[~mask].unique().tolist() in ([], [encoded.pad_id])
        assert mask.tolist() == sorted(mask.tolist(), reverse=True)
    assert batch.labels.tolist() == [encoded.labels[index] for index in (2, 0, 3)]
    assert batch.ids == ("id2", "id0", "id3") and batch.indices == (2, 0, 3) and batch.task == "sst"


def test_siamese_batches_hold_all_firsts_above_all_seconds() -> None:
    encoded = encoded_lengths([(3, 7), (5, 1), (2, 2)], QUORA)
    batch = collate(encoded, [1, 2])
    rows = [ids[mask.bool()].tolist() for ids, mask in zip(batch.input_ids, batch.attention_mask)]
    assert rows == [encoded.sequences[index][part] for part in (0, 1) for index in (1, 2)]
    assert batch.size == 2 and len(batch.labels) == 2 and batch.input_ids.dtype == torch.int64


def test_crossed_batches_keep_their_token_types() -> None:
    encoded = encoded_lengths([(3, 7), (5, 1)], QUORA, "cross")
    batch = collate(encoded, [0, 1])
    for row in (0, 1):
        kept = batch.token_type_ids[row][batch.attention_mask[row].bool()].tolist()
        assert kept == encoded.token_types[row][0] and 1 in kept


def test_a_batch_moves_as_a_whole() -> None:
    moved = collate(encoded_lengths([(3,), (7,)]), [0, 1], "meta")
    tensors = (moved.input_ids, moved.attention_mask, moved.token_type_ids, moved.labels)
    assert {tensor.device.type for tensor in tensors} == {"meta"} and moved.ids == ("id0", "id1")


@pytest.mark.parametrize(("batch_size", "window"), [(0, 50), (8, 0), (-1, 1)])
def test_sizes_below_one_are_refused(batch_size: int, window: int) -> None:
    with pytest.raises(UserError, match=f"batch_size is {batch_size} and window is {window}; both must be 1 or more"):
        length_grouped_batches([3, 5], batch_size, window, seeded(0))
