"""What the layer focus probe needs: who learns in a turn, the state of a layer, and the turns one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

Named = list[tuple[str, nn.Parameter]]


@dataclass(frozen=True)
class LayerFocus:
    """turn_of(name, layers) -> layer from 1, or None; only(model, word, layers, below) -> a block that yields who learns;
    state(encoder, embeddings (B, T, C), mask (B, T), layer, through) -> (B, T, C), where encoder.walk(embeddings, mask) yields steps with `output`;
    stage_one(model, layers, turns of (layer, steps), loss of a layer, optimizer of parameters with names, below) -> [(layer, loss)]."""

    turn_of: Callable[[str, int], int | None]
    only: Callable[[nn.Module, str, int, str], AbstractContextManager[Named]]
    state: Callable[[Any, Tensor, Tensor, int, bool], Tensor]
    stage_one: Callable[..., Sequence[tuple[int, float]]]


def library() -> LayerFocus:
    """The subject made of tasks/layer_focus.py and tasks/trainable.py."""
    import tasks.layer_focus as ours  # here, so that a file that cannot be read is reported when its component is checked
    import tasks.trainable as who
    from tasks.focus_plan import Visit

    return LayerFocus(
        lambda name, layers: who.turn_of(name, layers), lambda *given: who.only(*given), lambda *given: ours.state_after(*given),
        lambda model, layers, turns, *given: ours.stage_one(model, layers, [Visit(*turn) for turn in turns], *given),
    )  # fmt: skip
