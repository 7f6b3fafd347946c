"""The sentences of a verdict, and the recorder that shows where dropout sits."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from minbert.dropout import Dropout
from minbert.errors import UserError
from sanity_checks.judge import CheckFailed, expect, refuses, same
from sanity_checks.recorder import pattern, recorded_dropout


def test_the_largest_difference_is_returned() -> None:
    assert same("x", torch.tensor([1.0, 2.0 + 1e-11], dtype=torch.float64), torch.tensor([1.0, 2.0])) == pytest.approx(1e-11, rel=1e-3)


def test_the_tolerance_grows_with_the_numbers_but_not_below_one() -> None:
    big = torch.tensor([1e6], dtype=torch.float64)
    same("x", big + 1e-6, big)
    with pytest.raises(CheckFailed):
        same("x", torch.tensor([1e-6]), torch.tensor([0.0]))


@pytest.mark.parametrize(("got", "told"), [
    (None, "x is NoneType, expected a tensor: is the `return` missing?"),
    (torch.zeros(3, 2), r"x has shape \(3, 2\), expected \(2, 3\)"),
    (torch.full((2, 3), float("nan")), "x holds NaN or infinity"),
    (torch.tensor([[0.0, 0.0, 0.0], [0.0, 7.0, 0.0]]), r"x differs by up to 7 in 1 of 6 numbers, most at \[1, 1\] \(got 7, expected 0\)"),
])
def test_what_differs_is_said_in_one_sentence(got: object, told: str) -> None:
    with pytest.raises(CheckFailed, match=told):
        same("x", got, torch.zeros(2, 3))


def test_expect_takes_truth_and_tensors_of_truth() -> None:
    expect(torch.tensor([True, True]), "never said")
    with pytest.raises(CheckFailed, match="two"):
        expect(torch.tensor([True, False]), "two")


def test_refuses_wants_our_own_error() -> None:
    def mistaken() -> None:
        raise UserError("no")

    refuses("a mistake", mistaken)
    with pytest.raises(CheckFailed, match="nonsense was accepted, expected UserError"):
        refuses("nonsense", lambda: None)


@pytest.mark.parametrize("module", [nn.Dropout(0.25), Dropout(0.25)])
def test_the_recorder_sees_modules_of_torch_and_ours(module: nn.Module) -> None:
    x = torch.arange(1.0, 12.0)
    with recorded_dropout() as calls:
        dropped, kept = module.train()(x), module.eval()(x)
    assert torch.equal(dropped, pattern(x, 0.25)) and torch.equal(kept, x)
    assert len(calls) == 1 and calls[0].rate == 0.25 and torch.equal(calls[0].given, x)


def test_the_recorder_sees_inside_fused_attention() -> None:
    q = torch.randn(2, 5, 7, 3)
    with recorded_dropout() as calls:
        F.scaled_dot_product_attention(q, q, q, dropout_p=0.5)
        F.scaled_dot_product_attention(q, q, q)
    assert len(calls) == 1 and torch.allclose(calls[0].given.sum(-1), torch.ones(2, 5, 7))


def test_after_the_recorder_dropout_is_random_again() -> None:
    with recorded_dropout() as calls:
        pass
    assert not torch.equal(Dropout(0.5)(torch.ones(101)), Dropout(0.5)(torch.ones(101))) and not calls


def test_the_pattern_is_not_undone_by_a_layer_norm() -> None:
    x = torch.randn(3, 7)
    assert (F.layer_norm(pattern(x, 0.25), (7,)) - F.layer_norm(x, (7,))).abs().max() > 0.1
