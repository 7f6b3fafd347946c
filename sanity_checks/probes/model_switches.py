"""What the model probe looks at where a layout offers it: every hidden state, and the switches of the model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.facts import kept, once, refused
from sanity_checks.subjects.model import Model

STATES, POOLED = ("sentence", "token", "channel"), ("sentence", "channel")


def switches(subject: Model, look: Look, module: nn.Module, ids: Tensor, mask: Tensor, whole: Callable[[], Any]) -> None:
    """Look at what this layout offers beside its plain outputs; ids and mask (B, T), and `whole` gives what the model returned for them."""
    if subject.states:
        states = once(lambda: subject.states(whole()))
        look("how many hidden states there are", lambda: str(len(states())))
        for number in range(4):
            look(f"hidden state {number}", lambda number=number: kept(states()[number], mask), axes=STATES)
    if subject.unmasked:
        look("last_hidden_state without a mask", lambda: subject.unmasked(module, ids)["last_hidden_state"], axes=STATES)
    if subject.first:
        first = once(lambda: subject.first(module, ids, mask))
        look("last_hidden_state for position 0 alone", lambda: first()["last_hidden_state"], axes=STATES)
        look("pooler_output for position 0 alone", lambda: first()["pooler_output"], axes=POOLED)
    if subject.weights:
        axes = ("layer", "sentence", "head", "query", "key")
        look("the attention weights of all layers", lambda: _stacked(subject.weights(module, ids, mask), mask), axes=axes)
    if subject.typed:
        look("pooler_output with token types given", lambda: subject.typed(module, ids, mask, ids % 2)["pooler_output"], axes=POOLED)
    if subject.placed:
        look("pooler_output with positions given", lambda: subject.placed(module, ids, mask, torch.arange(7).flip(0))["pooler_output"], axes=POOLED)
    given = numbers(*ids.shape, 15, seed=6)
    if subject.encode:
        look("last_hidden_state of given embeddings", lambda: kept(subject.encode(module, given, mask)["last_hidden_state"], mask), axes=STATES)
    if subject.steps:
        look("a mask with one number for a whole sentence is refused", lambda: refused(lambda: next(iter(subject.steps(module, given, mask[:, :1])))), "note")
        look("a layer is computed only when it is asked for", lambda: _first_step(subject, module, given, mask), "note")


def _stacked(weights: Sequence[Tensor | None] | None, mask: Tensor) -> Tensor | str:
    found = [each for each in weights or () if each is not None]
    return torch.stack(found) * mask[None, :, None, :, None] if found else "no weights"  # (L, B, H, T, T), without the rows of padding


def _first_step(subject: Model, module: nn.Module, given: Tensor, mask: Tensor) -> bool:
    calls: list[str] = []
    hooks = [part.register_forward_hook(lambda *_, name=name: calls.append(name)) for name, part in module.named_modules() if name.count(".") == 1 and name[-1:].isdigit()]
    try:
        next(iter(subject.steps(module, given, mask)))
    finally:
        for hook in hooks:
            hook.remove()
    return len(calls) == 1
