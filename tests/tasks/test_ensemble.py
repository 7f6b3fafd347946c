"""Greedy unweighted ensembles: what the mean may depend on and what not, on answers made by hand."""

from __future__ import annotations

import pytest
import torch
from tasks_small import seeded

from minbert.errors import UserError
from tasks.ensemble import SPACES, Member, answers, greedy, joined, mean_of, scorer
from tasks.metrics import accuracy, decide, pearson
from tasks.registry import TASKS

SST, QUORA, STS = TASKS["sst"], TASKS["quora"], TASKS["sts"]
ROWS = 61


def made(task: object, models: int = 7, rows: int = ROWS, noise: float = 1.5, seed: int = 3, space: str = "probabilities") -> tuple[list[Member], torch.Tensor]:
    """Models that are right more often than not, each in its own way."""
    chance = seeded(seed)
    ids = tuple(f"id{number}" for number in range(rows))
    shape = (rows, task.num_outputs) if task.kind == "classes" else (rows,)
    labels = torch.randint(task.num_classes, (rows,), generator=chance) if task.num_classes else 5 * torch.rand(rows, generator=chance)
    centre = torch.nn.functional.one_hot(labels, task.num_outputs).float() if task.kind == "classes" else labels - (0.5 if task.num_classes else 0)
    logits = [centre + noise * (1 + 9 * (number == 3)) * torch.randn(shape, generator=chance) for number in range(models)]  # number 3 guesses
    return [Member(f"model{number}", ids, SPACES[space][task.kind](each)) for number, each in enumerate(logits)], labels


@pytest.mark.parametrize("task", [SST, QUORA, STS], ids=lambda task: task.name)
@pytest.mark.parametrize("space", SPACES)
def test_the_dev_score_never_falls_along_the_path(task, space):
    members, labels = made(task, space=space)
    chosen = greedy(members, labels, scorer(task, space))
    taken = [step.together for step in chosen.steps if step.added]
    assert taken == sorted(taken) and chosen.score == taken[-1] >= chosen.best == max(step.alone for step in chosen.steps)
    assert 1 < len(chosen.names) < len(members), "a case in which some are taken and some are not"
    assert [step.alone for step in chosen.steps] == sorted((step.alone for step in chosen.steps), reverse=True)
    reached = float("-inf")
    for step in chosen.steps:
        assert step.added == (step.together >= reached)
        reached = step.together if step.added else reached


def test_a_candidate_that_changes_nothing_is_taken_and_one_that_costs_is_not():
    """Worked by hand: right answers 1 1 1 1.  a: 3 of 4; b agrees with a where it matters; c pulls the first answer over."""
    ids, labels = tuple("wxyz"), torch.tensor([1.0, 1.0, 1.0, 1.0])
    a = Member("a", ids, torch.tensor([0.6, 0.9, 0.9, 0.1]))
    b = Member("b", ids, torch.tensor([0.9, 0.2, 0.9, 0.1]))
    c = Member("c", ids, torch.tensor([0.0, 0.0, 0.0, 0.9]))
    chosen = greedy([c, b, a], labels, scorer(QUORA))
    assert [(step.name, step.alone, step.together, step.added) for step in chosen.steps] == [("a", 0.75, 0.75, True), ("b", 0.5, 0.75, True), ("c", 0.25, 0.25, False)]


def test_equals_are_tried_in_the_order_given_and_the_way_depends_on_it():
    members, labels = made(QUORA, models=5, rows=11)
    clones = [members[0], Member("twin", members[0].ids, members[0].values)]
    assert greedy(clones, labels, scorer(QUORA)).names == ("model0", "twin")
    assert greedy(clones[::-1], labels, scorer(QUORA)).names == ("twin", "model0")


