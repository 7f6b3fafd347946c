"""Both forms as one line: the algebra that lets any kernel take either form's step."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from optim.adamw import FORMS
from optim.adamw_compiled import one_line_update
from optim.adamw_one_line import as_torch_settings, one_line

SETTINGS = st.fixed_dictionaries(
    {
        "lr": st.floats(0, 0.5),
        "betas": st.tuples(st.floats(0, 0.99), st.floats(0, 0.9999)),
        "eps": st.floats(1e-8, 0.1),
        "weight_decay": st.floats(0, 0.5),
        "correct_bias": st.booleans(),
    }
)


@given(chosen=SETTINGS, step=st.integers(1, 50_000), form=st.sampled_from(sorted(FORMS)))
@settings(max_examples=200, deadline=None)
def test_one_line_equals_the_formula(chosen, step, form):
    start = [torch.linspace(low, 1, 11, dtype=torch.float64) for low in (-1, -0.7, -0.5, 0.01)]
    ours, formula = ([tensor.clone() for tensor in start] for _ in range(2))
    beta1, beta2 = chosen["betas"]
    numbers = torch.tensor([1 - beta1, beta2, 1 - beta2, *one_line(form, step, chosen)], dtype=torch.float64)
    one_line_update(*ours, numbers)
    FORMS[form](*formula, step, **chosen)
    assert all((a - b).abs().max() < 1e-12 * (1 + b.abs().max()) for a, b in zip(ours, formula, strict=True))


def test_where_decay_leaves_nothing_torch_s_kernel_has_no_settings():
    chosen = {"lr": 0.5, "betas": (0.9, 0.999), "eps": 1e-6, "weight_decay": 2.0, "correct_bias": True}
    assert as_torch_settings("course", 1, chosen) is None
    assert as_torch_settings("torch", 1, chosen) is not None
    assert one_line("course", 1, chosen).step_size == 0


@pytest.mark.parametrize("form", sorted(FORMS))
def test_a_rate_of_zero_moves_nothing(form):
    told = as_torch_settings(form, 1, {"lr": 0.0, "betas": (0.9, 0.999), "eps": 1e-6, "weight_decay": 0.1, "correct_bias": True})
    assert told.lr == 0 and told.weight_decay == 0.1
