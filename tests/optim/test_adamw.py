"""AdamW: the course's form against figures and an oracle in plain Python numbers, torch's form against torch, and what both promise."""

from __future__ import annotations

import copy
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from optim import AdamW, course_update, torch_update

GOLDEN_GRADIENTS = (0.5, -0.25, 0.125)


def after(gradients, start=1.0, **options) -> float:
    """One weight after a step per gradient, in float64."""
    weight = torch.nn.Parameter(torch.tensor([start], dtype=torch.float64))
    optimizer = AdamW([weight], **options)
    for gradient in gradients:
        weight.grad = torch.tensor([gradient], dtype=torch.float64)
        optimizer.step()
    return weight.item()


class Oracle:
    """The course's algorithm on Python numbers, one at a time, with its own state: nothing here comes from the library."""

    def __init__(self, weights: list[float]) -> None:
        self.weights, self.t = list(weights), 0
        self.m, self.v = [0.0] * len(weights), [0.0] * len(weights)

    def step(self, gradients, lr, betas=(0.9, 0.999), eps=1e-6, weight_decay=0.0, correct_bias=True) -> None:
        self.t += 1
        alpha = lr * math.sqrt(1 - betas[1] ** self.t) / (1 - betas[0] ** self.t) if correct_bias else lr
        for i, g in enumerate(gradients):
            self.m[i] = betas[0] * self.m[i] + (1 - betas[0]) * g
            self.v[i] = betas[1] * self.v[i] + (1 - betas[1]) * g * g
            self.weights[i] -= alpha * self.m[i] / (math.sqrt(self.v[i]) + eps)
            self.weights[i] -= lr * weight_decay * self.weights[i]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"weight_decay": 0.1}, 0.9809750043313575),
        ({"weight_decay": 0.1, "form": "torch"}, 0.980958027481048),
        ({"weight_decay": 0.1, "correct_bias": False}, 0.9373477555760142),
        ({}, 0.9839333093371669),
    ],
)
def test_three_steps_end_at_the_golden_weights(options, expected):
    assert abs(after(GOLDEN_GRADIENTS, lr=1e-2, **options) - expected) < 1e-12


@pytest.mark.parametrize(
    ("gradient", "course", "torch_same_eps", "torch_own_eps"),
    [
        (1e-3, "9.69e-04", "9.99e-04", "1.00e-03"),
        (1e-5, "2.40e-04", "9.09e-04", "9.99e-04"),
        (1e-6, "3.07e-05", "5.00e-04", "9.90e-04"),
        (1e-7, "3.15e-06", "9.09e-05", "9.09e-04"),
    ],
)
def test_the_first_step_shows_where_eps_is_added(gradient, course, torch_same_eps, torch_own_eps):
    steps = [-after([gradient], start=0.0, **options) for options in ({}, {"form": "torch"}, {"form": "torch", "eps": 1e-8})]
    assert [f"{step:.2e}" for step in steps] == [course, torch_same_eps, torch_own_eps]
    assert abs(steps[0] - 1e-3 * gradient / (gradient + 1e-6 / math.sqrt(1 - 0.999))) < 1e-15


@pytest.mark.parametrize("backend", ["eager", "fused", "auto"])
def test_the_course_regression_test_passes(backend):
    torch.manual_seed(0)
    random = np.random.default_rng(0)
    model = torch.nn.Linear(3, 2, bias=False)
    optimizer = AdamW(model.parameters(), lr=1e-3, weight_decay=1e-4, backend=backend)
    for _ in range(1000):
        x = torch.tensor(random.uniform(size=[model.in_features]), dtype=torch.float32)
        target = torch.stack([x[0] + x[1], -x[2]])
        optimizer.zero_grad()
        ((target - model(x)) ** 2).sum().backward()
        optimizer.step()
    expected = torch.tensor([[0.55482787, 0.86665666, 0.07291982], [-0.44724506, -0.2951228, -0.2717272]])
    assert torch.allclose(model.weight, expected, atol=1e-6, rtol=1e-4)


def two_hundred_steps(optimizer_of, on_step, generator) -> None:
    """Groups with settings of their own, gradients that go missing, a rate that changes, and a trip through state_dict at step 101."""
    parameters = [torch.nn.Parameter(torch.randn(shape, generator=generator, dtype=torch.float64)) for shape in ((3, 5), (7,), (2, 11), (13,))]
    optimizer = optimizer_of(parameters)
    for step in range(200):
        optimizer.param_groups[0]["lr"] = 1e-2 * (1 - step / 200)
        optimizer.param_groups[1]["lr"] = 3e-3 * (step % 17) / 17  # 0 at times, as at the start of a warm-up
        for index, parameter in enumerate(parameters):
            scale = 10.0 ** torch.randint(-8, 2, parameter.shape, generator=generator).double()
            gradient = torch.randn(parameter.shape, generator=generator, dtype=torch.float64) * scale
            parameter.grad = None if (step * 7 + index * 3) % 5 == 0 else gradient
        if step == 100:
            saved, optimizer = copy.deepcopy(optimizer.state_dict()), optimizer_of(parameters)
            optimizer.load_state_dict(saved)
        optimizer.step()
        on_step(parameters, optimizer)


