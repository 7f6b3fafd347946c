"""Replay: the same batches in the same order, as often as asked."""

from __future__ import annotations

import torch

from tasks.replay import Replay


def test_again_walks_through_the_batches_of_this_iteration_in_their_order():
    drawn, built = iter("abcdef"), []
    replay = Replay(lambda: built.append(replay.batch()) or torch.zeros(()), lambda: next(drawn))
    for call in (replay, replay, replay.again, replay.again, replay.again, replay.again, replay):
        call()
    assert built == ["a", "b", "a", "b", "a", "b", "c"]
