"""The baselines: right on cases that can be solved by hand, deterministic, and clearly beatable on the practice data."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch

from tasks.baselines import bag_of_words_baseline, features_of, labels_of, majority_baseline, ridge, softmax_regression, vocabulary
from tasks.data import read_examples
from tasks.registry import PRACTICE_FOLDER, TASKS

# What word counts may reach on dev; tasks/practice/README.md has what a fine-tuned minilm reaches.
CEILINGS = {"practice_sentiment": 0.60, "practice_paraphrase": 0.68, "practice_similarity": 0.72}


def split_of(*rows):
    """A split of (texts, label) rows."""
    return SimpleNamespace(examples=tuple(SimpleNamespace(texts=texts, label=label) for texts, label in rows))


def practice(name):
    """Train and dev split of a practice task."""
    return tuple(read_examples(PRACTICE_FOLDER / TASKS[name].files[split], TASKS[name], True) for split in ("train", "dev"))


def test_majority_answers_the_commonest_training_label():
    train = split_of((("a",), 3), (("b",), 3), (("c",), 1))
    dev = split_of((("d",), 3), (("e",), 1), (("f",), 1), (("g",), 1))
    assert majority_baseline(train, dev, TASKS["sst"]) == 0.25


def test_majority_breaks_ties_towards_the_smallest_label():
    train, dev = split_of((("a",), 4), (("b",), 0)), split_of((("c",), 0))
    assert majority_baseline(train, dev, TASKS["sst"]) == 1.0


def test_a_constant_correlates_with_nothing():
    rows = split_of((("a", "b"), 1.0), (("a", "c"), 4.0))
    assert majority_baseline(rows, rows, TASKS["sts"]) == 0.0


def test_word_counts_solve_what_single_words_decide():
    train = split_of(*[((f"a {'good' if i % 2 else 'bad'} thing {i}",), i % 2) for i in range(40)])
    dev = split_of((("the good one",), 1), (("one bad one",), 0))
    assert bag_of_words_baseline(train, dev, TASKS["cfimdb"]) == 1.0


def test_word_counts_cannot_tell_who_did_it():
    rows = []
    for a, b in (("ann", "bob"), ("cat", "dog"), ("boy", "man"), ("sun", "sea"), ("ant", "bee")):
        rows += [((f"{a} saw {b}", f"{b} was seen by {a}"), 1), ((f"{a} saw {b}", f"{a} was seen by {b}"), 0)]
    assert bag_of_words_baseline(split_of(*rows), split_of(*rows), TASKS["quora"]) == 0.5


def test_pair_features_do_not_depend_on_which_sentence_is_first():
    one, two = split_of((("red fish swim", "one fish"), 1)), split_of((("one fish", "red fish swim"), 1))
    index = vocabulary(one)
    assert torch.equal(features_of(one, index), features_of(two, index))
    assert features_of(one, index)[0, -2:].tolist() == pytest.approx([1 / 4, 1 / 10])  # one of four words shared, lengths 3 and 2


def test_ridge_solves_the_normal_equations_either_way_round():
    generator = torch.Generator().manual_seed(3)
    for rows, columns in ((7, 19), (19, 7)):
        x, y = (torch.randn(rows, n, generator=generator, dtype=torch.double) for n in (columns, 1))
        weight = torch.linalg.lstsq(torch.cat([x - x.mean(0), 0.5 ** 0.5 * torch.eye(columns, dtype=torch.double)]),
                                    torch.cat([y - y.mean(), torch.zeros(columns, 1, dtype=torch.double)])).solution
        expected = ((x - x.mean(0)) @ weight + y.mean()).squeeze(1)
        torch.testing.assert_close(ridge(x, y.squeeze(1), 0.5)(x).double(), expected, atol=1e-6, rtol=1e-6)


def test_softmax_regression_reaches_a_stationary_point():
    generator = torch.Generator().manual_seed(5)
    x, y = torch.randn(53, 7, generator=generator), torch.arange(53) % 3
    predict = softmax_regression(x, y, 3, 0.1)
    identity = torch.cat([torch.zeros(1, 7), torch.eye(7)])
    bias, weight = predict(identity)[0], predict(identity)[1:] - predict(identity)[0]
    error = torch.softmax(x @ weight + bias, dim=1) - torch.nn.functional.one_hot(y, 3)
    assert (x.T @ error / 53 + 0.1 * weight).abs().max() < 1e-3


@pytest.mark.parametrize("name", CEILINGS)
def test_word_counts_stay_clearly_below_a_fine_tuned_model(name):
    train, dev = practice(name)
    score = bag_of_words_baseline(train, dev, TASKS[name])
    assert majority_baseline(train, dev, TASKS[name]) + 0.03 < score < CEILINGS[name]


def test_the_same_rows_give_the_same_score_to_the_last_bit():
    for name in ("practice_sentiment", "practice_similarity"):
        train, dev = practice(name)
        few = SimpleNamespace(examples=train.examples[:211])
        assert bag_of_words_baseline(few, dev, TASKS[name]) == bag_of_words_baseline(few, dev, TASKS[name])


def test_labels_are_floats_in_row_order():
    assert labels_of(split_of((("a",), 2), (("b",), 0))).tolist() == [2.0, 0.0]
