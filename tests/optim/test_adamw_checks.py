"""What AdamW refuses, in a sentence that says what to try, and before anything has moved."""

from __future__ import annotations

import pytest
import torch

from optim import AdamW
from optim import adamw_compiled as compiled


def weights() -> list[torch.nn.Parameter]:
    """One tensor of ones."""
    return [torch.nn.Parameter(torch.ones(3))]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"lr": -1e-3}, r"AdamW got lr=-0\.001, expected a finite number, 0 or more; try lr=1e-3, or 1e-5 for fine-tuning"),
        ({"lr": float("nan")}, r"got lr=nan, expected a finite number"),
        ({"lr": "fast"}, r"got lr='fast', expected a finite number"),
        ({"betas": (0.9, 1.0)}, r"got betas=\(0\.9, 1\.0\), expected two numbers, each at least 0 and below 1; try betas=\(0\.9, 0\.999\)"),
        ({"betas": 0.9}, r"got betas=0\.9, expected two numbers"),
        ({"eps": -1.0}, r"got eps=-1\.0, expected a finite number, 0 or more; try eps=1e-6"),
        ({"weight_decay": float("inf")}, r"got weight_decay=inf, expected .*; try weight_decay=0\.01"),
        ({"correct_bias": 1}, r"got correct_bias=1, expected True or False; try correct_bias=True"),
        ({"form": "keras"}, r"got form='keras', expected one of 'course', 'torch'; try form='course'"),
        ({"backend": "gpu"}, r"got backend='gpu', expected one of 'eager', 'compiled', 'fused', 'auto'; try backend='eager'"),
    ],
)
def test_settings_out_of_range_are_refused(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        AdamW(weights(), **options)
    if "backend" not in options:
        with pytest.raises(ValueError, match=sentence):
            AdamW([{"params": weights(), **options}])


def test_a_list_of_betas_and_a_tensor_rate_are_fine():
    optimizer = AdamW(weights(), lr=torch.tensor(0.5, dtype=torch.float64), betas=[0.9, 0.999])
    parameter = optimizer.param_groups[0]["params"][0]
    parameter.grad = torch.ones(3)
    optimizer.step()
    assert parameter[0].item() == pytest.approx(0.5, abs=1e-4)


@pytest.mark.parametrize("kind", ["sparse", "complex"])
def test_sparse_and_complex_gradients_are_refused_before_anything_moves(kind):
    first, second = weights()[0], torch.nn.Parameter(torch.ones(5, dtype=torch.complex64 if kind == "complex" else torch.float32))
    first.grad = torch.ones(3)
    second.grad = torch.ones_like(second).to_sparse() if kind == "sparse" else torch.ones_like(second)
    optimizer = AdamW([{"params": [first]}, {"params": [second]}])
    wanted = {"sparse": r"sparse gradient for a parameter of shape \(5,\), .* sparse=False", "complex": r"complex parameter of shape \(5,\)"}
    with pytest.raises(ValueError, match=wanted[kind]):
        optimizer.step()
    assert torch.equal(first.detach(), torch.ones(3)) and not optimizer.state


def test_a_state_saved_by_another_optimizer_is_refused():
    theirs = torch.optim.AdamW(weights()).state_dict()
    with pytest.raises(ValueError, match=r"saved state whose group 0 lacks correct_bias, form, expected one saved by this AdamW's state_dict"):
        AdamW(weights()).load_state_dict(theirs)


def test_compiled_without_a_compiler_is_refused(monkeypatch):
    monkeypatch.setattr(compiled.shutil, "which", lambda name: None)
    monkeypatch.setenv("CXX", "no-such-compiler")
    with pytest.raises(ValueError, match=r"backend='compiled' but found no C\+\+ compiler \(no-such-compiler\) on the PATH; .*backend='auto'"):
        AdamW(weights(), backend="compiled")
