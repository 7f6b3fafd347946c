"""R-Drop: two passes with different dropout should give the same answer (Liang et al. 2021).

    R = l(f_1(x), f_2(x)),   f_1 and f_2 the model under two draws of its dropout masks

It is SMART without a perturbation and with independent masks, and what SMART with `dropout="independent"` mostly measures.
"""

from __future__ import annotations

from torch import Tensor

from .divergences import Divergence
from .smart import LogitsOf


class RDrop:
    """The regularizer: distance is a divergence of logits. It draws nothing itself; the model's dropout does."""

    def __init__(self, distance: Divergence) -> None:
        self.distance = distance

    def __call__(self, logits_of: LogitsOf, embeddings: Tensor, logits: Tensor) -> Tensor:
        """R, a scalar: embeddings (R, T, C) and logits (B, k) or (B,) are those of the first pass, with their graph."""
        return self.distance(logits_of(embeddings), logits)
