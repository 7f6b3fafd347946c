"""GradVac over generated tasks: with targets of 0 that stay it is PCGrad, lengths scale through it, and targets stay cosines."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from optim.gradvac import gradvac
from optim.pcgrad import pcgrad

FEW = settings(deadline=None, max_examples=40)
SEEDS = st.integers(0, 2**31 - 1)
Gradients = list[list["torch.Tensor | None"]]


@st.composite
def tasks(draw: st.DrawFn) -> Gradients:
    """1 to 5 tasks over a shared parameter and up to 3 more, each of which some of them lack; lengths from a thousandth to a thousand."""
    count, own = draw(st.integers(1, 5)), draw(st.integers(0, 3))
    generator = torch.Generator().manual_seed(draw(SEEDS))
    lengths = [10.0 ** draw(st.integers(-3, 3)) for _ in range(count)]
    has = [[True, *(draw(st.booleans()) for _ in range(own))] for _ in range(count)]
    return [[length * torch.randn(3, dtype=torch.float64, generator=generator) if there else None for there in row] for length, row in zip(lengths, has)]


def flat(merged: list) -> torch.Tensor:
    return torch.cat([torch.zeros(3, dtype=torch.float64) if each is None else each for each in merged])


def vaccinated(gradients: Gradients, targets: torch.Tensor, seed: int, rate: float = 0.0) -> tuple[torch.Tensor, torch.Tensor]:
    merged, targets = gradvac(gradients, targets, torch.Generator().manual_seed(seed), rate=rate)
    return flat(merged), targets


def some(gradients: Gradients, seed: int, largest: float = 0.9) -> torch.Tensor:
    return largest * (2 * torch.rand(len(gradients), len(gradients), dtype=torch.float64, generator=torch.Generator().manual_seed(seed)) - 1)


@FEW
@given(gradients=tasks(), seed=SEEDS)
def test_targets_of_zero_that_stay_are_pcgrad(gradients: Gradients, seed: int) -> None:
    nothing = torch.zeros(len(gradients), len(gradients), dtype=torch.float64)
    found, targets = vaccinated(gradients, nothing, seed)
    expected = flat(pcgrad(gradients, torch.Generator().manual_seed(seed)))
    assert torch.allclose(found, expected, rtol=1e-9, atol=1e-9 * float(expected.abs().max())) and not targets.any()


@FEW
@given(gradients=tasks(), seed=SEEDS, factor=st.sampled_from([0.25, 8.0, 1024.0]))
def test_all_gradients_longer_make_the_merged_one_longer_and_leave_the_targets(gradients: Gradients, seed: int, factor: float) -> None:
    start = some(gradients, seed)
    longer = [[None if each is None else factor * each for each in row] for row in gradients]
    (found, targets), (wanted, same) = vaccinated(longer, start, seed, 0.3), vaccinated(gradients, start, seed, 0.3)
    assert torch.allclose(found, factor * wanted, rtol=1e-9, atol=1e-9 * float((factor * wanted).abs().max())) and torch.allclose(targets, same, atol=1e-12)


@FEW
@given(gradients=tasks(), seed=SEEDS, rate=st.floats(0, 1))
def test_targets_stay_between_minus_one_and_one_and_move_towards_the_cosines(gradients: Gradients, seed: int, rate: float) -> None:
    start = some(gradients, seed, 1.0)
    _, targets = vaccinated(gradients, start, seed, rate)
    assert targets.abs().max() <= 1 + 1e-12 and torch.equal(targets.diagonal(), start.diagonal())
    assert rate or torch.equal(targets, start)


@FEW
@given(gradients=tasks(), seed=SEEDS)
def test_targets_that_no_pair_falls_below_leave_the_plain_sum(gradients: Gradients, seed: int) -> None:
    found, _ = vaccinated(gradients, torch.full((len(gradients),) * 2, -1.0, dtype=torch.float64), seed)
    plain = sum(flat(row) for row in gradients)
    assert torch.allclose(found, plain, rtol=1e-9, atol=1e-12 * float(plain.abs().max()))
