"""Steps drawn by size: the published probabilities, their limits, and the promises that every plan keeps."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.recipe import load_recipe
from tasks.samplers import sampler
from tasks.sampling_plans import PLANS, annealed_alpha, own_steps, probabilities
from tasks.seeds import named_generator
from tasks.setup_run import make_sampler

COURSE = {"sst": 8544, "quora": 141_506, "sts": 6041}
SIZES = st.lists(st.integers(1, 10**6), min_size=1, max_size=7).map(lambda sizes: {f"task{i}": size for i, size in enumerate(sizes)})


@pytest.mark.parametrize(("alpha", "expected"), [
    (1.0, [0.0547, 0.9066, 0.0387]), (0.5, [0.1692, 0.6885, 0.1423]), (0.2, [0.2713, 0.4756, 0.2531]), (annealed_alpha(4, 10), [0.1265, 0.7723, 0.1012]),
])
def test_the_course_sets_have_the_known_probabilities(alpha: float, expected: list[float]) -> None:
    assert [round(each, 4) for each in probabilities(COURSE, alpha).tolist()] == expected


@given(SIZES, st.floats(0, 1))
def test_probabilities_sum_to_one_and_keep_the_order_of_the_sizes(sizes: dict[str, int], alpha: float) -> None:
    found = probabilities(sizes, alpha)
    assert abs(found.sum().item() - 1) < 1e-12
    by_size = found[torch.tensor(list(sizes.values())).argsort(stable=True)]
    assert (by_size.diff() >= -1e-15).all()


@given(SIZES, st.floats(0, 1), st.floats(0, 1))
def test_a_smaller_alpha_is_nearer_to_uniform(sizes: dict[str, int], one: float, other: float) -> None:
    spreads = [(probabilities(sizes, alpha).max() - probabilities(sizes, alpha).min()).item() for alpha in sorted((one, other))]
    assert spreads[0] <= spreads[1] + 1e-12
    assert (probabilities(sizes, 0.0) - 1 / len(sizes)).abs().max() < 1e-15


def test_alpha_falls_in_equal_steps_from_one_to_a_fifth_and_never_above_or_below() -> None:
    alphas = [annealed_alpha(epoch, 10) for epoch in range(10)]
    assert alphas[0] == 1 and abs(alphas[-1] - 0.2) < 1e-15
    assert all(abs(before - after - 0.8 / 9) < 1e-12 for before, after in itertools.pairwise(alphas))
    assert annealed_alpha(13, 10) == alphas[-1]


def test_a_single_epoch_is_proportional_and_divides_by_nothing() -> None:
    assert annealed_alpha(0, 1) == annealed_alpha(5, 1) == 1


def test_round_robin_advances_also_from_one_epoch_to_the_next() -> None:
    walk = sampler("round-robin", {"a": 5, "b": 7, "c": 11}, 5, iterations=4)
    assert "".join(step[0] for step in itertools.islice(walk, 12)) == "abcabcabcabc"


@pytest.mark.parametrize("name", PLANS)
def test_an_epoch_costs_as_many_batches_as_the_lock_step_baseline(name: str) -> None:
    walk = sampler(name, COURSE, 8)
    assert walk.steps_per_epoch == 3 * 755 == own_steps(COURSE, 8)
    assert all(len(step) == 1 for step in itertools.islice(walk, 97))
    assert sampler(name, COURSE, 8, iterations=2400).steps_per_epoch == 2400


@pytest.mark.parametrize("name", PLANS)
def test_under_accumulation_a_step_is_one_task_and_an_epoch_has_fewer_steps(name: str) -> None:
    walk = sampler(name, COURSE, 8 * 4)  # 4 batches of 8 before one update: a step takes 32 rows
    assert walk.steps_per_epoch == 3 * (6041 // 32) and len(next(walk)) == 1


@pytest.mark.parametrize(("name", "alphas"), [("proportional", [1, 1, 1]), ("square-root", [0.5, 0.5, 0.5]), ("annealed", [1, 0.6, 0.2])])
def test_tasks_are_drawn_as_often_as_their_probability_says_in_every_epoch(name: str, alphas: list[float]) -> None:
    steps = 20_011
    walk = sampler(name, COURSE, 8, generator=3, iterations=steps, epochs=3)
    for alpha in alphas:
        counts = Counter(itertools.islice(walk, steps))
        for task, chance in zip(COURSE, probabilities(COURSE, alpha).tolist()):
            assert abs(counts[task,] - steps * chance) < 5 * (steps * chance * (1 - chance)) ** 0.5  # five standard deviations of a binomial


@settings(deadline=None)
@given(st.sampled_from(sorted(PLANS)), st.integers(0, 89), st.integers(0, 2**31))
def test_two_processes_with_one_seed_draw_the_same_tasks_and_a_stopped_one_goes_on(name: str, stop: int, seed: int) -> None:
    one, other = (sampler(name, {"a": 13, "b": 97, "c": 41}, 3, seed, epochs=4) for _ in range(2))
    assert list(itertools.islice(one, stop)) == list(itertools.islice(other, stop))
    expected = list(itertools.islice(one, 61))
    resumed = sampler(name, {"a": 13, "b": 97, "c": 41}, 3, seed + 1, epochs=4)
    resumed.load_state_dict(other.state_dict())
    assert list(itertools.islice(resumed, 61)) == expected


def test_a_run_that_will_be_longer_has_another_annealing_from_the_second_epoch_on() -> None:
    short, long = (list(itertools.islice(sampler("annealed", COURSE, 8, 1, iterations=501, epochs=epochs), 2 * 501)) for epochs in (2, 50))
    assert short[:501] == long[:501] and short[501:] != long[501:]


def test_a_recipe_tells_its_sampler_the_rows_of_an_update_and_how_many_epochs_there_will_be() -> None:
    """Without the number of epochs annealed sampling would be proportional for ever."""
    recipe = load_recipe("pals-annealed", ["training.epochs=3", "training.accumulation=2", "sampler.batch_size=4", "seed=7"])
    found = make_sampler(recipe, {name: range(size) for name, size in COURSE.items()})
    expected = sampler("annealed", COURSE, 8, named_generator(7, "sampler"), epochs=3)
    assert found.steps_per_epoch == expected.steps_per_epoch == 2265
    assert list(itertools.islice(found, 3 * 2265)) == list(itertools.islice(expected, 3 * 2265))
