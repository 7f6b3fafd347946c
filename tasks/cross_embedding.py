"""Cross-embedding: three readings of how two sentences embedded apart come together ("BERTer" names it, and defines none that we could read).

    joined      pool(encode([embed(a) ; embed(b)]))                    the altered embedding order, minbert/embedding_order.py; C wide
    features    u = pool(encode(a)), v = pool(encode(b)); [u; v; |u - v|; u v]                          the siamese encoder; 4C wide
    attention   A = encode(a), B = encode(b); u = mean(A + Attend(A, B)), v = mean(B + Attend(B, A)); [u; v; |u - v|; u v]      4C wide

All three readings are ours.  In "joined" every layer compares words; in "features" none does; in "attention" one does, above the encoder, and
each sentence still needs encoding only once.  `Attend` has one set of weights for both directions: order alone must not change its meaning.
Its output matrix starts at 0, so that training starts from the mean of plain siamese states.

Letters: B pairs, R = 2B rows, all first sentences above all second ones, T tokens, C model width, F feature width.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn

from minbert.attention import MultiHeadAttention, attention_bias
from minbert.bert import BertOutput, initialise
from minbert.embedding_order import halves, join_rows
from minbert.errors import UserError, nearest
from tasks.pairs import combine
from tasks.pooling import POOLINGS, masked_mean

Encode = Callable[[Tensor, Tensor], BertOutput]  # (embeddings (R, T, C), mask (R, T)) -> `BertOutput`, as `Bert.encode`


class JoinedRows(nn.Module):
    """Reading "joined": the encoder reads both sentences as one, so the last vector has compared them already.  pooling: of tasks/pooling.py."""

    def __init__(self, width: int, pooling: str = "pooler") -> None:
        super().__init__()
        self.features, self.pooling = width, pooling

    def forward(self, encode: Encode, embeddings: Tensor, mask: Tensor) -> Tensor:
        """Rows (R, T, C) and their mask (R, T) -> (B, C); embed them by `rows_to_embed` if segments are to differ."""
        pair = join_rows(embeddings, mask)  # (B, 2T, C): one encoding of twice the length, where attention costs four times as much
        return POOLINGS[self.pooling](encode(*pair), pair.attention_mask)


class PairOfVectors(nn.Module):
    """Reading "features": what the sentences have in common is told by their two vectors alone."""

    def __init__(self, width: int, pooling: str = "pooler") -> None:
        super().__init__()
        self.features, self.pooling = 4 * width, pooling

    def forward(self, encode: Encode, embeddings: Tensor, mask: Tensor) -> Tensor:
        """Rows (R, T, C) and their mask (R, T) -> [u; v; |u - v|; u v], (B, 4C)."""
        return combine(*halves(POOLINGS[self.pooling](encode(embeddings, mask), mask)), "all")


class CrossAttention(nn.Module):
    """Reading "attention": each word of a sentence looks at the other sentence once.

    width: C; heads: how many, a divisor of C; generator: where the first weights come from (None: torch's own).
    """

    def __init__(self, width: int, heads: int, generator: torch.Generator | None = None, std: float = 0.02) -> None:
        super().__init__()
        if heads < 1 or width % heads:
            raise UserError(f"cross attention of width {width} cannot have {heads} heads: expected a divisor of {width}.")
        self.features = 4 * width
        with torch.random.fork_rng(devices=[]):  # nn.Linear draws from torch's own generator before we do
            self.look = MultiHeadAttention(width, heads, dropout=0.0)
        initialise(self.look, std, generator)
        nn.init.zeros_(self.look.output.weight)  # the new branch is silent at first, and its gradient is not

    def forward(self, encode: Encode, embeddings: Tensor, mask: Tensor) -> Tensor:
        """Rows (R, T, C) and their mask (R, T) -> [u; v; |u - v|; u v], (B, 4C)."""
        own = encode(embeddings, mask).last_hidden_state  # (R, T, C)
        other, other_mask = torch.cat(halves(own)[::-1]), torch.cat(halves(mask)[::-1])  # each row's partner: (R, T, C), (R, T)
        seen = self.look(own, other, attention_bias(other_mask, own.dtype)).output  # (R, T, C): the partner's pads are hidden
        return combine(*halves(masked_mean(own + seen, mask)), "all")


# Name -> (width C, heads, pooling, generator) -> module with `features` F and forward(encode, embeddings, mask) -> (B, F).
CROSS_EMBEDDINGS: Mapping[str, Callable[[int, int, str, torch.Generator | None], nn.Module]] = {
    "joined": lambda width, heads, pooling, generator: JoinedRows(width, pooling),
    "features": lambda width, heads, pooling, generator: PairOfVectors(width, pooling),
    "attention": lambda width, heads, pooling, generator: CrossAttention(width, heads, generator),
}


def cross_embedding(name: str, width: int, heads: int, pooling: str = "pooler", generator: torch.Generator | None = None) -> nn.Module:
    """The reading called `name`; "attention" has weights and its own pooling, the mean.  Raises `UserError` for an unknown name."""
    if name not in CROSS_EMBEDDINGS:
        near = nearest(name, CROSS_EMBEDDINGS)
        hint = f"; did you mean {near!r}?" if near else "."
        raise UserError(f"cross-embedding is {name!r}, expected one of {', '.join(CROSS_EMBEDDINGS)}{hint}")
    return CROSS_EMBEDDINGS[name](width, heads, pooling, generator)
