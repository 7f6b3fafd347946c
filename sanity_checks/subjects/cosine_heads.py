"""What the cosine heads probe needs: the cosine, three heads on [u; v], and the loss of the head that has no weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor, nn

from sanity_checks.subjects.attention import fill

Run = Callable[[nn.Module, Tensor], Tensor]


@dataclass(frozen=True)
class CosineHeads:
    """cosine(u (B, F), v (B, F)) -> (B,); stretched(width, top, scale, output, rate) and told(features, scores, rate, keep the cosine) build
    "cosine-d" and "cosine-2d+1" in float64, filled with fixed numbers, in eval mode; run(module, [u; v] (B, 2C)) -> scores; plain([u; v]) -> (B,);
    loss(cosines (B,), labels (B,), threshold, margin) -> scalar."""

    cosine: Callable[[Tensor, Tensor], Tensor]
    stretched: Callable[[int, float, float, str, float], nn.Module]
    told: Callable[[int, int, float, bool], nn.Module]
    run: Run
    plain: Callable[[Tensor], Tensor]
    loss: Callable[[Tensor, Tensor, float, float], Tensor]


def library() -> CosineHeads:
    """The subject made of tasks/cosine_heads.py and tasks/cosine_loss.py."""
    import tasks.cosine_heads as ours  # here, so that a file that cannot be read is reported when its component is checked
    import tasks.cosine_loss as losses

    return CosineHeads(
        lambda u, v: ours.cosine(u, v),
        lambda width, top, scale, output, rate: fill(ours.CosineHead(width, top, scale, output, rate)),
        lambda features, scores, rate, keep: fill(ours.CosineFeatureHead(features, scores, rate, keep_cosine=keep)),
        lambda module, x: module(x),
        lambda x: ours.CosineEmbeddingHead()(x),
        lambda cosines, labels, threshold, margin: losses.cosine_embedding(cosines, labels, threshold, margin),
    )
