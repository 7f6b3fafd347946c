"""A small BERT that is right by construction, for heads to sit on: known words, one mixing step over the real tokens, no dropout.

It is as wide as the course's (768), because heads name that number, and answers to the methods that heads call. A sentence's vectors depend on
its own real tokens only: whatever else a prediction depends on came in through the head.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from sanity_checks.fingerprint import numbers
from sanity_checks.starter.helpers import BertConfig

WORDS, LENGTH = 211, 64


class FakeBert(nn.Module):
    """Offers what the starter's BertModel does: from_pretrained, forward -> dict, embed, encode, config, and the parts' names."""

    def __init__(self, config: Any = None, *others: Any, **named: Any) -> None:
        super().__init__()
        self.config = BertConfig(vocab_size=WORDS, max_position_embeddings=LENGTH, num_hidden_layers=1)
        width = self.config.hidden_size
        self.word_embedding, self.pos_embedding = nn.Embedding(WORDS, width), nn.Embedding(LENGTH, width)
        self.tk_type_embedding, self.embed_layer_norm, self.embed_dropout = nn.Embedding(2, width), nn.LayerNorm(width), nn.Identity()
        self.pooler_dense, self.pooler_af = nn.Linear(width, width), nn.Tanh()
        self.bert_layers = nn.ModuleList()
        with torch.no_grad():
            for place, parameter in enumerate((self.word_embedding.weight, self.pos_embedding.weight, self.pooler_dense.weight)):
                parameter.copy_(numbers(*parameter.shape, seed=70 + place) * (0.05 if place == 2 else 1.0))

    @classmethod
    def from_pretrained(cls, *name: Any, **settings: Any) -> FakeBert:
        """The same small model, whatever is asked for: nothing is downloaded."""
        return cls()

    def embed(self, input_ids: Tensor) -> Tensor:
        """(B, T) -> (B, T, 768)."""
        return self.embed_layer_norm(self.word_embedding(input_ids) + self.pos_embedding(torch.arange(input_ids.size(1))))

    def encode(self, hidden_states: Tensor, attention_mask: Tensor) -> Tensor:
        """Every token gets half of its sentence's mean over real tokens: (B, T, 768) -> (B, T, 768)."""
        real = attention_mask.reshape(len(hidden_states), -1)[:, :, None].to(hidden_states.dtype)  # (B, T, 1)
        return hidden_states + 0.5 * (hidden_states * real).sum(1, keepdim=True) / real.sum(1, keepdim=True).clamp(min=1)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, *others: Any, **named: Any) -> dict[str, Tensor]:
        """{"last_hidden_state": (B, T, 768), "pooler_output": (B, 768)}."""
        last = self.encode(self.embed(input_ids), attention_mask)
        return {"last_hidden_state": last, "pooler_output": self.pooler_af(self.pooler_dense(last[:, 0]))}
