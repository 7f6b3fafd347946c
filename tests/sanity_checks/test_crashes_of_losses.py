"""Crashes of heads, losses and metrics, each provoked with real code, are told what they mean."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F

from sanity_checks.crashes import meaning
from sanity_checks.look import raised

X = torch.zeros(2, 3, 5)
LEAF = torch.ones(3, requires_grad=True)

CASES: dict[str, tuple[Callable[[], object], str]] = {
    "H3 label of no class": (lambda: F.cross_entropy(torch.zeros(3, 1), torch.ones(3, dtype=torch.long)), "count from 0"),
    "H9 probabilities wanted": (lambda: F.binary_cross_entropy(torch.full((3,), 2.0), torch.zeros(3)), "with logits"),
    "H11 batch as classes": (lambda: F.cross_entropy(torch.zeros(3), torch.ones(3, dtype=torch.long)), "binary loss"),
    "H14 len of 0-d": (lambda: len(torch.zeros(1).squeeze()), "squeeze(-1)"),
    "H14 cat of 0-d": (lambda: torch.cat([torch.zeros(1).squeeze()]), "squeeze(-1)"),
    "H17 fractions as classes": (lambda: F.cross_entropy(torch.zeros(3, 5), torch.zeros(3)), "int64"),
    "H21 averaged away": (lambda: F.cross_entropy(torch.zeros(1, 5), torch.zeros(3, dtype=torch.long)), "squeezed away"),
    "H25 joined along another dimension": (lambda: torch.cat([X, X[:1]], -1), "agree"),
    "H25 joined without a list": (lambda: torch.cat(X, X), "brackets"),
    "H26 max along a dimension": (lambda: X.max(dim=1).shape, ".values"),
    "loss as a float": (lambda: LEAF.sum().item().backward(), "keep the loss a tensor"),
    "loss of every example": (lambda: (LEAF * 1).backward(), "average"),
    "lists compared": (lambda: ([1] == [1]).float(), "tensors first"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_crash_is_told_what_it_means(name: str) -> None:
    run, words = CASES[name]
    with pytest.raises(Exception) as caught:  # noqa: PT011 (which exception is torch's business)
        run()
    assert words in meaning(raised(caught.value)), raised(caught.value)
