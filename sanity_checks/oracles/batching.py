"""Batches: every example once an epoch, little padding, and a stream that can be stopped and gone on with. Letters: B batch, R rows, T tokens."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from sanity_checks.judge import expect
from sanity_checks.reference import generator
from tasks.batching import collate, length_grouped_batches, padding_ratio
from tasks.encoding import EncodedSplit
from tasks.streams import BatchStream

N, SIZE, WINDOW = 101, 7, 5


def split(parts: int = 1) -> EncodedSplit:
    """N made-up examples of 3 to 30 tokens, with one sequence each or two; the ids of example i are i + 1 repeated."""
    lengths = (torch.randint(3, 31, (N,), generator=generator())).tolist()
    sequences = tuple(tuple([index + 1] * (length - part) for part in range(parts)) for index, length in enumerate(lengths))
    types = tuple(tuple([0] * len(row) for row in rows) for rows in sequences)
    return EncodedSplit("made-up", sequences, types, torch.arange(N).float(), tuple(f"id{index}" for index in range(N)), tuple(lengths), 0, 0)


def whole(batches: Sequence[Sequence[int]]) -> bool:
    """Whether the batches hold each of the N examples exactly once."""
    return sorted(index for batch in batches for index in batch) == list(range(N))


def every_example_once() -> None:
    """The batches of an epoch hold every example once, none is dropped, and at most one batch is short."""
    for window in (1, WINDOW, 1000):
        batches = length_grouped_batches(split().lengths, SIZE, window, generator())
        expect(whole(batches), f"an epoch with window {window} does not hold every example once")
        expect(sorted(map(len, batches))[1:] == [SIZE] * (N // SIZE), f"more than one batch is short with window {window}")


def order_changes_but_is_seeded() -> None:
    """Another seed puts other examples together, the same seed the same ones."""
    draws = [length_grouped_batches(split().lengths, SIZE, WINDOW, generator(seed)) for seed in (1, 1, 2)]
    expect(draws[0] == draws[1], "the same seed gives other batches")
    together = [{frozenset(batch) for batch in draw} for draw in draws]
    expect(together[0] != together[2], "another seed puts the same examples together")


def length_grouping_saves_padding() -> None:
    """Batches formed by length hold less padding than random ones."""
    ratios = [padding_ratio(split(), length_grouped_batches(split().lengths, SIZE, window, generator())) for window in (1, N)]
    expect(ratios[1] < 1.1 < ratios[0], f"tokens computed for each token meant: {ratios[0]:.2f} at random, {ratios[1]:.2f} by length")


def collate_pads_and_masks() -> None:
    """A batch is as wide as its longest row, padding has mask 0, labels and ids stay beside their rows; pairs: firsts above seconds."""
    for parts in (1, 2):
        encoded, chosen = split(parts), [5, 3, 8]
        batch = collate(encoded, chosen)
        rows = [encoded.sequences[index][part] for part in range(parts) for index in chosen]
        expect(batch.input_ids.shape == (len(rows), max(map(len, rows))), f"a batch has shape {tuple(batch.input_ids.shape)}")
        expect(batch.attention_mask.sum(1).tolist() == [len(row) for row in rows], "the mask does not count the tokens of each row")
        expect([ids[:len(row)] for ids, row in zip(batch.input_ids.tolist(), rows)] == rows, "a row holds other tokens than its example")
        expect(batch.labels.tolist() == [5.0, 3.0, 8.0] and batch.ids == ("id5", "id3", "id8"), "labels or ids left their rows")


def a_stream_goes_on_where_it_stopped() -> None:
    """A stream stopped anywhere and restored gives the same batches, over the end of the epoch."""
    stream, other = BatchStream(split(), SIZE, WINDOW, 3), BatchStream(split(), SIZE, WINDOW, 4)
    for _ in range(stream.batches_per_epoch - 2):
        next(stream)
    other.load_state_dict(stream.state_dict())
    for step in range(5):
        expect(next(stream).indices == next(other).indices, f"{step + 1} batches after going on, the restored stream gives other examples")


def an_epoch_of_the_stream_is_whole() -> None:
    """Two epochs of a stream hold every example twice, in different orders."""
    stream = BatchStream(split(), SIZE, WINDOW, 3)
    epochs = [[next(stream).indices for _ in range(stream.batches_per_epoch)] for _ in range(2)]
    expect(all(map(whole, epochs)), "an epoch of the stream does not hold every example once")
    expect(epochs[0] != epochs[1], "both epochs have the same order")


PROBES = (every_example_once, order_changes_but_is_seeded, length_grouping_saves_padding, collate_pads_and_masks, a_stream_goes_on_where_it_stopped,
          an_epoch_of_the_stream_is_whole)