@pytest.mark.parametrize("task", [SST, QUORA, STS], ids=lambda task: task.name)
def test_duplicates_of_one_model_are_that_model(task):
    members, labels = made(task, models=1)
    twice = [members[0], Member("copy", members[0].ids, members[0].values)]
    chosen = greedy(twice, labels, scorer(task))
    assert chosen.names == ("model0", "copy") and chosen.score == chosen.best
    assert torch.equal(answers(mean_of([each.values for each in twice]), task.kind), answers(members[0].values, task.kind))


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("kind, shape", [("classes", (97, 5)), ("binary", (97,)), ("regression", (97,))])
def test_one_model_alone_answers_as_itself(kind, shape, space):
    logits = 3 * torch.randn(shape, generator=seeded(5))
    logits[:13] = logits[:13] * 1e-8  # scores so close, or so near 0, that float32 probabilities round
    assert torch.equal(answers(mean_of([SPACES[space][kind](logits)]), kind, space).double(), decide(kind, logits).double())


def test_the_mean_does_not_depend_on_the_order_of_members():
    members, _ = made(SST)
    values = [member.values for member in members]
    torch.testing.assert_close(mean_of(values), mean_of(values[::-1]), rtol=0, atol=1e-15)


def test_the_order_of_examples_is_harmless():
    members, labels = made(STS)
    order = torch.randperm(ROWS, generator=seeded(8))
    shuffled = [Member(each.name, tuple(each.ids[place] for place in order), each.values[order]) for each in members]
    assert greedy(shuffled, labels[order], scorer(STS)).names == greedy(members, labels, scorer(STS)).names


def test_members_are_joined_on_the_id_and_not_on_the_place():
    members, labels = made(QUORA)
    order = torch.randperm(ROWS, generator=seeded(8))
    moved = Member("moved", tuple(members[1].ids[place] for place in order), members[1].values[order], labels[order])
    first, again = joined([members[0], moved])
    assert first is members[0] and again.ids == members[0].ids
    assert torch.equal(again.values, members[1].values) and torch.equal(again.labels, labels)


def test_missing_and_extra_examples_are_named():
    members, _ = made(QUORA, models=2, rows=5)
    other = Member("other", ("id0", "id1", "id2", "new"), torch.zeros(4))
    with pytest.raises(UserError) as caught:
        joined([members[0], other])
    assert str(caught.value) == ("other answers 4 examples where model0 answers 5: 2 missing ('id3', 'id4') and 1 extra ('new'); "
                                 "all members of an ensemble must answer the same file.")


def test_averaging_rounded_answers_is_not_the_same():
    """The mistake: 0.9 and two times 0.4 mean 0.57, which is a yes; rounded first, two of three say no."""
    sure, doubts = torch.tensor([0.9]), torch.tensor([0.4])
    assert answers(mean_of([sure, doubts, doubts]), "binary").item() == 1
    assert answers(mean_of([sure.round(), doubts.round(), doubts.round()]), "binary", "votes").item() == 0


def test_averaging_logits_lets_the_loudest_model_decide():
    loud, quiet = torch.tensor([[60.0, 0.0]]), torch.tensor([[0.0, 4.0]])
    by = {space: answers(mean_of([SPACES[space]["classes"](each) for each in (loud, quiet, quiet, quiet)]), "classes", space).item() for space in SPACES}
    assert by == {"probabilities": 1, "votes": 1, "logits": 0}


def test_a_draw_of_votes_goes_to_the_lower_class():
    votes = [torch.eye(5)[[3]], torch.eye(5)[[1]]]
    assert answers(mean_of(votes), "classes", "votes").item() == 1
    assert answers(mean_of([torch.tensor([1.0]), torch.tensor([0.0])]), "binary", "votes").item() == 0


def test_scores_are_the_metrics_of_the_task():
    members, labels = made(STS, models=2)
    assert scorer(STS)(members[0].values, labels) == pearson(members[0].values, labels)
    members, labels = made(SST, models=2)
    assert scorer(SST)(members[0].values, labels) == accuracy(members[0].values.argmax(-1), labels)
