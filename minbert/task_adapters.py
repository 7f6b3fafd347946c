"""Which task has which adapter: one shared BERT, and for every task a few percent of weights of its own (Stickland and Murray 2019).

    encoder of task t = the layers of BERT, each with TS_t beside it;     TS_a and TS_b share nothing

A variant is one row of `VARIANTS`; weights for each of 3 tasks beside BERT-base:

    pal        1,819,836    the paper: 204 wide, 12 heads
    pal-code   1,819,836    the code that its authors published: 6 heads, GELU after V_D
    low-rank   1,853,616    100 wide, two matrices per layer
    top        1,320,444    six attentions, 204 wide, above the last layer

Letters: C model width, S width of the adapter, L layers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from minbert.adapters import LowRank, Pals
from minbert.bert import Bert
from minbert.borrowed import borrowed
from minbert.config import BertConfig
from minbert.errors import UserError, nearest
from minbert.top_attention import TopAttention

VARIANTS: dict[str, Callable[..., nn.Module]] = {
    "pal": partial(Pals, heads=12), "pal-code": partial(Pals, heads=6, after=F.gelu), "low-rank": LowRank, "top": TopAttention,
}  # fmt: skip


class TaskAdapters(nn.Module):
    """`functions[task]` for each task; state names start with "functions.TASK.".

    generators: task name -> where its first weights come from (None: torch's own), one each, so that a fourth task leaves the other three as
    they were.  sizes: keywords of the variant, such as `size`.  Raises `UserError` for an unknown variant.
    """

    def __init__(self, config: BertConfig, generators: Mapping[str, torch.Generator | None], variant: str = "pal", **sizes: Any) -> None:
        super().__init__()
        self.depth = config.num_hidden_layers
        if variant not in VARIANTS:
            raise UserError(f"there is no adapter {variant!r}, expected one of {', '.join(VARIANTS)}{_perhaps(variant, VARIANTS)}")
        self.functions = nn.ModuleDict({task: VARIANTS[variant](config, generator=generator, **sizes) for task, generator in generators.items()})

    def of(self, task: str, bert: Bert) -> Bert:
        """The encoder of `task`: `bert`, its layers borrowed and adapted.  Build it once and keep it; it owns nothing.

        `bert` may itself be a path, of a CerBERTus for example.  Raises `UserError` for a task without adapter, or another number of layers.
        """
        if task not in self.functions:
            raise UserError(f"there is no adapter for task {task!r}, expected one of {', '.join(self.functions)}{_perhaps(task, self.functions)}")
        if len(bert.layers) != self.depth:
            raise UserError(f"the adapters are made for {self.depth} layers, this encoder has {len(bert.layers)}: adapt the whole path of a task, once.")
        return borrowed(bert, self.functions[task].attach(bert.layers))


def train_norms_alone(bert: Bert) -> None:
    """Parameter-efficient training: of BERT only the LayerNorms learn; adapters and heads, which are not part of it, do as before."""
    bert.requires_grad_(False)
    for part in bert.modules():
        if isinstance(part, nn.LayerNorm):
            part.requires_grad_(True)


def _perhaps(word: str, choices: Mapping[str, Any]) -> str:
    near = nearest(word, choices)
    return f"; did you mean {near!r}?" if near else "."
