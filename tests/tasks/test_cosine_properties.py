"""Cosine heads over generated sentence vectors: range, what changes no score, and the warning, which comes exactly when nine of ten scores are flat."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from tasks.cosine_heads import OUTPUTS, CosineEmbeddingHead, CosineHead

FEW = settings(deadline=None, max_examples=25)
SEEDS, WIDTHS = st.integers(0, 2**31 - 1), st.integers(1, 9)
FACTORS = st.floats(-3, 3).map(lambda power: 10.0**power)
HEADS = [*OUTPUTS, "cosine itself"]


def pair(seed: int, width: int) -> tuple[Tensor, Tensor]:
    """Two times 5 vectors, lengths around 1."""
    return torch.randn(2, 5, width, dtype=torch.float64, generator=torch.Generator().manual_seed(seed)).unbind(0)


def scores(output: str, u: Tensor, v: Tensor, scale: float = 3.0, bias: bool = True) -> Tensor:
    """Those of a head with a random map, 0 to 5, or the cosines themselves."""
    if output == "cosine itself":
        return CosineEmbeddingHead()(torch.cat([u, v], -1))
    head = CosineHead(u.size(-1), 5.0, scale, output, generator=torch.Generator().manual_seed(7)).double().eval()
    with torch.no_grad():
        head.linear.weight.mul_(10)
        head.linear.bias.fill_(0.3 if bias else 0.0)
        return head(torch.cat([u, v], -1))


@pytest.mark.parametrize("output", HEADS)
@FEW
@given(seed=SEEDS, width=WIDTHS, long=FACTORS, short=FACTORS, scale=st.floats(0.1, 40))
def test_no_score_leaves_the_range(output: str, seed: int, width: int, long: float, short: float, scale: float) -> None:
    u, v = pair(seed, width)
    found = scores(output, long * u, short * v, scale)
    low, high = (-1.0, 1.0) if output == "cosine itself" else (0.0, 5.0)
    assert found.shape == (5,) and found.min() >= low - 1e-12 and found.max() <= high + 1e-12


@pytest.mark.parametrize("output", HEADS)
@FEW
@given(seed=SEEDS, width=WIDTHS, of_u=FACTORS, of_v=FACTORS)
def test_lengths_change_no_score_where_the_map_has_no_bias(output: str, seed: int, width: int, of_u: float, of_v: float) -> None:
    u, v = pair(seed, width)
    assert torch.allclose(scores(output, of_u * u, of_v * v, bias=False), scores(output, u, v, bias=False), rtol=0, atol=1e-9)


@pytest.mark.parametrize("output", HEADS)
@FEW
@given(seed=SEEDS, width=WIDTHS)
def test_a_score_knows_no_order_and_a_sentence_beside_itself_has_the_highest(output: str, seed: int, width: int) -> None:
    u, v = pair(seed, width)
    assert torch.allclose(scores(output, u, v), scores(output, v, u), rtol=0, atol=1e-12)
    assert (scores(output, u, u) >= scores(output, u, v) - 1e-12).all()


@pytest.mark.parametrize("output", ["sigmoid", "affine"])
@FEW
@given(seed=SEEDS, width=WIDTHS)
def test_the_opposite_vector_has_the_rest_of_the_range(output: str, seed: int, width: int) -> None:
    u, v = pair(seed, width)
    assert torch.allclose(scores(output, u, -v, bias=False), 5 - scores(output, u, v, bias=False), rtol=0, atol=1e-9)


@FEW
@given(thousandths=st.lists(st.sampled_from([0, 5, 9, 10, 11, 500, 989, 990, 991, 1000]), min_size=1, max_size=40))
@pytest.mark.parametrize("ends", [0, 9])
def test_the_warning_comes_exactly_when_nine_of_ten_scores_are_at_an_end(ends: int, thousandths: list[int]) -> None:
    thousandths = thousandths + ends * len(thousandths) * [0]  # else nearly no list would be flat
    flat = sum(each < 10 or each > 990 for each in thousandths)
    found = torch.tensor(thousandths, dtype=torch.float64) / 1000 * 4
    assert bool(CosineHead(2, 4.0).warning(found)) == (10 * flat >= 9 * len(thousandths))
    assert not any(CosineHead(2, 4.0, output=output).warning(found) for output in ("affine", "relu"))
