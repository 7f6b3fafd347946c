"""Sequential layer focus on a model: in the turn of layer k, layer k and exit k learn, nothing above runs and nothing below is differentiated.

    h_{k-1} = layers 1..k-1 of the embeddings, without a graph      h_k = layer_k(h_{k-1})      loss = loss of exit k, from h_k

tasks/focus_plan.py makes the plan, tasks/trainable.py says which tensors learn in a turn; the readings are ours.
Letters: B batch, T tokens, C model width, L layers, k one of them, from 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from minbert.bert import Bert
from minbert.errors import UserError
from minbert.side_by_side import SideBySide
from tasks.focus_plan import Visit
from tasks.trainable import Named, only


def focus(model: nn.Module, layer: int, layers: int, below: str = "eval") -> AbstractContextManager[Named]:
    """The turn of `layer`, of L `layers`, as a block: `with focus(model, 3, 12) as pupils`.  below: see `only`, which does it."""
    return only(model, f"layer {layer}", layers, below)


def state_after(encoder: Bert | SideBySide, embeddings: Tensor, attention_mask: Tensor | None, layer: int, through: bool = False) -> Tensor:
    """h_k for k = `layer`, 1..L: embeddings (B, T, C) -> (B, T, C).  The layers above are never called.

    The layers below run without a graph, which saves their memory and their half of the backward pass.  through: let gradients pass them, on
    their way to the embeddings: for a regularizer that moves embeddings, as SMART does.  Raises `UserError` where there is no such layer.
    """
    walk = encoder.walk(embeddings, attention_mask)
    with nullcontext() if through else torch.no_grad():
        below = [next(walk, None) is not None for _ in range(layer - 1)]
    step = next(walk, None) if layer >= 1 and all(below) else None
    if step is None:
        raise UserError(f"there is no layer {layer} to stop after, expected 1 to the number of layers.")
    return step.output


def stage_one(
    model: nn.Module, layers: int, plan: Iterable[Visit], loss_of: Callable[[int], Tensor], make_optimizer: Callable[[Named], Optimizer], below: str = "eval",
) -> list[tuple[int, float]]:  # fmt: skip
    """Take every turn of `plan`; returns (layer, loss) of each step.

    loss_of: layer -> the scalar loss of its exit on the next batch; make_optimizer: a turn's parameters -> an optimizer without a past, or the
    moments of one turn would push the next.
    """
    losses = []
    for visit in plan:
        with focus(model, visit.layer, layers, below) as pupils:
            optimizer = make_optimizer(pupils)
            for _ in range(visit.steps):
                loss = loss_of(visit.layer)
                loss.backward()
                optimizer.step()
                optimizer.zero_grad(set_to_none=True)
                losses.append((visit.layer, loss.item()))
    return losses
