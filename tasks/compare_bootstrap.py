"""The paired bootstrap: how much a difference of scores owes to the dev examples that happened to be drawn.

    draw N of the N dev examples, with replacement; score every row on that same draw; take the differences; repeat R times

A draw is a vector of counts c (N,), c_i times example i, and both metrics need nothing but sums weighted by it:

    accuracy = sum c_i right_i / N
    r = (m_py - m_p m_y) / sqrt((m_pp - m_p^2)(m_yy - m_y^2)),   m_ab = sum c_i a_i b_i / N

So R draws are one matrix product (R, N) @ (N, S) for S models at once.  Letters: N examples, S models (rows times seeds), R draws.
Source: Efron & Tibshirani, An Introduction to the Bootstrap (1993); paired over systems as in Koehn (2004).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

Numbers = np.ndarray  # float64
CHUNK_CELLS = 4_000_000  # counts held at once: 32 MB


def draws(examples: int, resamples: int, generator: np.random.Generator) -> Iterator[Numbers]:
    """`resamples` draws in chunks: arrays (r, N) of counts, each row summing to N = `examples`."""
    chunk = max(1, CHUNK_CELLS // examples)
    for start in range(0, resamples, chunk):
        rows = min(chunk, resamples - start)
        picked = generator.integers(examples, size=(rows, examples)) + np.arange(rows)[:, None] * examples  # (r, N), each row in a range of its own
        yield np.bincount(picked.ravel(), minlength=rows * examples).reshape(rows, examples).astype(np.float64)


def accuracy(counts: Numbers, answers: Numbers, labels: Numbers) -> Numbers:
    """Accuracy of each model in each draw: counts (r, N), answers (N, S), labels (N,) -> (r, S)."""
    return counts @ (answers == labels[:, None]) / counts.shape[1]


def pearson(counts: Numbers, answers: Numbers, labels: Numbers) -> Numbers:
    """Pearson's r of each model in each draw, 0 where all answers or all labels of a draw are alike; shapes as in `accuracy`."""
    # r does not mind; the differences of large squares would.
    p, y = _standard(answers), _standard(labels[:, None])  # (N, S), (N, 1)
    mean = [counts @ values / counts.shape[1] for values in (p, y, p * p, y * y, p * y)]  # (r, S) or (r, 1) each
    covariance, variances = mean[4] - mean[0] * mean[1], (mean[2] - mean[0] ** 2) * (mean[3] - mean[1] ** 2)
    defined = variances > 1e-20
    return np.clip(np.where(defined, covariance / np.sqrt(np.where(defined, variances, 1.0)), 0.0), -1.0, 1.0)


def _standard(values: Numbers) -> Numbers:
    spread = values.std(axis=0)
    return (values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0)


RESAMPLED: Mapping[str, Callable[[Numbers, Numbers, Numbers], Numbers]] = {"accuracy": accuracy, "pearson": pearson}


def resampled_scores(metric: str, answers: Numbers, labels: Numbers, resamples: int, seed: int) -> Numbers:
    """The score of S models in each of R draws, the same draws for all: answers (N, S), labels (N,) -> (R, S)."""
    score = RESAMPLED[metric]
    return np.concatenate([score(counts, answers, labels) for counts in draws(len(labels), resamples, np.random.default_rng(seed))])
