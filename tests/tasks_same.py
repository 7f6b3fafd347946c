"""Two nested states compared to the last bit."""

from __future__ import annotations

from typing import Any

import torch


def assert_same(one: Any, two: Any, path: str = "") -> None:
    """Same types, same keys in the same order, same numbers; `path` says where two differ."""
    assert type(one) is type(two), path
    if isinstance(one, torch.Tensor):
        assert torch.equal(one, two), path
    elif isinstance(one, dict):
        assert list(one) == list(two), path
        for key in one:
            assert_same(one[key], two[key], f"{path}.{key}")
    else:
        assert one == two, path
