"""The embeddings cut at a point: going up to it and onward from it is the whole, and what is deterministic stays so."""

from __future__ import annotations

import pytest
import torch
from minbert_small import SMALL, small_bert

from minbert.entry_points import POINTS, onward, places, up_to
from minbert.errors import UserError

IDS = torch.randint(1, SMALL.vocab_size, (2, 7), generator=torch.Generator().manual_seed(1))
TYPES = torch.tensor([[0, 0, 0, 1, 1, 1, 1], [0, 1, 1, 1, 0, 0, 0]])


def embeddings(training: bool = False):
    return small_bert(torch.Generator().manual_seed(2), SMALL).embeddings.train(training)


@pytest.mark.parametrize("types", [None, TYPES])
@pytest.mark.parametrize("point", POINTS)
def test_up_to_a_point_and_onward_is_the_whole(point, types):
    module = embeddings()
    assert torch.allclose(onward(module, point, up_to(module, point, IDS, types), IDS, types), module(IDS, types), rtol=0, atol=1e-6)


def test_every_point_but_the_last_is_deterministic_while_training():
    module = embeddings(training=True)
    module.dropout.p = 0.5
    for point in POINTS:
        same = torch.equal(up_to(module, point, IDS), up_to(module, point, IDS))
        assert same == (point != "output"), point


def test_words_alone_know_nothing_of_their_place():
    module = embeddings()
    assert torch.equal(up_to(module, "words", IDS.flip(1)), up_to(module, "words", IDS).flip(1))
    assert not torch.allclose(up_to(module, "summed", IDS.flip(1)), up_to(module, "summed", IDS).flip(1))
    assert torch.equal(up_to(module, "summed", IDS, TYPES) - up_to(module, "words", IDS), up_to(module, "words", IDS) + places(module, IDS, TYPES) - up_to(module, "words", IDS))


def test_another_point_is_refused_and_the_nearest_named():
    with pytest.raises(UserError, match="there is no point 'word' in the embeddings, expected one of words, .*; did you mean 'words'"):
        up_to(embeddings(), "word", IDS)
