"""Masks for masked language modelling: how often, where never, and who decides."""

from __future__ import annotations

import pytest
import torch

from minbert.errors import UserError
from minbert.tokenizer import Tokenizer
from tasks.masking import CHOOSERS, Masked, MaskSettings, mask_words, special_ids, static_masks

TINY = Tokenizer.from_pretrained("tiny")
SPECIAL = torch.tensor(special_ids(TINY))


def texts(generator: torch.Generator, rows: int, words: int, ragged: bool = True) -> torch.Tensor:
    """[CLS] words [SEP] [PAD] ..., (rows, words + 2)."""
    ids = torch.randint(104, TINY.vocab_size, (rows, words + 2), generator=generator)
    lengths = torch.randint(1, words + 1, (rows,), generator=generator) if ragged else torch.full((rows,), words)
    place = torch.arange(words + 2)
    ids = ids.masked_fill(place == lengths[:, None] + 1, TINY.sep_id).masked_fill(place > lengths[:, None] + 1, TINY.pad_id)
    ids[:, 0] = TINY.cls_id
    return ids


def words_of(ids: torch.Tensor) -> torch.Tensor:
    return ~torch.isin(ids, SPECIAL)


def same(one: Masked, other: Masked) -> bool:
    return torch.equal(one.input_ids, other.input_ids) and torch.equal(one.labels, other.labels)


def rates(ids: torch.Tensor, masked: Masked) -> list[float]:
    """Shares of the words that became [MASK], became another word, and are targets though they stayed."""
    chosen, total = masked.labels != -100, words_of(ids).sum()
    hidden, stayed = masked.input_ids == TINY.mask_id, masked.input_ids == ids
    return [(each & chosen).sum().item() / total.item() for each in (hidden, ~hidden & ~stayed, stayed)]


def test_words_are_masked_replaced_and_kept_at_12_and_one_and_a_half_percent_twice(generator):
    ids = texts(generator, 1009, 211, ragged=False)
    total, lucky = 1009 * 211, 0.015 / (TINY.vocab_size - len(SPECIAL))  # a random word may be the one that stood there
    for found, expected in zip(rates(ids, mask_words(ids, TINY, generator)), (0.12, 0.015 - lucky, 0.015 + lucky)):
        assert abs(found - expected) < 5 * (expected * (1 - expected) / total) ** 0.5  # five standard deviations of a binomial


@pytest.mark.parametrize("choose", CHOOSERS)
def test_special_tokens_and_padding_are_never_chosen_and_nothing_else_changes(choose, generator):
    ids = texts(generator, 307, 23)
    ids[::5, 1] = TINY.unk_id
    masked = mask_words(ids, TINY, generator, MaskSettings(rate=0.9, choose=choose, most=10**6))
    chosen = masked.labels != -100
    assert not chosen[~words_of(ids)].any() and chosen.sum() > 0.7 * words_of(ids).sum()
    assert torch.equal(masked.input_ids[~chosen], ids[~chosen]) and torch.equal(masked.labels[chosen], ids[chosen])
    written = masked.input_ids[chosen]
    assert not torch.isin(written[written != TINY.mask_id], SPECIAL).any()


@pytest.mark.parametrize("choose", CHOOSERS)
def test_every_text_with_a_word_has_a_target_and_one_without_has_none(choose, generator):
    ids = texts(generator, 503, 3)
    ids[7] = torch.tensor([TINY.cls_id, TINY.sep_id, TINY.pad_id, TINY.pad_id, TINY.pad_id])
    targets = (mask_words(ids, TINY, generator, MaskSettings(choose=choose)).labels != -100).sum(1)
    assert targets[7] == 0 and targets[:7].min() > 0 and targets[8:].min() > 0


def test_by_count_takes_the_rounded_share_of_the_length_and_twenty_at_most(generator):
    for words, expected in ((2, 1), (11, 2), (38, 6), (211, 20)):  # round(.15 * 4) = 1, .15 * 13 = 1.95, .15 * 40 = 6, and the cap
        ids = texts(generator, 13, words, ragged=False)
        masked = mask_words(ids, TINY, generator, MaskSettings(choose="count"))
        assert ((masked.labels != -100).sum(1) == expected).all(), words