GROUP_OPTIONS = ({"weight_decay": 0.1, "betas": (0.9, 0.999)}, {"weight_decay": 0.3, "eps": 1e-3, "betas": (0.5, 0.8)})


def in_two_groups(kind, **options):
    """A function from four tensors to an optimizer `kind` that holds them in two groups."""
    return lambda tensors: kind([{"params": tensors[i::2], **group} for i, group in enumerate(GROUP_OPTIONS)], lr=1e-2, eps=1e-6, **options)


@pytest.mark.parametrize("backend", ["eager", "fused", "auto"])
@pytest.mark.parametrize("correct_bias", [True, False])
def test_the_course_form_equals_a_step_by_step_oracle(generator, backend, correct_bias):
    oracles: list[Oracle] = []

    def compare(parameters, optimizer):
        for index, parameter in enumerate(parameters):
            if parameter.grad is not None:
                group = optimizer.param_groups[index % 2]
                names = ("lr", "betas", "eps", "weight_decay", "correct_bias")
                oracles[index].step(parameter.grad.flatten().tolist(), **{name: group[name] for name in names})
            gap = (parameter.detach().flatten() - torch.tensor(oracles[index].weights, dtype=torch.float64)).abs().max()
            assert gap < 1e-12

    def start(parameters):
        oracles.extend(Oracle(parameter.flatten().tolist()) for parameter in parameters if len(oracles) < 4)
        return in_two_groups(AdamW, backend=backend, correct_bias=correct_bias)(parameters)

    two_hundred_steps(start, compare, generator)


@pytest.mark.parametrize("backend", ["eager", "fused", "auto"])
def test_the_torch_form_equals_torch(generator, backend):
    theirs = []
    two_hundred_steps(in_two_groups(torch.optim.AdamW), lambda ps, _: theirs.append([p.detach().clone() for p in ps]), generator.manual_seed(3))
    ours = []
    options = {"form": "torch", "backend": backend}
    two_hundred_steps(in_two_groups(AdamW, **options), lambda ps, _: ours.append([p.detach().clone() for p in ps]), generator.manual_seed(3))
    assert max(float((a - b).abs().max()) for x, y in zip(ours, theirs, strict=True) for a, b in zip(x, y, strict=True)) < 1e-12


BATTERY = {
    "decay order": {"lr": 0.1, "weight_decay": 0.3},
    "eps": {"eps": 0.1},
    "betas": {"betas": (0.5, 0.8)},
    "no bias correction": {"correct_bias": False},
}


@pytest.mark.parametrize("options", BATTERY.values(), ids=BATTERY.keys())
def test_two_parameters_of_different_shape_each_follow_the_oracle(generator, options):
    weights = [torch.nn.Parameter(torch.randn(shape, generator=generator, dtype=torch.float64)) for shape in ((3, 2), (5,))]
    oracles = [Oracle(weight.flatten().tolist()) for weight in weights]
    optimizer = AdamW(weights, **options)
    for step in range(1, 7):
        for index, (weight, oracle) in enumerate(zip(weights, oracles, strict=True)):
            weight.grad = torch.randn(weight.shape, generator=generator, dtype=torch.float64)
            if (step, index) == (2, 1):
                weight.grad = None
                continue
            oracle.step(weight.grad.flatten().tolist(), **{"lr": 1e-3, **options})
        if step == 4:  # resume after three steps
            saved, optimizer = optimizer.state_dict(), AdamW(weights, **options)
            optimizer.load_state_dict(saved)
        optimizer.step()
        for weight, oracle in zip(weights, oracles, strict=True):
            assert np.abs(weight.detach().numpy().ravel() - oracle.weights).max() < 1e-12


def test_a_parameter_without_gradient_neither_moves_nor_decays_nor_gets_state():
    moving, resting = (torch.nn.Parameter(torch.ones(n)) for n in (3, 5))
    optimizer = AdamW([moving, resting], lr=0.1, weight_decay=0.3)
    moving.grad = torch.ones(3)
    optimizer.step()
    assert torch.equal(resting.detach(), torch.ones(5)) and resting not in optimizer.state
    assert not torch.equal(moving.detach(), torch.ones(3))


def test_a_parameter_that_joins_late_takes_its_own_first_step():
    early, late = (torch.nn.Parameter(torch.zeros(1, dtype=torch.float64)) for _ in range(2))
    optimizer = AdamW([early, late])
    for step in range(5):
        early.grad = torch.ones_like(early)
        late.grad = torch.ones_like(late) if step == 4 else None
        optimizer.step()
    assert late.item() == after([1.0], start=0.0) and optimizer.state[late]["step"] == 1 and optimizer.state[early]["step"] == 5


