"""What the add-norm probe needs: the residual and what a branch computed, joined. In some layouts the dense layer at the branch's end is inside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor, nn


@dataclass(frozen=True)
class AddNorm:
    """run(residual (B, T, C), output (B, T, I), dense (I -> C), dropout, norm (C)) -> (B, T, C): the dense layer belongs to what is run,
    whether the code itself calls it (CS224N's add_norm) or its caller does (minbert's)."""

    run: Callable[[Tensor, Tensor, nn.Module, nn.Module, nn.Module], Tensor]


def library() -> AddNorm:
    """The subject made of minbert/layer.py."""
    import minbert.layer as ours  # here, so that a file that cannot be read is reported when its component is checked

    def run(residual: Tensor, output: Tensor, dense: nn.Module, dropout: nn.Module, norm: nn.Module) -> Tensor:
        return ours.add_norm(residual, dense(output), dropout, norm)

    return AddNorm(run)