def test_shares_of_one_and_zero_are_exact(generator):
    ids = texts(generator, 17, 19)
    assert rates(ids, mask_words(ids, TINY, generator, MaskSettings(rate=1.0, masked=1.0, replaced=0.0))) == [1.0, 0.0, 0.0]
    assert rates(ids, mask_words(ids, TINY, generator, MaskSettings(rate=1.0, masked=0.0, replaced=0.0))) == [0.0, 0.0, 1.0]


def test_random_words_come_from_the_whole_vocabulary_but_the_special_tokens(generator):
    ids = texts(generator, 401, 97)
    seen = set(mask_words(ids, TINY, generator, MaskSettings(rate=1.0, masked=0.0, replaced=1.0)).input_ids[words_of(ids)].tolist())
    assert seen == set(range(TINY.vocab_size)) - set(SPECIAL.tolist())


def test_masks_depend_on_the_generator_alone_and_dynamic_ones_change(generator):
    ids, start = texts(generator, 31, 29), generator.get_state()
    one, other = mask_words(ids, TINY, generator), mask_words(ids, TINY, generator)
    generator.set_state(start)
    torch.manual_seed(99)
    again = mask_words(ids, TINY, generator)
    assert same(one, again) and not same(one, other)


def test_the_text_that_was_given_is_left_alone(generator):
    ids = texts(generator, 5, 7)
    before = ids.clone()
    mask_words(ids, TINY, generator)
    static_masks(ids, range(5), 0, TINY, 1)
    assert torch.equal(ids, before)


def test_static_masks_come_round_after_their_copies_and_belong_to_the_text_not_to_the_batch(generator):
    ids = texts(generator, 11, 43)
    by_epoch = [static_masks(ids, range(11), epoch, TINY, 7, MaskSettings(copies=3)) for epoch in range(7)]
    assert same(by_epoch[0], by_epoch[3]) and same(by_epoch[1], by_epoch[4]) and same(by_epoch[0], by_epoch[6])
    assert not same(by_epoch[0], by_epoch[1]) and not same(by_epoch[1], by_epoch[2]) and not same(by_epoch[0], by_epoch[2])
    order = [4, 9, 2]
    wider = torch.cat([ids[order], torch.full((3, 5), TINY.pad_id)], 1)  # other neighbours, more padding
    alone = static_masks(wider, order, 0, TINY, 7)
    assert torch.equal(alone.input_ids[:, :-5], by_epoch[0].input_ids[order]) and torch.equal(alone.labels[:, :-5], by_epoch[0].labels[order])
    assert (alone.labels[:, -5:] == -100).all() and (alone.input_ids[:, -5:] == TINY.pad_id).all()
    assert not same(by_epoch[0], static_masks(ids, range(11), 0, TINY, 8))


def test_equal_texts_at_two_places_have_masks_of_their_own(generator):
    ids = texts(generator, 1, 43, ragged=False).expand(2, -1)
    masked = static_masks(ids, [0, 1], 0, TINY, 7)
    assert not torch.equal(masked.labels[0], masked.labels[1])


@pytest.mark.parametrize(("settings", "words"), [
    ({"rate": 0.0}, r"rate=0\.0.*expected a rate above 0"), ({"rate": 1.5}, r"rate=1\.5"), ({"masked": 0.95}, "whose sum is at most 1"),
    ({"replaced": -0.1}, "shares from 0"), ({"choose": "all"}, "choose to be one of each, count"), ({"copies": 0}, "at least 1 for most and for copies"),
    ({"most": 0}, "at least 1 for most"), ({"rate": float("nan")}, "rate=nan"),
])
def test_settings_that_cannot_work_are_told(settings, words):
    with pytest.raises(UserError, match=words):
        MaskSettings(**settings)