@pytest.mark.parametrize("form", ["course", "torch"])
@pytest.mark.parametrize("backend", ["eager", "fused"])
def test_the_gradient_is_only_read(form, backend):
    weight = torch.nn.Parameter(torch.linspace(-1, 1, 7))
    weight.grad = torch.linspace(1, 2, 7)
    before = weight.grad.clone()
    AdamW([weight], lr=0.1, weight_decay=0.3, form=form, backend=backend).step()
    assert torch.equal(weight.grad, before)


def test_tied_weights_and_views_see_the_update():
    weight = torch.nn.Parameter(torch.ones(3, 5))
    view, address = weight.detach().view(-1), weight.data_ptr()
    weight.grad = torch.ones(3, 5)
    AdamW([weight], lr=0.1).step()
    assert weight.data_ptr() == address and torch.equal(view, weight.detach().flatten()) and view[0] != 1


def test_a_closure_may_differentiate_and_its_loss_is_returned():
    weight = torch.nn.Parameter(torch.tensor([2.0]))
    optimizer = AdamW([weight], lr=0.1)

    def closure():
        optimizer.zero_grad()
        loss = (weight**2).sum()
        loss.backward()
        return loss

    assert optimizer.step(closure).item() == 4.0
    assert weight.item() == pytest.approx(1.9, abs=1e-5)
    assert optimizer.step() is None


@pytest.mark.parametrize("through", ["state_dict", "deepcopy"])
def test_a_round_trip_repeats_the_next_step_bitwise(generator, through):
    weight = torch.nn.Parameter(torch.randn(7, 3, generator=generator))
    optimizer = AdamW([weight], lr=1e-2, weight_decay=0.1, betas=(0.8, 0.99), backend="fused")
    for _ in range(3):
        weight.grad = torch.randn(7, 3, generator=generator)
        optimizer.step()
    if through == "deepcopy":
        again = copy.deepcopy(optimizer)
        twin = again.param_groups[0]["params"][0]
        assert again.backend == "fused"
    else:
        twin = torch.nn.Parameter(weight.detach().clone())
        again = AdamW([twin], backend="fused")
        again.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    weight.grad = torch.randn(7, 3, generator=generator)
    twin.grad = weight.grad.clone()
    optimizer.step()
    again.step()
    assert torch.equal(weight, twin) and again.state[twin]["step"] == 4
    assert all(torch.equal(again.state[twin][key], optimizer.state[weight][key]) for key in ("mean", "square"))


gradients_in_a_row = st.lists(st.floats(1e-2, 1e2) | st.floats(-1e2, -1e-2), min_size=1, max_size=8)


@given(gradients=gradients_in_a_row, scale=st.floats(1e-3, 1e3), form=st.sampled_from(["course", "torch"]))
@settings(max_examples=100, deadline=None)
def test_without_eps_the_size_of_all_gradients_does_not_matter(gradients, scale, form):
    plain = after(gradients, lr=1e-2, eps=0.0, form=form)
    assert abs(after([scale * g for g in gradients], lr=1e-2, eps=0.0, form=form) - plain) < 1e-12


@given(start=st.floats(-10, 10), lr=st.floats(0, 0.5), decay=st.floats(0, 1), steps=st.integers(1, 9), form=st.sampled_from(["course", "torch"]))
@settings(max_examples=100, deadline=None)
def test_zero_gradients_leave_only_the_decay(start, lr, decay, steps, form):
    end = after([0.0] * steps, start=start, lr=lr, weight_decay=decay, form=form)
    assert abs(end - start * (1 - lr * decay) ** steps) < 1e-12


@given(gradient=st.floats(-1e6, 1e6), lr=st.floats(1e-6, 1), form=st.sampled_from(["course", "torch"]))
@settings(max_examples=100, deadline=None)
def test_the_first_step_is_at_most_the_learning_rate(gradient, lr, form):
    step = -after([gradient], start=0.0, lr=lr, form=form)
    assert abs(step) <= lr * (1 + 1e-12) and step * gradient >= 0


def test_the_defaults_are_the_course_s():
    group = AdamW([torch.nn.Parameter(torch.ones(2))]).param_groups[0]
    expected = {"lr": 1e-3, "betas": (0.9, 0.999), "eps": 1e-6, "weight_decay": 0.0, "correct_bias": True, "form": "course"}
    assert {key: group[key] for key in expected} == expected


def test_the_free_functions_are_the_update_of_the_optimizer():
    for form, update in (("course", course_update), ("torch", torch_update)):
        theta, m, v = (torch.full((3,), x, dtype=torch.float64) for x in (1.0, 0.0, 0.0))
        for step, g in enumerate(GOLDEN_GRADIENTS, 1):
            gradient = torch.full((3,), g, dtype=torch.float64)
            update(theta, gradient, m, v, step, lr=1e-2, betas=(0.9, 0.999), eps=1e-6, weight_decay=0.1, correct_bias=True)
        assert theta[2].item() == after(GOLDEN_GRADIENTS, lr=1e-2, weight_decay=0.1, form=form)
