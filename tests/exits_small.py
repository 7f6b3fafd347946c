"""Exits on a small random model: large heads, so that examples really leave at different layers."""

from __future__ import annotations

from dataclasses import replace

import torch
from minbert_small import SMALL, randomise
from tasks_small import seeded, small_model
from torch import nn

from minbert.config import BertConfig
from tasks.exits import make_exits
from tasks.model import MultitaskModel

DEEP: BertConfig = replace(SMALL, num_hidden_layers=4)
LAYERS = DEEP.num_hidden_layers


def model_with_exits(seed: int = 3, std: float = 0.8, own_pooler: bool = True, **settings: object) -> tuple[MultitaskModel, nn.ModuleDict]:
    """A float64 model of 4 layers in eval mode, and its exits."""
    model = small_model(config=DEEP, seed=seed, **settings)
    exits = randomise(make_exits(model, seed, own_pooler), seeded(seed + 2), std).double().eval()
    return model, exits


def some_logits(kind: str, exits: int = 5, rows: int = 43, seed: int = 7, scale: float = 3.0) -> list[torch.Tensor]:
    """Random logits of every exit, (N, 5) or (N,)."""
    chance = seeded(seed)
    return [scale * torch.randn((rows, 5) if kind == "classes" else (rows,), generator=chance, dtype=torch.float64) for _ in range(exits)]
