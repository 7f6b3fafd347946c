"""Each sentence is tokenised once; pairs become two sequences or one; what was cut is counted."""

from __future__ import annotations

import pytest
import torch
from tasks_data import QUORA, SST, STS, WordTokenizer, encoded_lengths, split_of_lengths

from minbert.errors import UserError
from tasks.encoding import encode_split


def test_a_split_is_tokenised_in_one_call() -> None:
    tokenizer = WordTokenizer()
    encode_split(split_of_lengths([(3, 5), (2, 7), (1, 1)]), tokenizer, QUORA)
    assert tokenizer.calls == 1


def test_siamese_pairs_are_two_sequences_and_crossed_pairs_one() -> None:
    lengths = [(3, 5), (7, 2)]
    tokenizer, split = WordTokenizer(), split_of_lengths(lengths)
    siamese, cross = (encode_split(split, tokenizer, QUORA, pairs=pairs) for pairs in ("siamese", "cross"))
    for row, example in enumerate(split.examples):
        first, second = tokenizer.pieces(list(example.texts))
        assert siamese.sequences[row] == ([101, *first, 102], [101, *second, 102])
        assert siamese.token_types[row] == ([0] * (len(first) + 2), [0] * (len(second) + 2))
        assert cross.sequences[row] == ([101, *first, 102, *second, 102],)
        assert cross.token_types[row] == ([0] * (len(first) + 2) + [1] * (len(second) + 1),)
    assert siamese.lengths == (7, 9) and cross.lengths == (11, 12)
    assert siamese.ids == ("id0", "id1") and siamese.task == "quora" and len(cross) == 2


def test_single_sentences_are_alike_in_both_ways() -> None:
    one, other = encoded_lengths([(3,), (5,)], SST, "siamese"), encoded_lengths([(3,), (5,)], SST, "cross")
    assert (one.sequences, one.token_types, one.lengths) == (other.sequences, other.token_types, other.lengths)


@pytest.mark.parametrize(("pairs", "lengths", "truncated"), [
    ("siamese", [(11, 11), (12, 1), (1, 12), (13, 17)], 3),  # 11 words, [CLS] and [SEP] are just 13
    ("cross", [(5, 5), (6, 5), (9, 1), (1, 10)], 2),  # 10 words, [CLS] and two [SEP] are just 13
])
def test_only_examples_that_lost_tokens_are_counted_as_truncated(pairs: str, lengths: list[tuple[int, int]], truncated: int) -> None:
    encoded = encoded_lengths(lengths, QUORA, pairs, max_length=13)
    assert encoded.truncated == truncated and max(encoded.lengths) == 13


def test_classes_are_whole_numbers_and_other_labels_floats() -> None:
    assert encoded_lengths([(1,)] * 5, SST).labels.tolist() == [0, 1, 0, 1, 0] and encoded_lengths([(1,)], SST).labels.dtype == torch.int64
    assert encoded_lengths([(1, 1)], QUORA).labels.dtype == torch.float32
    assert encoded_lengths([(1, 1)] * 3, STS).labels.tolist() == [0.0, 0.5, 1.0]
    assert encode_split(split_of_lengths([(1,)]), WordTokenizer(), SST).labels is None


def test_an_unknown_way_to_show_pairs_is_told() -> None:
    with pytest.raises(UserError, match=r"pairs is 'crossed'; expected one of siamese, cross, joined, cross-attention \(did you mean 'cross'\?\)"):
        encoded_lengths([(1, 1)], QUORA, "crossed")
