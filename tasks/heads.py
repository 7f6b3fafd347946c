"""Heads: the last step from a sentence vector to the numbers that a loss reads.

    logits = Dropout(features) W + b

A head knows two sizes and nothing else: no task, no encoder, no loss.  It returns raw scores.  Softmax and sigmoid belong to the loss and to
the decision, because both have a numerically better form that starts from the scores.

Letters: B batch, F feature width (C for a sentence, 2 C for [u; v]), k number of scores.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

INITIAL_STD = 0.02  # as every other matrix of BERT, see `initializer_range` in minbert/config.py


def new_linear(inputs: int, outputs: int, generator: torch.Generator | None) -> nn.Linear:
    """A linear map with BERT's first weights: normal of standard deviation 0.02, drawn from `generator`, and bias 0."""
    # nn.Linear fills itself from torch's global generator first, which would move every later random number of the program.
    with torch.random.fork_rng(devices=[]):
        linear = nn.Linear(inputs, outputs)
    nn.init.normal_(linear.weight, 0.0, INITIAL_STD, generator=generator)
    nn.init.zeros_(linear.bias)  # together: all scores start near 0, so the first loss is about ln k
    return linear


class LinearHead(nn.Module):
    """Dropout, then one linear map: F features -> k scores.

    features: F; outputs: k; dropout: the rate in train mode; generator: where the first weights come from.
    """

    def __init__(self, features: int, outputs: int, dropout: float = 0.3, generator: torch.Generator | None = None) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.linear = new_linear(features, outputs, generator)

    def forward(self, features: Tensor) -> Tensor:
        """features (B, F) -> (B, k), or (B,) when k = 1."""
        scores = self.linear(self.dropout(features))  # (B, k)
        # squeeze() without a dimension would also drop B from a batch of one.
        return scores.squeeze(-1) if scores.size(-1) == 1 else scores  # (B,) or (B, k)

