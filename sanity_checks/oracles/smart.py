"""SMART: a literal version of the paper's algorithm, the worst point of a linear model, the ball, and what must be left alone."""

from __future__ import annotations

import torch
from torch import Tensor

from regularizers.divergences import DIVERGENCES
from regularizers.smart import Smart, SmartSettings, perturbation, project
from sanity_checks.fingerprint import numbers
from sanity_checks.judge import expect, same

R, T, C, K = 3, 5, 7, 4
LENGTHS = {"inf": float("inf"), "2": 2.0}
SCOPES = {"token": (-1,), "sentence": (-2, -1), "batch": (-3, -2, -1)}


def model() -> torch.nn.Sequential:
    """Tokens to one answer, without dropout, float64."""
    built = torch.nn.Sequential(torch.nn.Linear(C, C), torch.nn.Tanh(), torch.nn.Flatten(), torch.nn.Linear(T * C, K)).double()
    with torch.no_grad():
        for place, parameter in enumerate(built.parameters()):
            parameter.copy_(numbers(*parameter.shape, seed=30 + place))
    return built


def seeded() -> torch.Generator:
    """The generator of every run here."""
    return torch.Generator().manual_seed(3)


def literally(x: Tensor, settings: SmartSettings) -> Tensor:
    """Lines 6 to 10 of algorithm 1, number by number: the perturbed x."""
    f, distance, over = model(), DIVERGENCES["classes"][0], SCOPES[settings.scope]
    length = lambda v: torch.linalg.vector_norm(v, LENGTHS[settings.norm], dim=over, keepdim=True)
    noise = torch.randn(x.shape, generator=seeded()).double()
    moved = x + settings.sigma * noise
    for _ in range(settings.steps):
        moved = moved.detach().requires_grad_()
        distance(f(moved), f(x).detach()).backward(inputs=[moved])
        delta = moved.detach() - x + settings.eta * moved.grad / length(moved.grad)
        inside = length(delta) <= settings.epsilon
        clipped = delta.clamp(-settings.epsilon, settings.epsilon) if settings.norm == "inf" else torch.where(inside, delta, settings.epsilon * delta / length(delta))
        moved = x + clipped
    return moved


def is_the_algorithm_of_the_paper() -> float:
    """For both norms, every scope and one to three steps, the perturbation is that of the literal version."""
    x, worst = numbers(R, T, C, seed=1), 0.0
    for norm, order in LENGTHS.items():
        for scope, over in SCOPES.items():
            for steps in (1, 2, 3):
                settings = SmartSettings(epsilon=0.3, sigma=0.1, eta=0.2, steps=steps, norm=norm, scope=scope)
                f = model()
                delta = perturbation(lambda d, f=f: f(x + d), f(x).detach(), x, DIVERGENCES["classes"][0], settings, seeded())
                worst = max(worst, same(f"the perturbation with norm {norm}, scope {scope} and {steps} steps", x + delta, literally(x, settings)))
                lengths = torch.linalg.vector_norm(delta, order, dim=over)
                expect(lengths <= settings.epsilon * (1 + 1e-12), f"the perturbation leaves the ball of norm {norm} for each {scope}")
    return worst


def finds_the_worst_point_of_a_linear_model() -> float:
    """f(x) = w . x and the squared distance: R = epsilon^2 |w|_1^2 after one step that is long enough."""
    weights, x, epsilon = numbers(T, C, seed=4), numbers(R, T, C, seed=5), 1e-2
    weights = weights.sign() * (0.5 + weights.abs())
    linear = lambda embeddings, masks="fresh": (embeddings * weights).sum((1, 2))
    settings = SmartSettings(epsilon, sigma=1e-3, eta=2 * epsilon * float(weights.abs().max() / weights.abs().min()), scope="sentence")
    found = Smart(DIVERGENCES["regression"][0], seeded(), settings)(linear, x, linear(x))
    return same("the value of a linear model", found, epsilon**2 * weights.abs().sum() ** 2)


def grows_with_the_square_of_a_small_radius() -> None:
    """Ten times the radius is a hundred times the value; without a radius it is 0."""
    f, x = model(), numbers(R, T, C, seed=1)
    door = lambda embeddings, masks="fresh": f(embeddings)
    value = lambda epsilon: Smart(DIVERGENCES["classes"][0], seeded(), SmartSettings(epsilon, sigma=1e-5, eta=1.0))(door, x, f(x))
    expect(abs(value(1e-5) / value(1e-6) - 100) < 2, "ten times the radius is not a hundred times the value")
    expect(value(0.0) == 0, "the value without a radius is not 0")


def slope_is_that_of_a_frozen_perturbation() -> float:
    """The slope along the embeddings and weights is that of l(f(x + delta), f(x)) with delta held constant; no .grad is written."""
    f, x, distance = model(), numbers(R, T, C, seed=1).requires_grad_(), DIVERGENCES["classes"][0]
    settings = SmartSettings(epsilon=0.3, sigma=0.1, eta=0.2)
    value = Smart(distance, seeded(), settings)(lambda embeddings, masks="fresh": f(embeddings), x, f(x))
    expect(x.grad is None and all(parameter.grad is None for parameter in f.parameters()), "the ascent wrote gradients")
    delta = literally(x.detach(), settings) - x.detach()
    expected = distance(f(x + delta), f(x))
    leaves = [x, *f.parameters()]
    slopes = zip(torch.autograd.grad(value, leaves), torch.autograd.grad(expected, leaves))
    return max(same("the value", value, expected), *(same("the slope", one, other) for one, other in slopes))


def projection_is_the_nearest_point() -> float:
    """For the largest number, clipping; for the 2-norm, what is inside stays and what is outside comes to length epsilon."""
    x = numbers(R, T, C, seed=6)
    inside = project(0.1 * x, SmartSettings(1.0, norm="2", scope="token"))
    long = project(9 * x, SmartSettings(1.0, norm="2", scope="token"))
    return max(same("a point inside", inside, 0.1 * x), same("a point outside", long, x / x.norm(dim=-1, keepdim=True)), same("clipping", project(x, SmartSettings(0.5)), x.clip(-0.5, 0.5)))


PROBES = (is_the_algorithm_of_the_paper, finds_the_worst_point_of_a_linear_model, grows_with_the_square_of_a_small_radius, slope_is_that_of_a_frozen_perturbation,
          projection_is_the_nearest_point)  # fmt: skip
