"""The nested estimate: choosing flatters, and it is seen where there is nothing to choose from."""

from __future__ import annotations

import pytest
import torch
from tasks_small import seeded

from tasks.ensemble import Member, scorer
from tasks.ensemble_nested import nested
from tasks.registry import TASKS

QUORA, STS = TASKS["quora"], TASKS["sts"]


def coins(models: int = 9, rows: int = 101) -> tuple[list[Member], torch.Tensor]:
    """Models that know nothing, and labels that are coins."""
    ids = tuple(map(str, range(rows)))
    chance = seeded(5)
    return [Member(f"m{n}", ids, torch.rand(rows, generator=chance)) for n in range(models)], torch.randint(2, (rows,), generator=chance)


def test_models_that_know_nothing_look_better_on_the_half_they_were_chosen_on():
    members, labels = coins()
    found = nested(members, labels, scorer(QUORA), 60, seeded())
    assert found.optimism > 0.1 and abs(found.unseen - 0.5) < 0.08
    assert 0.05 < found.best_optimism < found.optimism  # a choice among more combinations flatters more
    assert found.draws == 60 and found.deviation > 0


def test_where_there_is_nothing_to_choose_nothing_is_gained():
    members, labels = coins(models=1)
    found = nested(members, labels, scorer(QUORA), 40, seeded())
    assert found.gain == 0 == found.deviation and found.chosen == found.best_chosen and abs(found.optimism) < 0.05


def test_members_that_err_apart_gain_on_the_unseen_half_too():
    labels = 5 * torch.rand(200, generator=seeded(4))
    members = [Member(f"m{n}", tuple(map(str, range(200))), labels + 2 * torch.randn(200, generator=seeded(n))) for n in range(5)]
    found = nested(members, labels, scorer(STS), 30, seeded())
    assert found.gain > 0.1 > abs(found.optimism)


def test_the_same_seed_draws_the_same_halves():
    members, labels = coins()
    assert nested(members, labels, scorer(QUORA), 5, seeded(2)) == nested(members, labels, scorer(QUORA), 5, seeded(2))
    assert nested(members, labels, scorer(QUORA), 5, seeded(2)) != nested(members, labels, scorer(QUORA), 5, seeded(1))


@pytest.mark.parametrize("draws, rows", [(0, 101), (3, 3)])
def test_without_draws_and_with_too_few_examples_there_is_no_estimate(draws, rows):
    members, labels = coins(rows=rows)
    assert nested(members, labels, scorer(QUORA), draws, seeded()) is None


def test_halves_in_which_all_answers_are_alike_raise_no_warning():
    labels = torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0])
    constant = Member("constant", tuple("abcde"), torch.tensor([0.0, 0.0, 0.0, 0.0, 1.0]))
    assert nested([constant], labels, scorer(STS), 10, seeded()).unseen <= 1
