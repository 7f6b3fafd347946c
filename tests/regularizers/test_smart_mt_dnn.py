"""mt-dnn's SMART keeps the habits that make it another algorithm, and each of them is shown here."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from regularizers_small import SmallModel, embeddings, number

from regularizers import MtDnnSettings, SmartMtDnn
from regularizers.divergences import symmetric_categorical
from regularizers.smart_mt_dnn import as_classes, detached_symmetric_kl, stable_kl


def odds(probability: float) -> torch.Tensor:
    return torch.tensor([[0.0, np.log(probability / (1 - probability))]], dtype=torch.float64)


def test_stable_kl_is_negative_for_six_against_seven_tenths():
    assert number(stable_kl(odds(0.6), odds(0.7))) == pytest.approx(-0.177, abs=5e-4)


def test_the_detached_form_has_the_value_of_the_symmetric_one_and_another_slope():
    a, b = (torch.from_numpy(np.random.RandomState(seed).standard_normal((7, 5))).requires_grad_() for seed in (1, 2))
    assert number(detached_symmetric_kl(a, b)) == pytest.approx(number(symmetric_categorical(a, b)), rel=1e-12)
    detached, whole = (torch.autograd.grad(each(a, b), a)[0] for each in (detached_symmetric_kl, symmetric_categorical))
    assert number(detached.norm()) < 0.8 * number(whole.norm())


def test_the_sum_is_the_mean_times_the_batch():
    a, b = (torch.from_numpy(np.random.RandomState(seed).standard_normal((7, 5))) for seed in (1, 2))
    assert number(detached_symmetric_kl(a, b, "sum")) == pytest.approx(7 * number(detached_symmetric_kl(a, b)), rel=1e-12)


def test_the_perturbation_is_almost_one_for_every_token_whatever_epsilon_says():
    model, x, seen = SmallModel().eval(), embeddings(), []

    def door(e, masks="fresh"):
        seen.append(e.detach())
        return model(e)

    SmartMtDnn("classes", torch.Generator().manual_seed(1), MtDnnSettings(epsilon=1e-6))(door, x, model(x))
    largest = (seen[-1] - x).abs().amax(-1)
    # noise of 1e-5 beside a guard of 1e-6: the largest of a token's 7 numbers comes out between 0.8 and 1, never near 1e-5
    assert largest.min() > 0.8 and largest.max() <= 1 + 1e-9


@pytest.mark.parametrize("kind", ["classes", "binary", "regression"])
def test_every_kind_gives_a_slope_and_leaves_gradients_alone(kind):
    model, x = SmallModel(kind).eval(), embeddings()
    found = SmartMtDnn(kind, torch.Generator().manual_seed(1))(model.door(), x, model(x))
    assert all(parameter.grad is None for parameter in model.parameters())
    assert number(found) > 0 and torch.autograd.grad(found, model.head.weight)[0].abs().max() > 0


def test_one_logit_becomes_two_scores_and_others_stay():
    assert as_classes(torch.tensor([3.0]), "binary").tolist() == [[0.0, 3.0]] and as_classes(torch.tensor([[1.0, 2.0]]), "classes").tolist() == [[1.0, 2.0]]


def test_another_reduction_is_refused():
    with pytest.raises(ValueError, match="expected 'mean' or 'sum'"):
        MtDnnSettings(reduction="batchmean")
