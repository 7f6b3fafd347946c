"""Working in pieces changes nothing, whatever the sizes and strides."""

from __future__ import annotations

import pytest
import torch

from optim import AdamW, course_update, torch_update
from optim.adamw_pieces import Tensors, pieces_of, update_in_pieces

SETTINGS = {"lr": 1e-2, "betas": (0.9, 0.999), "eps": 1e-6, "weight_decay": 0.1, "correct_bias": True}


def random_tensors(generator: torch.Generator, *shape: int) -> Tensors:
    """theta, g, m and v of one shape; v is not negative."""
    parameter, gradient, mean, square = (torch.randn(shape, generator=generator, dtype=torch.float64) for _ in range(4))
    return Tensors(parameter, gradient, mean, square.abs())


@pytest.mark.parametrize("update", [course_update, torch_update])
@pytest.mark.parametrize("size", [1, 5, 77, 1000])
def test_any_piece_size_gives_the_whole_update_bitwise(generator, update, size):
    work = [random_tensors(generator, *shape) for shape in ((7, 11), (3,), (1,), ())]
    copies = [Tensors(*(tensor.clone() for tensor in tensors)) for tensors in work]
    update_in_pieces(update, work, 3, SETTINGS, size=size)
    for pieced, whole in zip(work, copies, strict=True):
        update(*whole, 3, **SETTINGS)
        assert all(torch.equal(ours, theirs) for ours, theirs in zip(pieced, whole, strict=True))


def test_pieces_cover_every_number_once(generator):
    tensors = random_tensors(generator, 7, 11)
    covered = [torch.cat(column) for column in zip(*pieces_of(tensors, 13), strict=True)]
    assert all(torch.equal(column, tensor.flatten()) for column, tensor in zip(covered, tensors, strict=True))


@pytest.mark.parametrize("backend", ["eager", "fused", "auto"])
def test_odd_strides_are_updated_as_well(generator, backend):
    values = torch.randn(7, 5, generator=generator, dtype=torch.float64)
    strided, plain = torch.nn.Parameter(values.t()), torch.nn.Parameter(values.t().contiguous())
    for parameter in (strided, plain):
        parameter.grad = torch.linspace(-1, 1, 35, dtype=torch.float64).view(5, 7)
        AdamW([parameter], weight_decay=0.1, backend=backend).step()
    assert not strided.is_contiguous()
    assert (strided - plain).abs().max() < 1e-15


def test_half_precision_and_empty_tensors_are_updated(generator):
    half = torch.nn.Parameter(torch.ones(3, dtype=torch.bfloat16))
    empty = torch.nn.Parameter(torch.ones(0, 5))
    half.grad, empty.grad = torch.ones_like(half), torch.ones_like(empty)
    for backend in ("eager", "fused", "auto"):
        AdamW([half, empty], lr=0.125, backend=backend).step()
    assert half.dtype == torch.bfloat16 and torch.all(half < 0.7)
