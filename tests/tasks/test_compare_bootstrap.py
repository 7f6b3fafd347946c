"""The bootstrap scores what the metrics score, draws the same examples for every model, and spreads as theory says."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from tasks import metrics
from tasks.compare_bootstrap import CHUNK_CELLS, RESAMPLED, draws, resampled_scores

N, MODELS = 307, 5


@pytest.fixture
def chance() -> np.random.Generator:
    return np.random.default_rng(17)


def made(metric: str, chance: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Answers (N, MODELS) and labels (N,), better from model to model."""
    labels = chance.integers(5, size=N) if metric == "accuracy" else 3e4 + chance.normal(size=N)  # far from 0, where squares cancel
    noise = chance.normal(size=(N, MODELS)) * np.linspace(2, 0.2, MODELS)
    answers = labels[:, None] + (noise.round() if metric == "accuracy" else noise)
    return answers.astype(float), labels.astype(float)


@pytest.mark.parametrize("metric", RESAMPLED)
def test_a_draw_is_scored_as_the_metric_scores_the_rows_it_names(metric: str, chance: np.random.Generator) -> None:
    answers, labels = made(metric, chance)
    counts = next(draws(N, 3, chance))
    scores = RESAMPLED[metric](counts, answers, labels)
    for row in range(3):
        picked = np.repeat(np.arange(N), counts[row].astype(int))
        for model in range(MODELS):
            expected = metrics.METRICS[metric](torch.tensor(answers[picked, model]), torch.tensor(labels[picked]))
            assert math.isclose(scores[row, model], expected, abs_tol=1e-10)


def test_every_metric_can_be_resampled() -> None:
    assert set(RESAMPLED) == set(metrics.METRICS)


def test_every_draw_holds_as_many_examples_as_the_split_in_every_chunk(chance: np.random.Generator) -> None:
    size = CHUNK_CELLS // 3  # so that a chunk holds 3 draws, and 4 draws need two
    chunks = list(draws(size, 4, chance))
    assert [len(chunk) for chunk in chunks] == [3, 1]
    assert all((chunk.sum(axis=1) == size).all() for chunk in chunks)
    assert 0.6 < (chunks[0][0] > 0).mean() < 0.66  # 1 - 1/e of the examples are in a draw


@pytest.mark.parametrize("metric", RESAMPLED)
def test_equal_models_differ_in_no_draw(metric: str, chance: np.random.Generator) -> None:
    answers, labels = made(metric, chance)
    scores = resampled_scores(metric, answers[:, [2, 2]], labels, 211, seed=5)
    assert (scores[:, 0] == scores[:, 1]).all() and scores[:, 0].std() > 0


@pytest.mark.parametrize("metric", RESAMPLED)
def test_another_model_leaves_the_draws_of_the_others_alone(metric: str, chance: np.random.Generator) -> None:
    answers, labels = made(metric, chance)
    few, all_of_them = (resampled_scores(metric, some, labels, 101, seed=5) for some in (answers[:, :2], answers))
    assert np.allclose(few, all_of_them[:, :2], atol=1e-12)
    assert not np.allclose(few, resampled_scores(metric, answers[:, :2], labels, 101, seed=6))


def test_the_spread_of_an_accuracy_is_that_of_a_binomial(chance: np.random.Generator) -> None:
    answers, labels = made("accuracy", chance)
    scores = resampled_scores("accuracy", answers, labels, 4001, seed=5)
    share = (answers == labels[:, None]).mean(axis=0)
    assert np.allclose(scores.mean(axis=0), share, atol=0.003)
    assert np.allclose(scores.std(axis=0), np.sqrt(share * (1 - share) / N), rtol=0.06)


def test_constant_answers_have_a_correlation_of_zero(chance: np.random.Generator) -> None:
    _, labels = made("pearson", chance)
    assert (resampled_scores("pearson", np.full((N, 1), 2.5), labels, 11, seed=5) == 0).all()
    assert (resampled_scores("pearson", labels[:, None], np.full(N, 0.1), 11, seed=5) == 0).all()
