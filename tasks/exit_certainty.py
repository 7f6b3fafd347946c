"""Learning to exit: a small layer that says how likely an exit is right (BERxiT, Xin et al. 2021).

    u_i = sigmoid(c . h_i + b),    one c and b for all exits;      loss = mean over exits and examples of (u_i - target_i)^2

    classes, one logit    target_i = 1 if exit i answers right, else 0
    regression            target_i = 1 - tanh(|g_i - y| / scale)

Targets are detached: the layer learns to know the exits, and may not make them worse so as to be right about them.  scale: in units of the label.
The paper has 1, and on the course's 0 to 5 an error of 1 then counts as .76 wrong, of .25 as .24; a scale of 5 says .20 and .05.  Its code stores
1 - u and leaves below a threshold.  Letters: B batch, F feature width, n exits.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from minbert.errors import UserError
from tasks.exits import AtExit
from tasks.heads import new_linear
from tasks.metrics import decide


class Certainty(nn.Module):
    """c and b, shared by all exits of a task: F features -> (B,) between 0 and 1.

    dropout: on the features, as the code of the paper has it; generator: where c comes from; through: False keeps the gradient of the certainty out
    of poolers and encoder (the paper trains all of them with it).
    """

    def __init__(self, features: int, dropout: float = 0.0, generator: torch.Generator | None = None, through: bool = True) -> None:
        super().__init__()
        self.dropout, self.linear, self.through = nn.Dropout(dropout), new_linear(features, 1, generator), through

    def forward(self, features: Tensor) -> Tensor:
        """features (B, F) of one exit -> (B,)."""
        read = features if self.through else features.detach()
        return self.linear(self.dropout(read)).squeeze(-1).sigmoid()  # (B,)


def certainty_target(kind: str, logits: Tensor, labels: Tensor, scale: float = 1.0) -> Tensor:
    """How right an exit was, (B,) between 0 and 1, without a graph: logits (B, k) or (B,), labels (B,).  `UserError` for a scale that is not above 0."""
    if not scale > 0:
        raise UserError(f"the scale of errors is {scale:g}, expected a number above 0, in units of the label.")
    answers = decide(kind, logits.detach())  # (B,)
    if kind == "regression":
        return 1 - torch.tanh((answers - labels).abs() / scale)
    return (answers == labels).to(logits.dtype)


def certainty_loss(certainty: Certainty, found: Sequence[AtExit], kind: str, labels: Tensor, scale: float = 1.0) -> Tensor:
    """The loss above, a scalar, over the exits `found`; give it those below the last, which nobody asks whether to go on (ours: the paper does not say)."""
    losses = [F.mse_loss(certainty(each.features), certainty_target(kind, each.logits, labels, scale).to(each.features.dtype)) for each in found]
    return torch.stack(losses).mean()
