"""Two lines every trained model should beat: the constant answer, and word counts.

* majority_baseline answers the same for every row: the commonest training label, or the mean for a regression.
* bag_of_words_baseline fits a linear model on word counts: softmax regression for classes, ridge regression for scores. For a pair of
  texts with counts a and b the features are a + b, |a - b|, min(a, b), the Jaccard overlap of the two word sets and the length difference,
  so it sees which words were exchanged but never in which order they stand.

Both are deterministic, read only `.examples` of the splits, and take a second or two on the practice data.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional as F

if TYPE_CHECKING:
    from tasks.data import Split
    from tasks.registry import Task

MAX_WORDS = 2000  # the commonest training words; a limit so that a large file still fits in memory
PENALTIES = (0.001, 0.003, 0.01, 0.03)  # weights of the squared norm that are tried on held-out training rows
TINY = 1e-12


def majority_baseline(train: Split, dev: Split, task: Task) -> float:
    """The dev score of one constant answer: accuracy of the commonest training label, or 0 (a constant correlates with nothing).

    Ties go to the smallest label.
    """
    if task.metric == "pearson":
        return 0.0
    counts = Counter(example.label for example in train.examples)
    commonest = min(counts, key=lambda label: (-counts[label], label))
    return sum(example.label == commonest for example in dev.examples) / len(dev.examples)


def bag_of_words_baseline(train: Split, dev: Split, task: Task) -> float:
    """The dev score (accuracy from 0 to 1, or Pearson's r from -1 to 1) of a linear model on word counts.

    The strength of the penalty is the one of `PENALTIES` that does best on every fifth training row, which are then added back.
    """
    index = vocabulary(train)
    features, labels = features_of(train, index), labels_of(train)
    held_out = torch.arange(len(labels)) % 5 == 4
    best = max(PENALTIES, key=lambda penalty: fit_and_score(features[~held_out], labels[~held_out], features[held_out], labels[held_out], task, penalty))
    return fit_and_score(features, labels, features_of(dev, index), labels_of(dev), task, best)


def words_of(text: str) -> list[str]:
    """Lower-case words; punctuation is dropped."""
    return re.findall(r"[a-z0-9']+", text.lower())


def vocabulary(split: Split) -> dict[str, int]:
    """A column number for each of the commonest words of a split, in a fixed order (by count, then alphabet)."""
    counts = Counter(word for example in split.examples for text in example.texts for word in words_of(text))
    return {word: column for column, word in enumerate(sorted(counts, key=lambda word: (-counts[word], word))[:MAX_WORDS])}


def counts_of(texts: list[str], index: dict[str, int]) -> Tensor:
    """Word counts of N texts: (N, words)."""
    counts = torch.zeros(len(texts), len(index))
    for row, text in enumerate(texts):
        for word in words_of(text):
            if word in index:
                counts[row, index[word]] += 1
    return counts


def features_of(split: Split, index: dict[str, int]) -> Tensor:
    """The features of every row of a split: (N, words) for single texts, (N, 3 * words + 2) for pairs."""
    first = counts_of([example.texts[0] for example in split.examples], index)
    if len(split.examples[0].texts) == 1:
        return first
    second = counts_of([example.texts[1] for example in split.examples], index)
    shared = torch.minimum(first, second)
    # Word identity is looked up in the training vocabulary, but the overlap should count unknown words too.
    pairs = [tuple(set(words_of(text)) for text in example.texts) for example in split.examples]
    overlap = torch.tensor([len(a & b) / max(1, len(a | b)) for a, b in pairs])
    lengths = torch.tensor([[len(words_of(text)) for text in example.texts] for example in split.examples], dtype=torch.float32)
    difference = (lengths[:, 0] - lengths[:, 1]).abs() / 10  # scaled to the size of the other features
    return torch.cat([first + second, (first - second).abs(), shared, overlap[:, None], difference[:, None]], dim=1)


def labels_of(split: Split) -> Tensor:
    """The labels of a split: (N,) floats."""
    return torch.tensor([float(example.label) for example in split.examples])


def fit_and_score(features: Tensor, labels: Tensor, new_features: Tensor, new_labels: Tensor, task: Task, penalty: float) -> float:
    """Fit on one set of rows, score on another."""
    if task.kind == "regression":
        return correlation(ridge(features, labels, penalty * len(labels))(new_features), new_labels)
    predicted = softmax_regression(features, labels.long(), max(2, task.num_outputs), penalty)(new_features).argmax(dim=1)  # (N,)
    return (predicted == new_labels).float().mean().item()


def ridge(features: Tensor, labels: Tensor, penalty: float) -> Callable[[Tensor], Tensor]:
    """Least squares with a squared-norm penalty, solved exactly; returns the fitted function (N, F) -> (N,).

    Features and labels are centred, so the bias is not penalised.
    """
    feature_mean, label_mean = features.mean(dim=0), labels.mean()
    centred = (features - feature_mean).double()
    # (X'X + pI)^-1 X'y = X'(XX' + pI)^-1 y: solve whichever system is the smaller one.
    if centred.shape[0] <= centred.shape[1]:
        system = centred @ centred.T + penalty * torch.eye(centred.shape[0], dtype=torch.double)  # (N, N)
        weight = centred.T @ torch.linalg.solve(system, (labels - label_mean).double())
    else:
        system = centred.T @ centred + penalty * torch.eye(centred.shape[1], dtype=torch.double)  # (F, F)
        weight = torch.linalg.solve(system, centred.T @ (labels - label_mean).double())
    return lambda new: ((new - feature_mean).double() @ weight + label_mean).float()


def softmax_regression(features: Tensor, labels: Tensor, classes: int, penalty: float) -> Callable[[Tensor], Tensor]:
    """Multinomial logistic regression from zero weights by L-BFGS; returns the fitted function (N, F) -> (N, classes).

    The loss is the mean cross-entropy plus `penalty` times half the squared norm of the weights, so it is convex and has one answer.
    """
    weight = torch.zeros(features.shape[1], classes, requires_grad=True)
    bias = torch.zeros(classes, requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = F.cross_entropy(features @ weight + bias, labels) + penalty / 2 * weight.square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return lambda new: (new @ weight + bias).detach()


def correlation(predicted: Tensor, labels: Tensor) -> float:
    """Pearson's r of two (N,) vectors, 0 if either is constant."""
    x, y = (predicted - predicted.mean()).double(), (labels - labels.mean()).double()
    return ((x @ y) / (x.norm() * y.norm() + TINY)).item()
