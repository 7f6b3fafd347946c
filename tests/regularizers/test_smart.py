"""SMART: obeys its ball, finds the worst point of a linear model, is 0 where it must be, and leaves everything else alone."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from regularizers_small import C, R, SmallModel, T, embeddings, number
from torch import Tensor

from regularizers import Smart, SmartSettings, divergence
from regularizers.smart import NORMS, SCOPES, perturbation, project

CASES, FAST = 2_000, 300  # all of them with -m slow
KINDS = ("classes", "binary", "regression")


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def smart(kind: str = "classes", seed: int = 0, **settings) -> Smart:
    return Smart(divergence(kind), seeded(seed), SmartSettings(**settings))


def value(model: SmallModel, regularizer: Smart, x: Tensor) -> Tensor:
    door = model.door()
    return regularizer(door, x, door(x))


@pytest.mark.parametrize("cases", [range(FAST), pytest.param(range(FAST, CASES), marks=pytest.mark.slow)], ids=["first", "rest"])
def test_two_thousand_drawn_cases_keep_every_invariant(cases):
    for case in cases:
        numbers = np.random.RandomState(case)
        kind, epsilon = KINDS[case % 3], float(10.0 ** numbers.uniform(-6, 0))
        settings = SmartSettings(epsilon, float(10.0 ** numbers.uniform(-6, -1)), float(10.0 ** numbers.uniform(-4, 0)), int(numbers.randint(0, 4)),
                                 ("inf", "2")[numbers.randint(2)], list(SCOPES)[numbers.randint(3)])
        model, x = SmallModel(kind, case).eval(), embeddings(case).requires_grad_()
        delta = perturbation(lambda d, model=model, x=x: model(x.detach() + d), model(x).detach(), x, divergence(kind), settings, seeded(case))
        assert float(NORMS[settings.norm](delta, SCOPES[settings.scope]).max()) <= epsilon * (1 + 1e-12), case  # the ball is obeyed
        assert not delta.requires_grad and all(parameter.grad is None for parameter in model.parameters()) and x.grad is None, case
        found = value(model, Smart(divergence(kind), seeded(case), settings), x)
        assert number(found) >= 0 and torch.isfinite(found), case
        assert number(value(model, Smart(divergence(kind), seeded(case), SmartSettings(0.0)), x)) == 0, case
        slopes = torch.autograd.grad(found, [*model.parameters(), x], allow_unused=True)
        assert all(slope is None or slope.isfinite().all() for slope in slopes), case


def test_one_step_finds_the_worst_point_of_a_linear_model():
    weights = torch.from_numpy(np.random.RandomState(3).uniform(0.5, 1.5, (T, C)) * np.random.RandomState(4).choice([-1, 1], (T, C)))
    epsilon, x = 1e-2, embeddings()
    linear = lambda e, masks="fresh": (e * weights).sum((1, 2))
    settings = SmartSettings(epsilon, sigma=1e-3, eta=2 * epsilon * float(weights.abs().max() / weights.abs().min()), scope="sentence")
    found = Smart(divergence("regression"), seeded(), settings)(linear, x, linear(x))
    assert number(found) == pytest.approx(epsilon**2 * float(weights.abs().sum()) ** 2, rel=1e-9)


def test_the_value_grows_with_the_square_of_a_small_radius():
    model, x = SmallModel().eval(), embeddings()
    small, large = (number(value(model, smart(epsilon=epsilon, sigma=epsilon, eta=1.0), x)) for epsilon in (1e-6, 1e-5))
    assert large / small == pytest.approx(100, rel=0.02)


def test_the_ascent_beats_random_corners_of_the_ball():
    for seed in range(20):
        model, x = SmallModel(seed=seed).eval(), embeddings(seed)
        found = number(value(model, smart(seed=seed, epsilon=1e-3, sigma=1e-4, eta=1.0, steps=2), x))
        corners = [divergence("classes")(model(x + 1e-3 * torch.randn(x.shape, generator=seeded(k), dtype=x.dtype).sign()), model(x)) for k in range(20)]
        assert found > max(map(number, corners)), seed


def test_more_steps_do_not_find_less():
    model, x = SmallModel(seed=4).eval(), embeddings()
    none, one, three = (number(value(model, smart(epsilon=0.1, sigma=1e-3, eta=0.05, steps=steps), x)) for steps in (0, 1, 3))
    assert none < one < three


@pytest.mark.parametrize("dropout", ["same", "off"])
def test_without_a_perturbation_the_value_is_zero_even_while_training(dropout):
    assert number(value(SmallModel().train(), smart(epsilon=0.0, dropout=dropout), embeddings())) == 0


def test_independent_masks_measure_dropout_whatever_the_radius():
    torch.manual_seed(3)
    values = [number(value(SmallModel().train(), smart(epsilon=epsilon, dropout="independent"), embeddings())) for epsilon in (0.0, 1e-6, 1e-5)]
    same = number(value(SmallModel().train(), smart(epsilon=1e-5, dropout="same"), embeddings()))
    assert min(values) > 1e5 * same > 0


def test_the_slope_flows_through_both_answers_and_matches_finite_differences():
    model, x = SmallModel(seed=2).eval(), embeddings()
    settings = SmartSettings(1e-1, 1e-2, 1.0)
    delta = perturbation(lambda d: model(x + d), model(x).detach(), x, divergence("classes"), settings, seeded())
    found = value(model, Smart(divergence("classes"), seeded(), settings), x)
    (slope,) = torch.autograd.grad(found, model.head.weight)
    frozen = lambda: number(divergence("classes")(model(x + delta), model(x)))
    for place in [(0, 0), (1, 3), (3, 6)]:
        with torch.no_grad():
            model.head.weight[place] += 1e-6
            above = frozen()
            model.head.weight[place] -= 2e-6
            below = frozen()
            model.head.weight[place] += 1e-6
        assert float(slope[place]) == pytest.approx((above - below) / 2e-6, rel=1e-5, abs=1e-9)


def test_no_random_number_of_the_program_is_drawn_while_masks_are_repeated():
    model, x = SmallModel().train(), embeddings()
    door = model.door()
    clean = door(x)
    before = torch.get_rng_state()
    smart(dropout="same")(door, x, clean)
    assert torch.equal(before, torch.get_rng_state())


def test_a_model_that_always_says_the_same_has_value_zero():
    constant = lambda e, masks="fresh": e.sum((1, 2)) * 0 + 2.0
    x = embeddings()
    assert number(Smart(divergence("regression"), seeded())(constant, x, constant(x))) == 0


def test_the_same_generator_gives_the_same_value():
    model, x = SmallModel().eval(), embeddings()
    assert number(value(model, smart(seed=5), x)) == number(value(model, smart(seed=5), x)) != number(value(model, smart(seed=6), x))


@pytest.mark.parametrize("scope, differ", [("batch", False), ("sentence", False), ("token", True)])
def test_the_scope_of_the_norm_decides_who_shares_it(scope, differ):
    slopes = torch.ones(R, T, C, dtype=torch.float64)
    slopes[:, 1:] = 0.25
    respond = lambda d: (d * slopes).sum((1, 2))
    settings = SmartSettings(epsilon=1.0, sigma=1e-9, eta=0.1, norm="inf", scope=scope)
    delta = perturbation(respond, torch.zeros(R, dtype=torch.float64), slopes, divergence("regression"), settings, seeded()).abs()
    assert (delta[0, 1, 0] == pytest.approx(float(delta[0, 0, 0]), rel=1e-4)) == differ  # each token its own norm: all move as far


def test_projection_moves_only_what_lies_outside():
    inside = torch.full((R, T, C), 1e-3)
    for norm in NORMS:
        assert torch.equal(project(inside, SmartSettings(epsilon=10.0, norm=norm)), inside)


@pytest.mark.parametrize("wrong, sentence", [({"epsilon": -1.0}, "epsilon=-1.0, expected 0 or more"), ({"norm": "1"}, "norm='1', expected 'inf' or '2'"),
                                             ({"scope": "row"}, "'token', 'sentence', 'batch'"), ({"dropout": "on"}, "'same', 'independent', 'off'"),
                                             ({"eta": 0.0}, "expected above 0"), ({"steps": -1}, "steps=-1"), ({"sigma": 0.0}, "no ascent can start there")])
def test_settings_that_cannot_be_are_refused(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        SmartSettings(**wrong)
