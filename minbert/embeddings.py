"""Embeddings: a token's vector is the sum of what it is, where it stands and which sentence it belongs to (Devlin et al. 2018, figure 2).

    x = Dropout(LayerNorm(word[id] + position[t] + token_type[s]))

Letters: B batch, T tokens, C model width.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from minbert.config import BertConfig
from minbert.dropout import Dropout
from minbert.errors import UserError


def fresh_table(rows: int, width: int) -> nn.Embedding:
    """An embedding table of (rows, width) fresh numbers; none are drawn on "meta", where nobody would see them and torch would import its compiler."""
    numbers = torch.empty(rows, width)
    return nn.Embedding.from_pretrained(numbers, freeze=False) if numbers.is_meta else nn.Embedding(rows, width)


class Embeddings(nn.Module):
    """Three tables, one LayerNorm, one dropout.

    The token-type vector of segment 0 is learned and not zero: it is added to single sentences too.
    """

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        # No padding_idx: it would freeze the gradient of row 0 for ever, and masked attention already keeps padding away from real tokens.
        self.word = fresh_table(config.vocab_size, config.hidden_size)
        self.position = fresh_table(config.max_position_embeddings, config.hidden_size)  # learned, not sines: beyond it there is no row
        self.token_type = fresh_table(config.type_vocab_size, config.hidden_size)
        self.norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.dropout = Dropout(config.hidden_dropout_prob)

    def forward(self, input_ids: Tensor, token_type_ids: Tensor | None = None, position_ids: Tensor | None = None) -> Tensor:
        """input_ids (B, T); token_type_ids (B, T), default all 0; position_ids (T,) or (B, T), default 0..T-1.  Returns (B, T, C).

        Raises `UserError` for ids of another shape or kind, too many of them, and, on a CPU, ids that have no row in their table.
        """
        return self.dropout(self.normalised(input_ids, token_type_ids, position_ids))

    def normalised(self, input_ids: Tensor, token_type_ids: Tensor | None = None, position_ids: Tensor | None = None) -> Tensor:
        """The embeddings before dropout, a deterministic function of the ids even in train mode: (B, T) -> (B, T, C)."""
        _expect_ids(input_ids, self.position.num_embeddings, position_ids)
        if position_ids is None:
            position_ids = torch.arange(input_ids.size(1), device=input_ids.device)  # (T,)
        if token_type_ids is None:
            token_type_ids = torch.zeros_like(input_ids)
        try:
            # Summed and not laid side by side: the width stays C, and C dimensions leave room for all three.
            summed = self.word(input_ids) + self.position(position_ids) + self.token_type(token_type_ids)  # (B, T, C)
        except IndexError:  # only now, since looking through all ids beforehand would take time in every step
            ids = {"input_ids": (input_ids, self.word), "position_ids": (position_ids, self.position), "token_type_ids": (token_type_ids, self.token_type)}
            raise UserError(_stray_id(ids)) from None
        return self.norm(summed)


def _expect_ids(input_ids: Tensor, longest: int, position_ids: Tensor | None) -> None:
    if input_ids.dim() != 2 or input_ids.dtype not in (torch.int64, torch.int32):
        raise UserError(f"input_ids is {input_ids.dtype} of shape {tuple(input_ids.shape)}, expected whole numbers (int64) of shape (B, T).")
    if position_ids is None and input_ids.size(1) > longest:
        raise UserError(f"a sequence of {input_ids.size(1)} tokens is longer than the {longest} positions that this model learned: truncate it.")


def _stray_id(ids: dict[str, tuple[Tensor, nn.Embedding]]) -> str:
    for name, (numbers, table) in ids.items():
        stray = numbers[(numbers < 0) | (numbers >= table.num_embeddings)]
        if stray.numel():
            return f"{name} holds {int(stray[0])}, expected 0 to {table.num_embeddings - 1}; do tokenizer and model belong together?"
    return "an id has no row in its table; do tokenizer and model belong together?"
