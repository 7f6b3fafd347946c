"""Sequential layer focus as a plan: which layer is trained when, for how long, and what all of it costs ("BERTer", a CS224N report).

    stage 1    for each layer k in some order: some steps in which layer k and its exit learn, and nothing else; layers 1..k run, those above do not
    stage 2    everything learns together

The report leaves open the order, the steps per layer, what lower layers do meanwhile and the loss of stage 2; all of it is an option here, and
the readings are ours.  Cost is counted in layers: a step that runs f layers forwards and b backwards costs f + 2b, since a backward pass makes
two products for each one of the forward pass.  "Full" means one step of ordinary training, L + 2L.

Letters: L layers, counted from 1 at the bottom; k one of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import torch

from minbert.errors import UserError, nearest
from tasks.stage_plan import Stage

BACKWARD = 2  # products of a backward pass for each of the forward pass: one for the weights, one for what comes from below


@dataclass(frozen=True)
class Visit:
    """One layer's turn in stage 1: layer, 1..L; steps, batches that it learns from."""

    layer: int
    steps: int


# Name -> (L, generator) -> the layers in the order of their turns.
ORDERS: Mapping[str, Callable[[int, torch.Generator | None], list[int]]] = {
    "bottom-up": lambda layers, generator: list(range(1, layers + 1)),  # a layer's input is final when its turn comes
    "top-down": lambda layers, generator: list(range(layers, 0, -1)),  # its input changes again afterwards: exits above go stale
    "random": lambda layers, generator: (torch.randperm(layers, generator=generator) + 1).tolist(),
}


def focus_plan(layers: int, steps: int, order: str = "bottom-up", generator: torch.Generator | None = None) -> tuple[Visit, ...]:
    """Stage 1: `steps` batches for each of L `layers`, in `order`; no visits at all when `steps` is 0 (stage 2 only).

    generator: draws the random order, of its own name, so that no other stream moves.  Raises `UserError` for an unknown order or a bad number.
    """
    if order not in ORDERS:
        near = nearest(order, ORDERS)
        raise UserError(f"the order of layers is {order!r}, expected one of {', '.join(ORDERS)}" + (f"; did you mean {near!r}?" if near else "."))
    if layers < 1 or steps < 0:
        raise UserError(f"a plan for {layers} layers with {steps} steps each makes no sense: expected 1 layer or more, and 0 steps or more.")
    return tuple(Visit(layer, steps) for layer in ORDERS[order](layers, generator)) if steps else ()


def focus_stages(plan: Iterable[Visit], together: Stage, lr: float) -> tuple[Stage, ...]:
    """The same plan for the controller of tasks/stage_plan.py: a stage of fixed length for each visit, then stage 2 as `together`.

    Each leaves its last weights behind: dev scores of the whole model say nothing about one exit in the middle.
    """
    turns = (Stage(f"layer {visit.layer}", f"layer {visit.layer}", f"exit {visit.layer}", lr, together.sampler, steps=visit.steps, restore="last")
             for visit in plan)
    return (*turns, together)


@dataclass(frozen=True)
class Work:
    """Some steps of one kind: how many, and how many layers each runs forwards and backwards; half a layer where only one of its two products is made."""

    steps: int
    forward: int
    backward: float


def focus_work(plan: Iterable[Visit]) -> list[Work]:
    """What stage 1 does: up to layer k forwards, through layer k alone backwards."""
    return [Work(visit.steps, visit.layer, 1) for visit in plan]


def joint_work(layers: int, steps: int) -> list[Work]:
    """What ordinary training does, with exits or without: their heads count nothing beside a layer."""
    return [Work(steps, layers, layers)]


def unfreezing_work(layers: int, steps: int) -> list[Work]:
    """What gradual unfreezing does: `steps` with the heads alone, then with one layer more each time, from the top, until all learn."""
    return [Work(steps, layers, learning) for learning in range(layers + 1)]


@dataclass(frozen=True)
class Cost:
    """What some work costs: batches, of which each is one pass over B examples; forward and backward, in full passes of all L layers."""

    batches: int
    forward: float
    backward: float

    @property
    def full_steps(self) -> float:
        """The same cost in steps of ordinary training, (forward + 2 backward) / 3."""
        return (self.forward + BACKWARD * self.backward) / (1 + BACKWARD)


def cost_of(work: Iterable[Work], layers: int) -> Cost:
    """The cost of `work` in an encoder of L `layers`.

    >>> cost_of(focus_work(focus_plan(12, steps=1)), 12)
    Cost(batches=12, forward=6.5, backward=1.0)
    """
    done = list(work)
    forward, backward = (sum(each.steps * getattr(each, way) for each in done) for way in ("forward", "backward"))
    return Cost(sum(each.steps for each in done), forward / layers, backward / layers)


def affordable_steps(budget: float, layers: int) -> int:
    """The most steps per layer for which stage 1 costs no more than `budget` steps of ordinary training; the order does not matter.

    Twelve times an epoch is twelve times the data of one epoch: a comparison is fair at equal cost, or at equal batches, never at equal "epochs".

    >>> affordable_steps(755, layers=12)
    266
    """
    # Whole numbers, because 0.1 + 0.2 would not be affordable for 0.3: each visit costs k + 2 of 3L, so all of them L (L + 1) / 2 + 2L.
    each = layers * (layers + 1) // 2 + BACKWARD * layers
    return math.floor(budget * (1 + BACKWARD) * layers / each)
