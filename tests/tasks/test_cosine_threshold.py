"""Thresholds on labelled scores: as good as any that a search finds, exact at ties, and honest about constant answers."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from minbert.errors import UserError
from tasks.cosine_threshold import ThresholdHead, answers, best_threshold, constant_warning
from tasks.data import read_examples
from tasks.registry import TASKS

EXAMPLES = st.lists(st.tuples(st.one_of(st.floats(-1, 1), st.sampled_from([0.0, 0.5, 0.9])), st.integers(0, 1)), min_size=1, max_size=30)


def tensors(examples: list[tuple[float, int]]) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.tensor([score for score, _ in examples], dtype=torch.float64), torch.tensor([label for _, label in examples])


def share(scores: torch.Tensor, labels: torch.Tensor, threshold: float) -> float:
    return (answers(scores, threshold) == labels).double().mean().item()


@given(EXAMPLES)
def test_no_threshold_does_better_and_its_accuracy_is_what_it_says(examples):
    scores, labels = tensors(examples)
    found = best_threshold(scores, labels)
    assert share(scores, labels, found.value) == found.accuracy == max(share(scores, labels, each) for each in [-math.inf, *scores.tolist()])
    assert found.majority == max((labels == 0).double().mean().item(), (labels == 1).double().mean().item()) <= found.accuracy


@given(EXAMPLES)
def test_it_is_constant_exactly_when_all_answers_are_the_same_and_then_it_is_the_majority(examples):
    scores, labels = tensors(examples)
    found = best_threshold(scores, labels)
    given_answers = answers(scores, found.value)
    assert found.is_constant == (len(given_answers.unique()) == 1) == bool(constant_warning("quora", given_answers))
    if found.is_constant:
        assert found.accuracy == found.majority


@given(EXAMPLES)
def test_every_threshold_of_the_gap_gives_the_same_answers(examples):
    scores, labels = tensors(examples)
    found = best_threshold(scores, labels)
    expected = answers(scores, found.value)
    for each in (found.low, math.nextafter(found.high, -math.inf)):
        assert torch.equal(answers(scores, each), expected)


@given(EXAMPLES, st.floats(-3, 3), st.sampled_from([0.5, 1.0, 4.0]))
def test_the_order_of_the_examples_does_not_matter(examples, seed, scale):
    scores, labels = tensors(examples)
    order = torch.randperm(len(scores), generator=torch.Generator().manual_seed(int(seed * 100) % 97))
    assert best_threshold(scores[order], labels[order]) == best_threshold(scores, labels)
    assert best_threshold(scores * scale, labels).accuracy == best_threshold(scores, labels).accuracy


def test_scores_far_above_the_usual_threshold_are_told_apart_all_the_same():
    """Cosines of BERT live in .8 to 1: a threshold of .5 answers 1 to all of them, one of 1 answers 0."""
    scores, labels = torch.tensor([0.81, 0.85, 0.88, 0.93, 0.97]), torch.tensor([0, 0, 0, 1, 1])
    found = best_threshold(scores, labels)
    assert found.accuracy == 1 and found.value == pytest.approx(0.905) and (found.low, found.high) == pytest.approx((0.88, 0.93))
    assert [share(scores, labels, each) for each in (0.5, 1.0)] == pytest.approx([0.4, 0.6])


def test_equal_scores_cannot_be_told_apart():
    found = best_threshold(torch.full((5,), 0.7), torch.tensor([0, 1, 0, 1, 0]))
    assert found.is_constant and found.accuracy == found.majority == 0.6
    assert answers(torch.full((5,), 0.7), found.value).tolist() == [0] * 5
    assert answers(torch.full((2,), 0.7), best_threshold(torch.full((2,), 0.7), torch.tensor([1, 1])).value).tolist() == [1, 1]


def test_a_threshold_that_answers_both_ways_is_preferred_then_the_widest_gap_then_the_lowest():
    scores = torch.tensor([0.25, 0.5, 1.0, 1.25])
    assert best_threshold(scores, torch.tensor([0, 1, 0, 1])).value == 0.375  # right 3 times, as 1.125 is, and both gaps are equally wide
    assert best_threshold(torch.tensor([0.1, 0.2, 0.4, 0.7]), torch.tensor([0, 1, 0, 1])).value == pytest.approx(0.55)  # the upper gap is wider
    assert not best_threshold(torch.tensor([0.1, 0.5, 0.6]), torch.tensor([1, 0, 1])).is_constant  # "always 1" is right twice as well


@pytest.mark.parametrize("low", [0.7, math.nextafter(0.7, 1.0)])  # rounded to even, the middle is the lower number once and the upper once
def test_the_middle_of_two_neighbouring_numbers_still_lies_below_the_upper_one(low):
    high = math.nextafter(low, 1.0)
    found = best_threshold(torch.tensor([low, high], dtype=torch.float64), torch.tensor([0, 1]))
    assert found.accuracy == 1 and found.value == low


def test_labels_the_wrong_way_round_are_answered_by_the_commoner_label():
    """A score that falls for duplicates is not turned round in secret."""
    found = best_threshold(torch.tensor([0.1, 0.2, 0.8, 0.9]), torch.tensor([1, 1, 0, 0]))
    assert found.accuracy == 0.5


def test_the_warning_tells_a_constant_from_answers():
    labels = torch.tensor([0, 0, 1])
    assert constant_warning("quora", torch.tensor([0, 0, 1]), labels) == ""
    assert constant_warning("quora", torch.tensor([1, 1, 1]), labels).endswith("are 1: nothing was told apart, and its accuracy of 33.3% is the share of that label.")
    assert constant_warning("sts", torch.full((2,), 4.9998)) == "All 2 predictions of sts are 4.9998: nothing was told apart."
    assert constant_warning("sts", torch.zeros(0)) == ""


def test_always_answering_no_has_most_of_the_published_paraphrase_accuracy(course_data):
    labels = torch.tensor([example.label for example in read_examples(course_data / TASKS["quora"].files["dev"], TASKS["quora"], True).examples])
    found = best_threshold(torch.zeros(len(labels)), labels)  # scores that tell nothing apart
    assert (len(labels), int((labels == 0).sum())) == (18_213, 11_427)
    assert found.is_constant and found.accuracy == pytest.approx(0.6274, abs=5e-5)  # BERTer prints .632


@pytest.mark.parametrize(("scores", "labels", "message"), [
    (torch.zeros(2, 1), torch.zeros(2), r"scores of shape \(2, 1\) and labels of shape \(2,\)"), (torch.zeros(0), torch.zeros(0), "for every example"),
    (torch.tensor([math.nan]), torch.zeros(1), "a score is nan"), (torch.zeros(2), torch.tensor([0, 2]), "a label is 2, expected 0 or 1"),
])
def test_other_kinds_of_scores_and_labels_are_refused(scores, labels, message):
    with pytest.raises(UserError, match=message):
        best_threshold(scores, labels)


def test_a_head_of_yes_and_no_trains_on_cosines_and_answers_over_the_threshold_it_was_told() -> None:
    head, generator = ThresholdHead(), torch.Generator().manual_seed(3)
    features, labels = torch.randn(17, 10, generator=generator), torch.randint(2, (17,), generator=generator).float()
    cosines = head.train()(features)
    tuned = head.tune(head.eval()(features), labels)
    found = best_threshold(cosines, labels)
    assert torch.equal(head.train()(features), cosines) and torch.allclose(head.eval()(features), tuned, rtol=0, atol=1e-6)
    assert torch.equal((tuned > 0).long(), answers(cosines, found.value)) and head.state_dict()["threshold"].item() == pytest.approx(found.value)
    assert torch.allclose(head.tune(tuned, labels), tuned, rtol=0, atol=1e-6)  # chosen again, it is the same
