"""Torch's kernel takes the same steps as the formula, and "auto" uses it only where a trial says so."""

from __future__ import annotations

import pytest
import torch

from optim import AdamW, course_update
from optim import adamw_fused as fused

SHAPES = ((13, 7), (9001,), (5,), (1,))


def run(backend: str, dtype: torch.dtype, form: str, correct_bias: bool, steps: int = 200, weight_decay: float = 0.1) -> list[torch.Tensor]:
    """Parameters after `steps` steps on fixed gradients of many sizes, with a rate that changes and passes through 0."""
    generator = torch.Generator().manual_seed(5)
    weights = [torch.nn.Parameter(torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)) for shape in SHAPES]
    optimizer = AdamW(weights, weight_decay=weight_decay, form=form, correct_bias=correct_bias, backend=backend)
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = 1e-3 * (step % 7) / 7
        for weight in weights:
            scale = 10.0 ** torch.randint(-7, 1, weight.shape, generator=generator)
            weight.grad = (torch.randn(weight.shape, generator=generator, dtype=torch.float64) * scale).to(dtype)
        optimizer.step()
    return [weight.detach() for weight in weights]


def gap(ours: list[torch.Tensor], theirs: list[torch.Tensor]) -> float:
    """Largest difference, measured in float64."""
    return max(float((a.double() - b.double()).abs().max()) for a, b in zip(ours, theirs, strict=True))


@pytest.mark.parametrize("form", ["course", "torch"])
@pytest.mark.parametrize("correct_bias", [True, False])
@pytest.mark.parametrize("backend", ["fused", pytest.param("compiled", marks=pytest.mark.slow)])
def test_every_backend_equals_the_formula(form, correct_bias, backend):
    exact = run("eager", torch.float64, form, correct_bias)
    assert gap(run(backend, torch.float64, form, correct_bias), exact) < 1e-12
    # in float32 each rounds in its own places: both must be equally near the truth, and near each other
    formula, kernel = (run(name, torch.float32, form, correct_bias) for name in ("eager", backend))
    assert gap(kernel, exact) < 2 * gap(formula, exact)
    assert gap(kernel, formula) < 5e-6


@pytest.mark.slow
def test_one_compilation_serves_all_shapes_steps_rates_and_betas():
    torch._dynamo.reset()
    graphs = torch._dynamo.utils.counters["stats"]
    graphs.clear()
    for betas, shapes in (((0.9, 0.999), [(131, 97), (9001,)]), ((0.5, 0.8), [(17, 31, 37)])):
        weights = [torch.nn.Parameter(torch.ones(shape, dtype=torch.float64)) for shape in shapes]
        optimizer = AdamW(weights, betas=betas, backend="compiled", form="torch")
        for step in range(3):
            optimizer.param_groups[0]["lr"] = 1e-3 * step
            for weight in weights:
                weight.grad = torch.ones_like(weight)
            optimizer.step()
    assert graphs["unique_graphs"] == 1


def test_auto_is_fused_here_and_falls_back_where_the_trial_fails(monkeypatch):
    fused.is_proved.cache_clear()
    here = torch.device("cpu")
    assert fused.is_proved("course", course_update, here, torch.float32)
    assert not fused.is_proved("course", course_update, here, torch.bfloat16)
    expected = run("eager", torch.float64, "course", True, steps=3)
    for broken in (wrong_kernel, missing_kernel):
        fused.is_proved.cache_clear()
        monkeypatch.setattr(fused, "torch_adamw", broken)
        assert not fused.is_proved("course", course_update, here, torch.float64)
        assert all(torch.equal(a, b) for a, b in zip(run("auto", torch.float64, "course", True, steps=3), expected, strict=True))
    fused.is_proved.cache_clear()


def wrong_kernel(parameters: list[torch.Tensor], *arguments: object, **settings: object) -> None:
    """A kernel that runs and is wrong."""
    torch._foreach_mul_(parameters, 0.999)


def missing_kernel(*arguments: object, **settings: object) -> None:
    """A kernel that this device does not have."""
    raise RuntimeError("no such kernel")


def test_decay_that_leaves_nothing_is_handed_to_the_formula():
    weight = torch.nn.Parameter(torch.ones(3))
    weight.grad = torch.ones(3)
    AdamW([weight], lr=0.5, weight_decay=2.0, backend="fused").step()
    assert torch.equal(weight.detach(), torch.zeros(3))
