"""Leaving early, a batch at a time: after each layer the rows that are done go, and the next layer computes the rest alone.

    for k = 1 .. L:   states of the rows still there -> exit k -> who leaves writes its answer -> the others go on, as a smaller batch

The code of DeeBERT and BERxiT answers one sentence at a time.  As long as nobody leaves, the walk is the very one of the full model, so a rule that
lets nobody go gives its answers bit for bit; once somebody leaves, a walk of the layers above starts with fewer rows.  When nobody is left, no further
layer is called.  The two sentences of a siamese pair leave together: an exit reads both, and a sentence without its partner answers nothing.
Letters: B batch, R rows (B, or 2B for siamese pairs), T tokens, C width, L layers, k one of them, from 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from minbert.errors import UserError
from minbert.side_by_side import SideBySide
from tasks.batching import Batch
from tasks.exit_rules import ExitRule, Seen
from tasks.exits import AtExit, above, depth, last_exit, reads_first_only
from tasks.joined_path import encoder_of, made_ready
from tasks.model import MultitaskModel

Answer = Callable[[int, Tensor, Tensor], AtExit]  # (layer k, states (R, T, C), mask (R, T)) -> what exit k says
Decide = Callable[[Sequence[AtExit]], Tensor]  # what the exits so far said of those still there -> (B',) of bool, True for who leaves


@dataclass(frozen=True)
class Left:
    """How a batch left: logits (B, k) or (B,), the layers (B,) after which each example left, 1..L, and how many rows each layer computed."""

    logits: Tensor
    layers: Tensor
    rows: tuple[int, ...]


def leave_early(paths: Sequence[SideBySide], hidden: Tensor, mask: Tensor, answer: Answer, leaves: Decide, siamese: bool = False, first_only: bool = False) -> Left:
    """Walk embeddings `hidden` (R, T, C) through the layers, dropping rows as they leave; everything comes back in the order it came in.

    paths: what is left of the encoder above layer 0, 1, ..., L - 1, see `paths_of`; first_only: the last layer computes position 0 alone.
    Raises `UserError` for logits that are not finite, which no rule would ever let go.
    """
    size = len(hidden) // 2 if siamese else len(hidden)
    active = torch.arange(size, device=hidden.device)  # (B',): the places of those still there
    logits, layers = None, torch.full((size,), len(paths), device=hidden.device)
    found: list[AtExit] = []
    computed: list[int] = []
    walk = paths[0].walk(hidden, mask, first_only)
    for layer in range(1, len(paths) + 1):
        states = next(walk).output  # (R', T, C)
        computed.append(len(states))
        found.append(_finite(answer(layer, states, mask), layer))
        said = found[-1].logits
        gone = torch.ones_like(active, dtype=torch.bool) if layer == len(paths) else leaves(found)  # (B',)
        logits = said.new_empty((size, *said.shape[1:])) if logits is None else logits
        logits[active[gone]], layers[active[gone]] = said[gone], layer
        if gone.all():
            break
        if gone.any():
            stay = ~gone
            rows = stay.repeat(2) if siamese else stay  # all first sentences, then all second ones
            active, mask, found = active[stay], mask[rows], [AtExit(each.features[stay], each.logits[stay]) for each in found]
            walk = paths[layer].walk(states[rows], mask, first_only)
    return Left(logits, layers, tuple(computed))


def _finite(found: AtExit, layer: int) -> AtExit:
    if not found.logits.isfinite().all():
        raise UserError(f"the scores of the exit after layer {layer} are not finite: the model has diverged; try a lower learning rate or clip > 0.")
    return found


def paths_of(path: SideBySide) -> tuple[SideBySide, ...]:
    """What is left of `path` above layer 0, 1, ..., L - 1: made once, for every batch."""
    return tuple(above(path, layer) for layer in range(depth(path)))


class LeavingEarly(nn.Module):
    """A model that lets examples leave: Batch -> logits (B, k) or (B,), for `tasks.evaluate.evaluate`; `left` gathers how each batch left.

    exits: task -> its exits; rules: task -> rule, tasks without one climb to the top; certainties: task -> `Certainty`, for the learned rule;
    temperatures: task -> one a layer, which divide the logits that the rule sees and not those that come out.
    """

    def __init__(self, model: MultitaskModel, exits: nn.ModuleDict, rules: Mapping[str, ExitRule], certainties: nn.ModuleDict | None = None,
                 temperatures: Mapping[str, Sequence[float]] | None = None) -> None:
        super().__init__()
        self.model, self.exits, self.certainties = model, exits, certainties
        self.rules, self.temperatures = dict(rules), dict(temperatures or {})
        self._paths = {name: paths_of(encoder_of(model.paths.of(name))) for name in rules}  # a plain dict: they own nothing
        self.left: list[tuple[Batch, Left]] = []
        for name, rule in self.rules.items():
            if rule.needs_certainty() and name not in (certainties or {}):
                raise UserError(f"the exit rule 'learned' of task {name!r} needs a learned certainty, and this model has none; use confidence, entropy or patience.")

    def forward(self, batch: Batch) -> Tensor:
        """Logits (B, k) or (B,) in the order of the batch."""
        if batch.task not in self.rules:
            return self.model(batch)
        task = self.model.tasks[batch.task]
        exits = self.exits[batch.task]

        def answer(layer: int, states: Tensor, mask: Tensor) -> AtExit:
            return exits[layer - 1](states, mask) if layer <= len(exits) else last_exit(self.model, task, states, mask)

        _, embeddings, mask = made_ready(self.model.paths.of(batch.task), self.model.embed(batch), batch.attention_mask)
        left = leave_early(self._paths[batch.task], embeddings, mask, answer, lambda found: self._leaves(batch.task, found),
                           self.model.is_siamese(task), reads_first_only(self.model))
        self.left.append((batch, left))
        return left.logits

    def _leaves(self, name: str, found: Sequence[AtExit]) -> Tensor:
        rule, temperatures = self.rules[name], self.temperatures.get(name)
        history = [each.logits for each in found] if temperatures is None else [each.logits / heat for each, heat in zip(found, temperatures)]
        learned = self.certainties[name](found[-1].features) if rule.needs_certainty() else None
        return rule(Seen(history, self.model.tasks[name].kind, learned))
