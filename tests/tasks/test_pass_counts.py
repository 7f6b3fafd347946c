"""How often an epoch updates the weights and how much of each set it reads, from the sizes of the course's sets alone."""

from __future__ import annotations

import functools
import itertools

import pytest
import torch

from tasks.encoding import EncodedSplit
from tasks.samplers import Sampler
from tasks.streams import BatchStream
from tasks.surgery_updates import ALL_UPDATES

COURSE, BATCH = {"sst": 8544, "quora": 141_506, "sts": 6040}, 8


@pytest.mark.parametrize("update, updates", [("separate", 2265), ("summed", 755), ("pcgrad", 755), ("gradvac", 755), ("gse", 1510), ("summed-twice", 1510), ("pcgrad-twice", 1510)])
def test_updates_of_an_epoch(update: str, updates: int) -> None:
    assert Sampler("lock-step", COURSE, BATCH).steps_per_epoch * ALL_UPDATES[update].optimizer_steps(len(COURSE)) == updates


@functools.cache
def stream_of(task: str) -> list[int]:
    """The examples that a stream gives in three lock-step epochs' steps, in their order."""
    size = COURSE[task]
    alike = (([1],),) * size
    stream = BatchStream(EncodedSplit(task, alike, alike, torch.zeros(size), ("",) * size, (1,) * size, 0, 0), BATCH, window=1)
    return [index for batch in itertools.islice(stream, 3 * 755) for index in batch.indices]


def read_by(times: int) -> dict[str, list[int]]:
    """Task -> the examples read in one epoch of `times` the plan's own steps."""
    sampler = Sampler("lock-step", COURSE, BATCH, times=times)
    epoch = list(itertools.islice(sampler, sampler.steps_per_epoch))
    return {task: stream_of(task)[: BATCH * sum(task in names for names in epoch)] for task in COURSE}


def passes(read: dict[str, list[int]]) -> dict[str, float]:
    return {task: round(len(examples) / COURSE[task], 3) for task, examples in read.items()}


def test_an_epoch_of_the_baseline_reads_as_much_of_each_set_as_the_smallest_has() -> None:
    read = read_by(1)
    assert passes(read) == {"sst": 0.707, "quora": 0.043, "sts": 1.0}
    assert all(len(set(examples)) == len(examples) == 6040 for examples in read.values())


def test_three_times_the_steps_begin_small_sets_again_and_read_new_pairs_of_the_large_one() -> None:
    assert Sampler("lock-step", COURSE, BATCH, times=3).steps_per_epoch == 2265
    read = read_by(3)
    assert passes(read) == {"sst": 2.121, "quora": 0.128, "sts": 3.0}
    assert len(set(read["quora"])) == 18_120 and set(read["sst"]) == set(range(8544))
    rounds = [tuple(read["sts"][start : start + 6040]) for start in (0, 6040, 12_080)]
    assert all(sorted(each) == list(range(6040)) for each in rounds) and len(set(rounds)) == 3  # not the first order for ever
