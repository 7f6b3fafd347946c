"""The third door: the rest of the model as a function of the embeddings, with its dropout masks under control.

    logits_of(embeddings)                  a pass as any other: in train mode, dropout draws new masks
    logits_of(embeddings, masks="same")    the masks of the first pass again, and no random number of the program is used up
    logits_of(embeddings, masks="off")     without dropout

If the clean and the perturbed answer of a regularizer saw different masks, their difference would measure dropout and not smoothness.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from minbert.errors import UserError

MASKS = ("fresh", "same", "off")


class LogitsOf:
    """Callable: embeddings (R, T, C) -> logits (B, k) or (B,).  forward: does the work; model: whose mode is switched for masks="off"."""

    def __init__(self, forward: Callable[[Tensor], Tensor], model: nn.Module) -> None:
        self._forward, self._model = forward, model
        self._first: list[Tensor] | None = None  # the generators as they were before the first pass

    def __call__(self, embeddings: Tensor, masks: str = "fresh") -> Tensor:
        """masks: "fresh", "same" or "off"; `UserError` for another word, and for "same" before there was a first pass."""
        if masks not in MASKS:
            raise UserError(f"masks is {masks!r}, expected one of {', '.join(MASKS)}.")
        if masks == "off":
            with without_dropout(self._model):
                return self._forward(embeddings)
        if masks == "same":
            if self._first is None:
                raise UserError('masks="same" repeats the masks of the first pass, and there was none: call logits_of(embeddings) first.')
            with _generators_set_to(self._first, embeddings.device):
                return self._forward(embeddings)
        if self._first is None:
            self._first = _generator_states(embeddings.device)
        return self._forward(embeddings)


@contextmanager
def without_dropout(model: nn.Module) -> Iterator[None]:
    """Inside, every part of `model` is in eval mode; afterwards each is as it was, frozen parts included."""
    was_training = [module for module in model.modules() if module.training]
    for module in was_training:
        module.training = False
    try:
        yield
    finally:
        for module in was_training:
            module.training = True


def _generator_states(device: torch.device) -> list[Tensor]:
    # Dropout draws from the default generator of the device it runs on.
    return [torch.get_rng_state(), *([torch.cuda.get_rng_state(device)] if device.type == "cuda" else [])]


@contextmanager
def _generators_set_to(states: list[Tensor], device: torch.device) -> Iterator[None]:
    now = _generator_states(device)
    _set_generators(states, device)
    try:
        yield
    finally:
        _set_generators(now, device)


def _set_generators(states: list[Tensor], device: torch.device) -> None:
    torch.set_rng_state(states[0])
    if device.type == "cuda":
        torch.cuda.set_rng_state(states[1], device)
