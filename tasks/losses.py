"""Losses: how far the scores are from the labels, one number for a batch.

    classes     cross-entropy   -log softmax(z)[y]                         z (B, k), y (B,) whole numbers
    binary      BCE on logits   -y log s(z) - (1 - y) log(1 - s(z))        z (B,),   y (B,) in [0, 1], s the sigmoid
    regression  squared error   (z - y)^2                                  z (B,),   y (B,) any number

Each is averaged over the batch that is really there: a short last batch counts its own examples.  (The CS224N starter sums and divides
by the nominal batch size instead, which weighs a short last batch down.)  All three take raw scores.
Letters: B batch, k classes.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from minbert.errors import UserError


def cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Mean cross-entropy of (B, k) raw scores against (B,) class numbers; softmax is inside, so none may come before."""
    if labels.is_floating_point():
        raise UserError(f"class labels are {labels.dtype}, expected whole numbers (int64): a label such as 3.8 asks for kind 'regression'.")
    return F.cross_entropy(logits, labels.long())


def binary_cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Mean binary cross-entropy of (B,) raw scores against (B,) labels in [0, 1]; sigmoid is inside, so none may come before."""
    return F.binary_cross_entropy_with_logits(logits, labels.to(logits.dtype))


def squared_error(logits: Tensor, labels: Tensor) -> Tensor:
    """Mean squared error of (B,) predictions against (B,) labels, fractions kept."""
    return F.mse_loss(logits, labels.to(logits.dtype))


# Kind of task -> (logits, labels) -> scalar; and the number of dimensions that its logits have.
LOSSES = {"classes": cross_entropy, "binary": binary_cross_entropy, "regression": squared_error}
LOGIT_DIMENSIONS = {"classes": 2, "binary": 1, "regression": 1}


def task_loss(kind: str, logits: Tensor, labels: Tensor | None) -> Tensor:
    """One task's loss, a scalar: `LOSSES[kind]` after a check of both shapes, in float32 or better.

    Raises `UserError` when labels are missing or the shapes do not belong together.
    """
    expect_shapes(kind, logits, labels)
    # bfloat16 scores carry 3 digits; the loss of an autocast forward is taken in float32.
    return LOSSES[kind](logits.to(torch.promote_types(logits.dtype, torch.float32)), labels)


def expect_shapes(kind: str, logits: Tensor, labels: Tensor | None) -> None:
    """Raise `UserError` unless logits (B, k) or (B,) and labels (B,) fit `kind`.

    torch would broadcast (B, 1) against (B,) to (B, B) and average B^2 differences of numbers that do not belong together.
    """
    if labels is None:
        raise UserError("this batch has no labels, so it has no loss: test splits of the course can be predicted, not trained on.")
    fits = logits.dim() == LOGIT_DIMENSIONS[kind] and labels.dim() == 1 and len(labels) == len(logits)
    if not fits:
        wanted = {1: "(B,) for both", 2: "(B, k) logits and (B,) labels"}[LOGIT_DIMENSIONS[kind]]
        raise UserError(f"logits have shape {tuple(logits.shape)} and labels {tuple(labels.shape)}, a {kind} loss expects {wanted}.")
