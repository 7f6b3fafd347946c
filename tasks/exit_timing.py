"""The same rows the whole way up and leaving early, in turns, on one clock.

One batch each goes first, uncounted: it pays for memory that later ones find there.  Passes alternate, so that a machine that slows down slows both, and the fastest of each counts: what else runs only ever adds.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from tasks.batching import collate
from tasks.encoding import EncodedSplit
from tasks.evaluate import Evaluation
from tasks.exit_curve import fractions
from tasks.exit_inference import LeavingEarly

WARM = 32  # rows
Evaluate = Callable[[nn.Module], Evaluation]  # a model -> what it says of the rows


@dataclass(frozen=True)
class BothWays:
    """full, early: what came of it; layers (N,): after which each example left, in file order; full_seconds, early_seconds: of the fastest pass each."""

    full: Evaluation
    early: Evaluation
    layers: Tensor
    depth: int
    full_seconds: float
    early_seconds: float

    @property
    def mean_layer(self) -> float:
        """The mean exit layer, 1..L."""
        return float(self.layers.double().mean())

    @property
    def saved(self) -> float:
        """The share of layers that nobody computed."""
        return 1 - self.mean_layer / self.depth

    @property
    def fractions(self) -> tuple[float, ...]:
        """The share of examples that left after layer 1, 2, ..., L."""
        return fractions(self.layers, self.depth)


def both_ways(evaluate: Evaluate, model: nn.Module, early: LeavingEarly, encoded: EncodedSplit, depth: int, turns: int = 2) -> BothWays:
    """Evaluate the rows with both, `turns` times in turn; encoded: those rows; depth: L."""
    warm = collate(encoded, list(range(min(WARM, len(encoded.ids)))), next(model.parameters()).device)
    with torch.inference_mode():
        model(warm), early(warm)
    found: dict[str, Evaluation] = {}
    seconds: dict[str, list[float]] = {"full": [], "early": []}
    for _ in range(turns):
        for name, each in (("full", model), ("early", early)):
            early.left.clear()
            started = time.perf_counter()
            found[name] = evaluate(each)  # its answers are on the CPU, so a GPU has finished them
            seconds[name].append(time.perf_counter() - started)
    return BothWays(found["full"], found["early"], layers_of(early, len(encoded.ids), depth), depth, min(seconds["full"]), min(seconds["early"]))


def layers_of(early: LeavingEarly, rows: int, depth: int) -> Tensor:
    """After which layer each of the examples left that went through `early` last, (N,), in file order."""
    layers = torch.full((rows,), depth)  # where no rule applied
    for batch, left in early.left:
        layers[torch.tensor(batch.indices)] = left.layers.cpu()
    return layers

