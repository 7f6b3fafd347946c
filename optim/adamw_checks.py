"""What AdamW refuses, and how it says so: one sentence with what was got, what was expected and what to try."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer


def _is_number(value: Any) -> bool:
    """A finite real number; 0-d tensors count, because torch's own optimizers take those as learning rates."""
    if isinstance(value, Tensor):
        return value.numel() == 1 and math.isfinite(float(value))
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)  # True is an int to Python, but nobody means lr=True


def _is_beta(value: Any) -> bool:
    return _is_number(value) and 0 <= value < 1  # at 1 the average would never take anything in, and c1 = 0 would be divided by


def _is_pair_of_betas(value: Any) -> bool:
    return isinstance(value, (tuple, list)) and len(value) == 2 and all(map(_is_beta, value))


def _is_size(value: Any) -> bool:
    return _is_number(value) and value >= 0


# setting -> (test, what it should be, what to try)
RULES: dict[str, tuple[Callable[[Any], bool], str, str]] = {
    "lr": (_is_size, "a finite number, 0 or more", "lr=1e-3, or 1e-5 for fine-tuning"),
    "betas": (_is_pair_of_betas, "two numbers, each at least 0 and below 1", "betas=(0.9, 0.999)"),
    "eps": (_is_size, "a finite number, 0 or more", "eps=1e-6"),
    "weight_decay": (_is_size, "a finite number, 0 or more", "weight_decay=0.01"),
    "correct_bias": (lambda value: isinstance(value, bool), "True or False", "correct_bias=True"),
}


def check_settings(settings: Mapping[str, Any], forms: Collection[str], backends: Collection[str]) -> None:
    """Raise ValueError for the first of `settings` that is out of range; other keys, such as "params", are left alone."""
    for name, (is_fine, expected, attempt) in RULES.items():
        if name in settings and not is_fine(settings[name]):
            raise ValueError(f"AdamW got {name}={settings[name]!r}, expected {expected}; try {attempt}")
    for name, choices in (("form", forms), ("backend", backends)):
        if name in settings and settings[name] not in choices:
            expected = ", ".join(map(repr, choices))
            raise ValueError(f"AdamW got {name}={settings[name]!r}, expected one of {expected}; try {name}={next(iter(choices))!r}")


def check_gradient(parameter: Tensor) -> None:
    """Raise ValueError where the formula would not mean what it says: sparse gradients and complex numbers."""
    shape = tuple(parameter.shape)
    if parameter.grad.layout != torch.strided:
        raise ValueError(
            f"AdamW got a sparse gradient for a parameter of shape {shape}, expected a dense one, because m and v move even where g is 0; "
            "build the embedding with sparse=False, or use torch.optim.SparseAdam"
        )
    if parameter.is_complex():
        raise ValueError(
            f"AdamW got a complex parameter of shape {shape}, expected real numbers, because g^2 is not a size there; try torch.view_as_real"
        )


def check_saved_state(optimizer: Optimizer, state: dict[str, Any]) -> None:
    """Raise ValueError, before anything is loaded, where `state` was not saved by our AdamW; used as a hook of load_state_dict."""
    wanted = set(optimizer.defaults)
    # torch would take over the saved groups as they are, and the first step would stumble over what they lack
    for index, group in enumerate(state.get("param_groups", [{}])):
        if missing := sorted(wanted - set(group)):
            raise ValueError(
                f"AdamW got a saved state whose group {index} lacks {', '.join(missing)}, expected one saved by this AdamW's state_dict(); "
                "load it into the kind of optimizer that saved it"
            )
