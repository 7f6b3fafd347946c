"""Heads that compare two sentences by the angle between them (Cortes, Hsieh and Fu, experiments 2a and 2b).

    cosine-d          u' = W u + b, v' = W v + b       score = top * sigmoid(scale * cos(u', v')),  or (cos + 1) top / 2,  or top relu(cos)
    cosine-2d+1       score = Dropout([u; v; cos(u, v)]) w + b
    cosine-embedding  score = cos(u, v)                no weights at all; trained by a loss of its own, tasks/cosine_loss.py

At the paper's scale of 20 the sigmoid is flat from a cosine of .3 on: the score is 4.9998 of 5 at .5, and its slope a thousandth of that at 0.
Sentence vectors of BERT have cosines mostly above .5, so that head starts dead; the paper blames the linear map.  `warning` says so when it
happens, and scale and output are settings.  Letters: B pairs, C sentence width; features are [u; v], (B, 2C).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tasks.heads import new_linear

# cos and top of the label range -> score; "sigmoid" also takes the scale
OUTPUTS = {
    "sigmoid": lambda cosine, top, scale: top * torch.sigmoid(scale * cosine),
    "affine": lambda cosine, top, scale: (cosine + 1) * top / 2,
    "relu": lambda cosine, top, scale: top * F.relu(cosine),
}
FLAT = 0.01  # a score this close to an end, as a share of the range, has less than a twenty-fifth of the steepest slope


def cosine(u: Tensor, v: Tensor) -> Tensor:
    """cos(u, v) = u . v / (|u| |v|), -1 to 1: u, v (B, F) -> (B,); a vector of zeros has cosine 0 with everything.

    >>> cosine(torch.tensor([[3.0, 4.0]]), torch.tensor([[4.0, 3.0]]))
    tensor([0.9600])
    """
    return F.cosine_similarity(u, v, dim=-1)


class CosineHead(nn.Module):
    """cosine-d: one map for both sentences, then their cosine, stretched over the label range 0..top.

    width: C; top: the largest label; scale: of the sigmoid, 20 in the paper; output: "sigmoid", "affine" or "relu"; dropout: on both vectors.
    """

    def __init__(self, width: int, top: float, scale: float = 20.0, output: str = "sigmoid", dropout: float = 0.3, generator: torch.Generator | None = None) -> None:
        super().__init__()
        self.top, self.scale, self.output = top, scale, output
        self.dropout, self.linear = nn.Dropout(dropout), new_linear(width, width, generator)

    def forward(self, features: Tensor) -> Tensor:
        """[u; v] (B, 2C) -> scores (B,)."""
        u, v = self.linear(self.dropout(features.unflatten(-1, (2, -1)))).unbind(-2)  # (B, 2, C) -> (B, C) each
        return OUTPUTS[self.output](cosine(u, v), self.top, self.scale)

    def warning(self, scores: Tensor) -> str:
        """One sentence when nearly all scores (N,) sit where the sigmoid is flat, else ""."""
        share = scores / self.top
        flat = ((share < FLAT) | (share > 1 - FLAT)).double().mean().item()
        if self.output != "sigmoid" or flat < 0.9:
            return ""
        return (f"{flat:.0%} of the cosine head's scores lie within {FLAT:.0%} of an end of 0 to {self.top:g}, where its sigmoid has almost no slope "
                f"(scale {self.scale:g}): it can hardly learn; try model.cosine_scale = 5, or model.cosine_output = \"affine\".")


class CosineFeatureHead(nn.Module):
    """cosine-2d+1: a linear head that is also told the cosine.  features: 2C; the rest as `LinearHead`.

    keep_cosine: leave the one cosine out of dropout, which would else hide it in three of ten steps.
    """

    def __init__(self, features: int, outputs: int, dropout: float = 0.3, generator: torch.Generator | None = None, keep_cosine: bool = False) -> None:
        super().__init__()
        self.keep_cosine = keep_cosine
        self.dropout, self.linear = nn.Dropout(dropout), new_linear(features + 1, outputs, generator)

    def forward(self, features: Tensor) -> Tensor:
        """[u; v] (B, 2C) -> (B, k), or (B,) when k = 1."""
        angle = cosine(*features.chunk(2, -1))[:, None]  # (B, 1), of the whole vectors: dropout comes after
        told = torch.cat([self.dropout(features), angle], -1) if self.keep_cosine else self.dropout(torch.cat([features, angle], -1))  # (B, 2C + 1)
        scores = self.linear(told)  # (B, k)
        return scores if scores.size(-1) > 1 else scores[:, 0]


class CosineEmbeddingHead(nn.Module):
    """cosine-embedding: the score is the cosine itself. Nothing to learn here, so only the encoder learns."""

    def forward(self, features: Tensor) -> Tensor:
        """[u; v] (B, 2C) -> cosines (B,)."""
        return cosine(*features.chunk(2, -1))
