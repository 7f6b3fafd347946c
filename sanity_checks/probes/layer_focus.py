"""The layer focus probe: who learns and who drops out in a turn, where the encoder stops, and what turns leave behind.

The encoder is a made-up one of three small layers, under the state names of the real one.  Letters: B batch, T tokens, C width.
"""

from __future__ import annotations

import torch

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.facts import refused
from sanity_checks.probes.layer_focus_turns import look_at_turns
from sanity_checks.probes.small_exits import NAMES, B, C, L, SmallExits, T
from sanity_checks.subjects.layer_focus import LayerFocus

OTHERS = ("relation.linear.weight", "crossing.quora.look.weight", "towers.sst.pooler.dense.weight", "certainty.sst.0.weight",
              "adapters.functions.sst.down.weight", "static.bert.layers.0.part.weight")  # fmt: skip


def probe(subject: LayerFocus, look: Look) -> None:
    """Look at names, at states, at one turn, then at several."""
    for name in [*(name + ".weight" for name in NAMES), *OTHERS]:
        look(f"the turn of {name}", lambda name=name: str(subject.turn_of(name, L)))
    _states(subject, look)
    look_at_turns(subject, look)


def _states(subject: LayerFocus, look: Look) -> None:
    model, mask = SmallExits(), torch.tensor([[1] * T, [1, 1] + [0] * (T - 2)])
    embeddings = numbers(B, T, C, seed=5)

    def state(layer: int, through: bool = False, moved: bool = False) -> torch.Tensor:
        model.bert.calls.clear()
        return subject.state(model.bert, embeddings.clone().requires_grad_(moved), mask, layer, through)

    def calls(layer: int) -> str:
        state(layer)
        return " ".join(map(str, model.bert.calls))

    def reached(layer: int, through: bool) -> bool:
        given = embeddings.clone().requires_grad_()
        found = subject.state(model.bert, given, mask, layer, through)
        if found.requires_grad:
            found.sum().backward()
        return given.grad is not None

    for layer in range(1, L + 1):
        look(f"the state after layer {layer}", lambda layer=layer: state(layer), axes=("sentence", "token", "number"))
        look(f"the layers that run for layer {layer}", lambda layer=layer: calls(layer))
    for layer in (1, 2):
        look(f"gradients pass layer {layer} on their way to the embeddings when that is asked for", lambda layer=layer: reached(layer, True), "option")
    look("gradients stop below layer 2", lambda: not reached(2, False))
    look("layer 2 itself has a graph", lambda: state(2).requires_grad)
    look("layer 0 and one above the last are refused", lambda: refused(lambda: state(0)) and refused(lambda: state(L + 1)), "option")
