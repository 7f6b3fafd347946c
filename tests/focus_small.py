"""A small encoder with an exit after every layer, under the state names of the real ones."""

from __future__ import annotations

from dataclasses import replace

import torch
from minbert_small import SMALL, randomise, small_bert
from torch import Tensor, nn

from minbert.bert import Bert
from minbert.config import BertConfig
from tasks.layer_focus import state_after

L, C = SMALL.num_hidden_layers, SMALL.hidden_size
NOISY = replace(SMALL, hidden_dropout_prob=0.1, attention_probs_dropout_prob=0.1)


def seeded(seed: int = 3) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


class Exits(nn.Module):
    """bert.*, exits.TASK.{0..L-2}.* and heads.TASK.*: exit k reads [CLS] of layer k, the last one the pooled vector."""

    def __init__(self, config: BertConfig = SMALL, tasks: tuple[str, ...] = ("sst", "sts"), seed: int = 3) -> None:
        super().__init__()
        self.bert: Bert = small_bert(seeded(seed), config)
        self.exits = nn.ModuleDict({task: nn.ModuleDict({str(k): nn.Linear(C, 5) for k in range(L - 1)}) for task in tasks})
        self.heads = nn.ModuleDict({task: nn.Linear(C, 5) for task in tasks})
        randomise(self.exits, seeded(seed + 1))
        randomise(self.heads, seeded(seed + 2))
        self.double()

    def logits(self, ids: Tensor, mask: Tensor, layer: int, task: str = "sst", through: bool = False) -> Tensor:
        """(B, T) -> (B, 5), from layer `layer`, 1..L."""
        states = state_after(self.bert, self.bert.embed(ids), mask, layer, through)
        return self.heads[task](self.bert.pooler(states)) if layer == L else self.exits[task][str(layer - 1)](states[:, 0])

    def losses(self, ids: Tensor, mask: Tensor, labels: Tensor, task: str = "sst") -> list[Tensor]:
        """One loss per exit, from one walk."""
        states = self.bert.encode(self.bert.embed(ids), mask)
        vectors = [*(hidden[:, 0] for hidden in states.hidden_states[1:L]), states.pooler_output]
        heads = [*self.exits[task].values(), self.heads[task]]
        return [nn.functional.cross_entropy(head(vector), labels) for head, vector in zip(heads, vectors)]


def batch(seed: int = 11, rows: int = 7, tokens: int = 5) -> tuple[Tensor, Tensor, Tensor]:
    """ids, mask, labels."""
    generator = seeded(seed)
    ids = torch.randint(1, SMALL.vocab_size, (rows, tokens), generator=generator)
    mask = (torch.arange(tokens) < torch.randint(1, tokens + 1, (rows, 1), generator=generator)).long()
    return ids, mask, torch.randint(0, 5, (rows,), generator=generator)
