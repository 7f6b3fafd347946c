"""One encoder layer: attend, add and normalise, transform, add and normalise (Vaswani et al. 2017, section 3.1; post-norm, as BERT).

    y = LayerNorm(x + Dropout(MultiHead(x)))
    z = LayerNorm(y + Dropout(FFN(y)))

Letters: B batch, T tokens, C model width, H heads.
"""

from __future__ import annotations

from torch import Tensor, nn

from minbert.attention import Attended, MultiHeadAttention
from minbert.config import BertConfig
from minbert.dropout import Dropout
from minbert.feed_forward import FeedForward


def add_norm(residual: Tensor, branch: Tensor, dropout: nn.Module, norm: nn.Module) -> Tensor:
    """LayerNorm(residual + Dropout(branch)): only the new branch is dropped, the residual stays whole, the norm comes last.  (B, T, C)."""
    return norm(residual + dropout(branch))


class EncoderLayer(nn.Module):
    """Self-attention and a feed-forward network, each wrapped in `add_norm`."""

    def __init__(self, config: BertConfig, kernel: str = "fused") -> None:
        super().__init__()
        width, eps, rate = config.hidden_size, config.layer_norm_eps, config.hidden_dropout_prob
        self.attention = MultiHeadAttention(width, config.num_attention_heads, config.attention_probs_dropout_prob, kernel)
        self.attention_dropout = Dropout(rate)  # on the branch; the rate on probabilities is the attention's own
        self.attention_norm = nn.LayerNorm(width, eps=eps)
        self.feed_forward = FeedForward(width, config.intermediate_size)
        self.feed_forward_dropout = Dropout(rate)
        self.feed_forward_norm = nn.LayerNorm(width, eps=eps)

    def forward(self, hidden: Tensor, bias: Tensor | None, first_only: bool = False, need_weights: bool = False) -> Attended:
        """hidden (B, T, C), bias (B, 1, 1, T) or None; returns the new states (B, T, C), or (B, 1, C), and the attention weights if asked.

        With `first_only` the layer computes position 0 alone: keys and values still come from every token, but queries, output projection
        and feed-forward are needed for one row only.  A sentence classifier reads nothing else of the last layer, which saves about 10/12 of it.
        """
        rows = hidden[:, :1] if first_only else hidden  # (B, 1, C) or (B, T, C)
        attended = self.attention(rows, hidden, bias, need_weights)
        # Post-norm, as in 2017.  Later models normalise what goes into a branch instead; released weights would not fit that.
        y = add_norm(rows, attended.output, self.attention_dropout, self.attention_norm)
        z = add_norm(y, self.feed_forward(y), self.feed_forward_dropout, self.feed_forward_norm)  # (B, T, C) or (B, 1, C)
        return Attended(z, attended.weights)
