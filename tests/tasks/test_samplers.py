"""Steps follow their schedule: lock-step takes all tasks together, shuffled takes each batch of each task once."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from minbert.errors import UserError
from tasks.samplers import SAMPLERS, sampler

COURSE = {"sst": 8544, "quora": 141_506, "sts": 6040}
SIZES = st.dictionaries(st.sampled_from(["sst", "quora", "sts", "own"]), st.integers(1, 97), min_size=1)


def test_lock_step_makes_755_steps_of_the_course_sets() -> None:
    walk = sampler("lock-step", COURSE, 8)
    assert walk.steps_per_epoch == 755 == 6040 // 8
    assert set(itertools.islice(walk, 2 * 755)) == {("sst", "quora", "sts")}  # every step, and in the order of the recipe
    assert sampler("lock-step", COURSE, 8, iterations=3 * 755).steps_per_epoch == 2265


@given(SIZES, st.integers(1, 31))
def test_lock_step_runs_as_long_as_the_smallest_set_has_whole_batches(sizes: dict[str, int], batch_size: int) -> None:
    walk = sampler("lock-step", sizes, batch_size)
    assert walk.steps_per_epoch == max(1, min(size // batch_size for size in sizes.values()))
    assert next(walk) == tuple(sizes)


@settings(deadline=None)
@given(SIZES, st.integers(1, 31), st.integers(0, 2**31))
def test_shuffled_takes_every_batch_of_every_task_once_an_epoch(sizes: dict[str, int], batch_size: int, seed: int) -> None:
    walk = sampler("shuffled", sizes, batch_size, seed)
    expected = {(task,): -(-size // batch_size) for task, size in sizes.items()}
    assert walk.steps_per_epoch == sum(expected.values())
    for _ in range(3):
        assert Counter(itertools.islice(walk, walk.steps_per_epoch)) == expected


def test_shuffled_is_shuffled_anew_each_epoch() -> None:
    walk = sampler("shuffled", {"sst": 101, "sts": 89}, 5, 3)
    one, other = (list(itertools.islice(walk, walk.steps_per_epoch)) for _ in range(2))
    assert one != other and one != sorted(one)


def test_shuffled_with_iterations_repeats_or_cuts_the_pool() -> None:
    sizes = {"sst": 13, "sts": 7}  # 3 and 2 batches of 5
    assert sampler("shuffled", sizes, 5, iterations=3).steps_per_epoch == 3
    walk = sampler("shuffled", sizes, 5, iterations=10)
    assert Counter(itertools.islice(walk, 10)) == {("sst",): 6, ("sts",): 4}


@settings(deadline=None)
@given(st.sampled_from(sorted(SAMPLERS)), SIZES, st.integers(0, 53), st.integers(0, 2**31), st.integers(0, 7))
def test_a_sampler_stopped_anywhere_goes_on_exactly_there(name: str, sizes: dict[str, int], stop: int, seed: int, iterations: int) -> None:
    walk = sampler(name, sizes, 5, seed, iterations)
    list(itertools.islice(walk, stop))
    state = walk.state_dict()
    expected = list(itertools.islice(walk, 41))
    resumed = sampler(name, sizes, 5, seed + 1, iterations)
    resumed.load_state_dict(state)
    assert list(itertools.islice(resumed, 41)) == expected


def test_drawing_steps_leaves_the_callers_generator_alone(generator: torch.Generator) -> None:
    walk = sampler("shuffled", {"sst": 101}, 5, generator)
    before = generator.get_state()
    list(itertools.islice(walk, 97))
    assert torch.equal(before, generator.get_state())


@pytest.mark.parametrize(("name", "sizes", "batch_size", "iterations", "words"), [
    ("lockstep", {"sst": 5}, 8, 0, r"no sampler 'lockstep'; there are lock-step, shuffled, round-robin, .* \(did you mean 'lock-step'\?\)"),
    ("shuffled", {}, 8, 0, r"needs tasks with at least one example; got \{\}"),
    ("shuffled", {"sst": 0}, 8, 0, r"got \{'sst': 0\}"),
    ("shuffled", {"sst": 5}, 0, 0, "batch_size is 0 and iterations is 0; expected 1 or more"),
    ("shuffled", {"sst": 5}, 8, -1, "iterations is -1"),
])
def test_what_cannot_be_sampled_is_told(name: str, sizes: dict[str, int], batch_size: int, iterations: int, words: str) -> None:
    with pytest.raises(UserError, match=words):
        sampler(name, sizes, batch_size, iterations=iterations)


def test_a_state_of_other_sizes_is_refused() -> None:
    with pytest.raises(UserError, match=r"taken with sizes \{'sst': 5\}, now it is \{'sst': 7\}"):
        sampler("shuffled", {"sst": 7}, 2).load_state_dict(sampler("shuffled", {"sst": 5}, 2).state_dict())
