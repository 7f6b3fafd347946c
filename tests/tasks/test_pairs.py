"""Pairs: the feature sets hold the parts they name, in order, and the stacked halves come apart where they were joined."""

from __future__ import annotations

import pytest
import torch

from minbert.errors import UserError
from tasks.pairs import PAIR_FEATURES, PARTS, combine, split_siamese


def test_feature_sets_by_hand() -> None:
    """u = (1, -2), v = (3, 5): |u - v| = (2, 7), u v = (3, -10)."""
    u, v = torch.tensor([[1.0, -2.0]]), torch.tensor([[3.0, 5.0]])
    expected = {
        "concat": [1, -2, 3, 5],
        "difference": [2, 7],
        "product": [3, -10],
        "difference-product": [2, 7, 3, -10],
        "concat-product": [1, -2, 3, 5, 3, -10],
        "sbert": [1, -2, 3, 5, 2, 7],
        "all": [1, -2, 3, 5, 2, 7, 3, -10],
    }
    assert {name: combine(u, v, name)[0].tolist() for name in PAIR_FEATURES} == expected


@pytest.mark.parametrize("name", sorted(PAIR_FEATURES))
def test_a_feature_set_is_as_wide_as_its_parts_and_symmetric_unless_it_lists_u_or_v(name: str, generator: torch.Generator) -> None:
    u, v = torch.randn(2, 5, 3, generator=generator).unbind()
    assert combine(u, v, name).shape == (5, 3 * len(PAIR_FEATURES[name]))
    assert torch.equal(combine(u, v, name), combine(v, u, name)) == ("u" not in PAIR_FEATURES[name])
    assert set(PAIR_FEATURES[name]) <= set(PARTS)


def test_stacked_firsts_and_seconds_come_apart_in_order(generator: torch.Generator) -> None:
    u, v = torch.randn(2, 5, 3, generator=generator).unbind()
    first, second = split_siamese(torch.cat([u, v]))
    assert torch.equal(first, u) and torch.equal(second, v)


def test_an_odd_number_of_rows_is_no_siamese_batch() -> None:
    with pytest.raises(UserError, match="has 5 rows, expected an even number: all first sentences, then all second ones"):
        split_siamese(torch.ones(5, 3))
