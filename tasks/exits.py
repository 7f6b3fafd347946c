"""Exits: a head after every layer below the last, so that an easy example need not climb the whole stack.

    answer of exit k = head_k(combine(pool_k(h_k))),   k = 1 .. L - 1;       exit L is the model's own head and pooler, as ever

An exit has a pooler of its own, which starts as a copy of the encoder's, and then dropout and a linear map (BERxiT, Xin et al. 2021).  A shared
pooler would have to read the states of every depth at once.  Every task has exits of its own; state names are "exits.TASK.{k-1}.", numbered as layers are.
Ours: exits are linear and read the plain pair features, also where the last head is another one or stands behind the relational layer.
Letters: B batch, R rows (B, or 2B for siamese pairs), T tokens, C width of the path, F feature width, L layers, k one of them, from 1.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator
from typing import NamedTuple

import torch
from torch import Tensor, nn

from minbert.bert import BertOutput
from minbert.borrowed import borrowed
from minbert.side_by_side import SideBySide, joined
from tasks.batching import Batch
from tasks.heads import LinearHead
from tasks.joined_path import made_ready
from tasks.model import MultitaskModel
from tasks.pairs import PAIR_FEATURES, combine, split_siamese
from tasks.pooling import FIRST_ONLY, POOLINGS
from tasks.registry import Task
from tasks.relation import relational_features
from tasks.seeds import named_generator


class AtExit(NamedTuple):
    """What an exit makes of a batch: features (B, F), before its dropout, and logits (B, k) or (B,)."""

    features: Tensor
    logits: Tensor


class OwnPooler(nn.Module):
    """Copies of the poolers of a path, one for each encoder in it, that learn whatever became of the originals."""

    def __init__(self, path: SideBySide) -> None:
        super().__init__()
        self.widths = [part.config.hidden_size for part in path.parts]
        self.parts = nn.ModuleList(copy.deepcopy(part.pooler).requires_grad_(True) for part in path.parts)

    def forward(self, states: Tensor) -> Tensor:
        """states (R, T, C) -> (R, C)."""
        return joined([pooler(own) for pooler, own in zip(self.parts, states.split(self.widths, dim=-1))])


class Exit(nn.Module):
    """One exit.  head: F features -> logits; pooler: its own, or None; pooling: how rows are pooled without one; pair_features: of siamese pairs, else None."""

    def __init__(self, head: nn.Module, pooler: nn.Module | None = None, pooling: str = "cls", pair_features: str | None = None) -> None:
        super().__init__()
        self.head, self.pooler, self.pooling, self.pair_features = head, pooler, pooling, pair_features

    def forward(self, states: Tensor, attention_mask: Tensor) -> AtExit:
        """States of one layer (R, T, C), mask (R, T) -> features (B, F) and logits (B, k) or (B,)."""
        # POOLINGS read an encoder's output, and the states of a layer in the middle are as good as its last ones.
        plain = BertOutput(states, states[:, 0], (), None)
        pooled = self.pooler(states) if self.pooler is not None else POOLINGS[self.pooling](plain, attention_mask)  # (R, C)
        features = combine(*split_siamese(pooled), self.pair_features) if self.pair_features else pooled  # (B, F)
        return AtExit(features, self.head(features))


def make_exits(model: MultitaskModel, seed: int, own_pooler: bool = True, dropout: float | None = None) -> nn.ModuleDict:
    """Exits for every task of `model`: task -> L - 1 of them.  Register the result as `exits` beside the model's own parts.

    seed: each head draws from a stream of its own; own_pooler: without one, exits of a model that pools by the pooler read the raw [CLS] state;
    dropout: of the exits' heads (None: that of the model's).
    """
    rate = model.settings.head_dropout if dropout is None else dropout
    return nn.ModuleDict({name: nn.ModuleList(_new_exit(model, task, seed, own_pooler, rate, layer) for layer in range(1, depth(model.paths.of(name))))
                          for name, task in model.tasks.items()})


def _new_exit(model: MultitaskModel, task: Task, seed: int, own_pooler: bool, dropout: float, layer: int) -> Exit:
    path, settings = model.paths.of(task.name), model.settings
    pair_features = settings.pair_features if model.is_siamese(task) else None
    width = path.width * (len(PAIR_FEATURES[pair_features]) if pair_features else 1)
    head = LinearHead(width, task.num_outputs, dropout, named_generator(seed, f"exit.{task.name}.{layer}"))
    pooler = OwnPooler(path) if own_pooler and settings.pooling == "pooler" else None
    return Exit(head, pooler, {"pooler": "cls"}.get(settings.pooling, settings.pooling), pair_features)


def depth(path: SideBySide) -> int:
    """L, the steps that a walk of `path` takes."""
    return len(path.parts[0].layers)


def above(path: SideBySide, layer: int) -> SideBySide:
    """What is left of `path` above `layer`: its `walk` goes on from states of that layer.  It borrows everything, so keep it out of registered modules."""
    return path if layer == 0 else SideBySide(tuple(borrowed(part, part.layers[layer:]) for part in path.parts))


def pooled_by(path: SideBySide, states: Tensor) -> BertOutput:
    """Last states (R, T, C) as the encoder would return them, with its own pooled vector (R, C)."""
    parts = states.split([part.config.hidden_size for part in path.parts], dim=-1)
    return BertOutput(states, joined([part.pooler(own) for part, own in zip(path.parts, parts)]), (), None)


def last_exit(model: MultitaskModel, task: Task, states: Tensor, attention_mask: Tensor) -> AtExit:
    """Exit L: all that the model does above its last layer, bit for bit; states (R, T, C), or (R, 1, C) where only the first position was computed."""
    pooled = POOLINGS[model.settings.pooling](pooled_by(model.paths.of(task.name), states), attention_mask)  # (R, C)
    if model.is_related(task):
        features = relational_features(*split_siamese(pooled))
    else:
        features = combine(*split_siamese(pooled), model.settings.pair_features) if model.is_siamese(task) else pooled
    return AtExit(features, model.answer(task.name, features))


def reads_first_only(model: MultitaskModel) -> bool:
    """True when the last layer need not compute more than its first position."""
    return model.settings.pooling in FIRST_ONLY


def walk_exits(
    model: MultitaskModel, exits: nn.ModuleList, batch: Batch, wanted: Collection[int] | None = None, embeddings: Tensor | None = None
) -> Iterator[AtExit | None]:
    """Go through the layers once and yield what exit 1, 2, ..., L says.

    exits: those of the batch's task; wanted: the layers whose exits are asked (None: all): the others yield None, their heads get no gradient, and layers
    above the highest one asked are never called; embeddings: (R, T, C), instead of those of the batch: for a regularizer that moves them.
    """
    task, path, mask = model.tasks[batch.task], model.paths.of(batch.task), batch.attention_mask
    asked = range(1, depth(path) + 1) if wanted is None else wanted
    hidden = model.embed(batch) if embeddings is None else embeddings  # (R, T, C)
    path, hidden, mask = made_ready(path, hidden, mask)
    walk = path.walk(hidden, mask, first_only=reads_first_only(model))
    for layer in range(1, depth(path) + 1):
        states = next(walk).output if layer <= max(asked, default=0) else None  # (R, T, C)
        if layer not in asked:
            yield None
        else:
            yield exits[layer - 1](states, mask) if layer <= len(exits) else last_exit(model, task, states, mask)


def all_exits(model: MultitaskModel, exits: nn.ModuleList, batch: Batch) -> Tensor:
    """The logits of every exit, (B, L, k) or (B, L): what `tasks.evaluate.over_split` gathers for a curve."""
    return torch.stack([found.logits for found in walk_exits(model, exits, batch)], dim=1)
