"""The focus plan probe: the turns in every order, the stages that they make, and prices.

What is drawn is never compared draw by draw: facts are.
"""

from __future__ import annotations

import torch

from sanity_checks.look import Look
from sanity_checks.probes.facts import refused
from sanity_checks.subjects.focus_plan import FocusPlan


def probe(subject: FocusPlan, look: Look) -> None:
    """Look at plans, then at prices."""
    _plans(subject, look)
    _prices(subject, look)


def _seeded(seed: int = 3) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _plans(subject: FocusPlan, look: Look) -> None:
    plan = lambda order, steps=7, layers=5, generator=None: subject.plan(layers, steps, order, generator)
    words = lambda turns: ", ".join(f"layer {layer} for {steps}" for layer, steps in turns) or "no turn"
    look("the turns of one layer", lambda: words(plan("bottom-up", layers=1)))
    for order in ("bottom-up", "top-down"):
        look(f"the turns {order}", lambda order=order: words(plan(order)))
    look("the turns when there are no steps", lambda: words(plan("bottom-up", 0)), "option")
    look("an order that nobody knows is refused", lambda: refused(lambda: plan("inside-out")), "option")
    random = lambda seed: plan("random", generator=_seeded(seed))
    look("a random order holds each layer once", lambda: sorted(random(3)) == [(layer, 7) for layer in range(1, 6)])
    look("two seeds give two random orders", lambda: len({words(random(seed)) for seed in range(5)}) > 1)
    look("one seed gives one random order", lambda: len({words(random(3)) for _ in range(4)}) == 1)
    look("a random order leaves the global random numbers alone", lambda: _leaves_alone(lambda: random(3)))
    look("the stages of two turns and stage 2", lambda: "; ".join(subject.stages([(1, 7), (2, 7)])))


def _leaves_alone(run: object) -> bool:
    before = torch.get_rng_state()
    run()  # type: ignore[operator]
    return torch.equal(before, torch.get_rng_state())


def _prices(subject: FocusPlan, look: Look) -> None:
    turns = lambda layers, steps: [(layer, steps) for layer in range(1, layers + 1)]
    look("the price of a turn of layer 1 of 1", lambda: subject.cost([(1, 1)], 1), axes=("number",))
    look("the price of one turn of layer 2 of 5", lambda: subject.cost([(2, 3)], 5), axes=("number",))
    look("the price of five turns", lambda: subject.cost(turns(5, 7), 5), axes=("number",))
    look("the price of ordinary training", lambda: subject.joint_cost(5, 7), axes=("number",))
    look("the price of gradual unfreezing", lambda: subject.unfreezing_cost(5, 7), axes=("number",))
    for budget, layers in ((10, 1), (755, 12), (0.9, 3)):
        look(f"the steps per layer for the price of {budget:g} steps of {layers} layers", lambda budget=budget, layers=layers: subject.affordable(budget, layers))
