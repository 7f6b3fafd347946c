"""What the probe of mt-dnn's SMART needs: the regularizer, and the measures of its ascent and of its value where a layout has them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from sanity_checks.subjects.smart import Regularizer


@dataclass(frozen=True)
class SmartMtDnn:
    """make(kind, generator, **settings) -> regularizer(logits_of, embeddings (R, T, C), logits) -> scalar; settings: sigma, eta, epsilon,
    reduction "mean" or "sum"; kind: "classes", "binary" or "regression".  inner(a, b) and outer(a, b, reduction), of logits (B, k)."""

    make: Callable[..., Regularizer]
    inner: Callable[[Tensor, Tensor], Tensor] | None = None
    outer: Callable[[Tensor, Tensor, str], Tensor] | None = None


def library() -> SmartMtDnn:
    """The subject made of regularizers/smart_mt_dnn.py."""
    import regularizers.smart_mt_dnn as ours  # here, so that a file that cannot be read is reported when its component is checked

    def make(kind: str, generator: Any, **settings: Any) -> Regularizer:
        return ours.SmartMtDnn(kind, generator, ours.MtDnnSettings(**settings))

    return SmartMtDnn(make, lambda a, b: ours.stable_kl(a, b), lambda a, b, reduction: ours.detached_symmetric_kl(a, b, reduction))
