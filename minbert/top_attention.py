"""A task function above BERT instead of beside it: narrow attention layers on the last states (Stickland and Murray 2019, "top").

    a_0 = h_L V_E,    a_j = LayerNorm(a_{j-1} + MultiHead_j(a_{j-1})),    z = h_L + a_6 V_D

Our sources do not say whether the output of V_D takes the place of h_L or is added to it; added, V_D = 0 makes the start plain BERT.
With `first_only` it is a_6 that computes one row: the layers of BERT below give all of theirs, which `first_only` would have spared.
Letters: B batch, T tokens, Q of them asked for (T, or 1), C model width, S width of the task function.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from minbert.adapters import headed_attention, start_at_zero
from minbert.attention import Attended
from minbert.bert import initialise
from minbert.config import BertConfig
from minbert.layer import add_norm


class TopAttention(nn.Module):
    """One task's `depth` attention layers on top of BERT; it is called, and counted by `Bert.walk`, as one more layer."""

    def __init__(
        self, config: BertConfig, size: int = 204, heads: int = 12, depth: int = 6, generator: torch.Generator | None = None, kernel: str = "fused"
    ) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):  # as in minbert/adapters.py: torch's own generator is left alone
            self.down = nn.Linear(config.hidden_size, size)
            self.attentions = nn.ModuleList(headed_attention(size, heads, kernel) for _ in range(depth))
            self.norm = nn.ModuleList(nn.LayerNorm(size, eps=config.layer_norm_eps) for _ in range(depth))  # "norm": so that weight decay spares it
            self.up = nn.Linear(size, config.hidden_size)
        initialise(self, config.initializer_range, generator)
        start_at_zero(self.up)

    def forward(self, hidden: Tensor, bias: Tensor | None, first_only: bool = False, need_weights: bool = False) -> Attended:
        """hidden (B, T, C), bias (B, 1, 1, T) or None -> (B, Q, C), and the weights of the last attention if asked."""
        states, weights = self.down(hidden), None  # (B, T, S)
        for attention, norm in zip(self.attentions, self.norm):
            # Only the last may look at one row: the ones below must give keys and values for every token.
            rows = states[:, :1] if first_only and attention is self.attentions[-1] else states
            attended = attention(rows, states, bias, need_weights)
            states, weights = add_norm(rows, attended.output, nn.Identity(), norm), attended.weights  # (B, Q, S)
        return Attended((hidden[:, :1] if first_only else hidden) + self.up(states), weights)  # (B, Q, C)

    def attach(self, layers: nn.ModuleList) -> list[nn.Module]:
        """The same layers, and this one above them."""
        return [*layers, self]
