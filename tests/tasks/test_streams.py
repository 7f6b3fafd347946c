"""A stream never ends, shows each example once an epoch in a new order, and goes on exactly where it was stopped."""

from __future__ import annotations

import itertools

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tasks_data import QUORA, encoded_lengths

from minbert.errors import UserError
from tasks.streams import BatchStream, Endless, own_generator

LENGTHS = [(1 + (row * 7) % 13,) for row in range(23)]  # 23 examples in batches of 5: 5 batches, the last with 3


def stream(seed: int | torch.Generator = 11, batch_size: int = 5, window: int = 2) -> BatchStream:
    return BatchStream(encoded_lengths(LENGTHS), batch_size, window, seed)


def indices(walk: BatchStream, batches: int) -> list[tuple[int, ...]]:
    return [batch.indices for batch in itertools.islice(walk, batches)]


def test_each_epoch_holds_every_example_once_in_a_new_order() -> None:
    walk = stream()
    assert walk.batches_per_epoch == 5
    epochs = [indices(walk, 5) for _ in range(7)]
    for epoch in epochs:
        assert sorted(itertools.chain(*epoch)) == list(range(23)) and sorted(map(len, epoch)) == [3, 5, 5, 5, 5]
    assert len({tuple(epoch) for epoch in epochs}) == 7 and walk.epoch == 6


@settings(deadline=None)
@given(stop=st.integers(0, 23), later=st.integers(0, 17), seed=st.integers(0, 2**31), batch_size=st.integers(1, 29), window=st.integers(1, 5))
def test_a_stream_stopped_anywhere_goes_on_exactly_there(stop: int, later: int, seed: int, batch_size: int, window: int) -> None:
    walk = stream(seed, batch_size, window)
    indices(walk, stop)
    state = walk.state_dict()
    expected = indices(walk, later)
    resumed = stream(seed + 1, batch_size, window)
    indices(resumed, later)  # what it did before loading must not matter
    resumed.load_state_dict(state)
    assert indices(resumed, later) == expected
    assert torch.equal(resumed.state_dict()["generator"], walk.state_dict()["generator"]) and resumed.epoch == walk.epoch


def test_a_state_is_not_moved_by_walking_on() -> None:
    walk = stream()
    state = walk.state_dict()
    kept = state["generator"].clone()
    indices(walk, 17)
    assert torch.equal(state["generator"], kept) and state["position"] == 0


def test_batches_carry_tensors_of_their_examples() -> None:
    walk = stream()
    batch = next(walk)
    assert batch.labels.tolist() == [walk.encoded.labels[index] for index in batch.indices]


def test_streams_share_no_generator() -> None:
    source = torch.Generator().manual_seed(3)
    one, other = stream(source), stream(source)
    alone = indices(stream(torch.Generator().manual_seed(3)), 11)
    assert indices(one, 11) == alone  # whatever the other stream does in between
    assert indices(other, 11) != alone
    assert own_generator(5).initial_seed() == 5


@pytest.mark.parametrize(("other", "words"), [
    (lambda: stream(batch_size=4), "taken with batch_size 5, now it is 4; resume with the settings and files of then"),
    (lambda: stream(window=3), "taken with window 2, now it is 3"),
    (lambda: BatchStream(encoded_lengths(LENGTHS[:-1]), 5, 2), "taken with examples 23, now it is 22"),
    (lambda: BatchStream(encoded_lengths([(1,), *LENGTHS[:-1]]), 5, 2), "taken with tokens"),
    (lambda: BatchStream(encoded_lengths([(1, 1)] * 23, QUORA), 5, 2), "taken with task 'sst', now it is 'quora'"),
])
def test_a_state_of_other_data_or_settings_is_refused_and_changes_nothing(other, words: str) -> None:
    walk, untouched = other(), other()
    with pytest.raises(UserError, match=words):
        walk.load_state_dict(stream().state_dict())
    assert indices(walk, 9) == indices(untouched, 9)


def test_a_state_of_something_else_is_refused() -> None:
    with pytest.raises(UserError, match="the saved position has no 'position'; it was saved by something else"):
        stream().load_state_dict({key: value for key, value in stream().state_dict().items() if key != "position"})
    with pytest.raises(UserError, match="the saved position is 6 of 5"):
        stream().load_state_dict({**stream().state_dict(), "position": 6})


def test_an_empty_plan_is_refused_instead_of_walked_for_ever() -> None:
    with pytest.raises(UserError, match="there is nothing to walk through"):
        Endless(lambda epoch, generator: [], 0, {"tasks": 0})
