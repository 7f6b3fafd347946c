"""The relational layer: one hidden layer that all tasks of pairs share, under a head for each.

    features = [u ; v ; |u - v| ; (u/|u|) * (v/|v|)]        the last block sums to cos(u, v)
    hidden   = LeakyReLU(Dropout(features) W + b)           W (4C, C), one for all tasks of pairs
    logits   = Dropout(hidden) w_task + b_task              the task's own linear head

"My PAL BERT" names an "RL layer" and does not define it; this is the layer of another CS224N report ("Walk Less and Only Down Smooth Valleys"),
and to take the one for the other is our reading.  There the similarity is a sigmoid against labels / 5; here every task keeps its own loss.
Letters: B pairs, C width of one sentence vector, k scores.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from minbert.errors import UserError
from tasks.heads import new_linear
from tasks.recipe_settings import ModelSettings
from tasks.registry import Task
from tasks.seeds import named_generator

BLOCKS = 4
RELATIONS = ("none", "shared")
SHORTEST = 1e-12  # a shorter vector counts as zero


def direction(vector: Tensor) -> Tensor:
    """u / |u|: (B, C) -> (B, C); a vector of zeros has no direction, and gives zeros with zero gradients.

    >>> direction(torch.tensor([[3.0, 4.0], [0.0, 0.0]]))
    tensor([[0.6000, 0.8000],
            [0.0000, 0.0000]])
    """
    length = vector.norm(dim=-1, keepdim=True)  # (B, 1)
    # u / max(|u|, eps) would be finite too, but with a slope of 1/eps at zero, which one Adam step does not forget.
    return torch.where(length > SHORTEST, vector / length.clamp(min=SHORTEST), torch.zeros_like(vector))


def relational_features(u: Tensor, v: Tensor) -> Tensor:
    """[u; v; |u - v|; direction(u) * direction(v)]: u, v (B, C) -> (B, 4C)."""
    return torch.cat([u, v, (u - v).abs(), direction(u) * direction(v)], dim=-1)


class RelationalLayer(nn.Module):
    """The layer itself.  width: C; dropout: the heads' rate; generator: where the first weights come from."""

    def __init__(self, width: int, dropout: float, generator: torch.Generator | None = None) -> None:
        super().__init__()
        self.dropout, self.linear = nn.Dropout(dropout), new_linear(BLOCKS * width, width, generator)

    def forward(self, features: Tensor) -> Tensor:
        """features (B, 4C) -> (B, C)."""
        return F.leaky_relu(self.linear(self.dropout(features)))


def make_relation(tasks: Iterable[Task], settings: ModelSettings, width: int, seed: int) -> RelationalLayer | None:
    """The layer that `settings` ask for, or None; `UserError` when no task could use it."""
    if settings.relation == "none":
        return None
    if not any(task.is_pair for task in tasks):
        raise UserError('model.relation = "shared" is a layer for tasks about pairs of sentences, and no task of this run is; try model.relation = "none".')
    return RelationalLayer(width, settings.head_dropout, named_generator(seed, "relation"))
