"""The table of heads: which stand on a task's features, and what each needs to know of task and recipe.

    linear            any task                                        cosine-d, cosine-2d+1, cosine-embedding   pairs of sentences encoded apart
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from minbert.errors import UserError, nearest
from tasks.cosine_heads import CosineEmbeddingHead, CosineFeatureHead, CosineHead
from tasks.cosine_loss import cosine_embedding
from tasks.cosine_threshold import ThresholdHead
from tasks.heads import LinearHead
from tasks.losses import expect_shapes, task_loss
from tasks.recipe_words import tip
from tasks.registry import Task

if TYPE_CHECKING:
    from tasks.recipe_settings import ModelSettings

Build = Callable[[int, Task, "ModelSettings", "torch.Generator | None"], nn.Module]

# Name -> (feature width F, task, model settings, generator) -> module.  Pair heads find u and v as the halves of [u; v].
HEADS: Mapping[str, Build] = {
    "linear": lambda width, task, settings, generator: LinearHead(width, task.num_outputs, settings.head_dropout, generator),
    "cosine-d": lambda width, task, settings, generator: CosineHead(
        width // 2, task.label_range[1], settings.cosine_scale, settings.cosine_output, settings.head_dropout, generator),
    "cosine-2d+1": lambda width, task, settings, generator: CosineFeatureHead(width, task.num_outputs, settings.head_dropout, generator, settings.keep_cosine),
    "cosine-embedding": lambda width, task, settings, generator: ThresholdHead() if task.kind == "binary" else CosineEmbeddingHead(),
}  # fmt: skip
# These read [u; v]; and these give one number on the label's scale, which a regression has; or one that a threshold makes a yes or no of.
PAIR_HEADS, KINDS = frozenset(HEADS) - {"linear"}, {"cosine-d": ("regression",), "cosine-embedding": ("regression", "binary")}


def heads_of(tasks: Mapping[str, Task], settings: ModelSettings) -> dict[str, str]:
    """Task name -> name of its head; `UserError` for a head of a task that is not there."""
    chosen = dict(pair.split("=") for pair in settings.heads)
    strange = [name for name in chosen if name not in tasks]
    if strange:
        raise UserError(f"model.heads names a head for task {strange[0]!r}, and there are {', '.join(tasks)}.")
    return {name: chosen.get(name, "linear") for name in tasks}


def make_head(name: str, width: int, task: Task, settings: ModelSettings, siamese: bool, generator: torch.Generator | None) -> nn.Module:
    """The head `name` for `task` on features of `width` F; `UserError` for an unknown one, and for one that does not suit the task."""
    if name not in HEADS:
        raise UserError(tip(f"task {task.name!r} asks for head {name!r}, expected one of {', '.join(HEADS)}", nearest(name, HEADS), "use \"linear\""))
    if name in PAIR_HEADS and not (siamese and settings.pair_features == "concat"):
        raise UserError(f"head {name!r} of task {task.name!r} compares [u; v], the vectors of two sentences; that needs a task of pairs, "
                        'model.pairs = "siamese" and model.pair_features = "concat".')
    if task.kind not in KINDS.get(name, (task.kind,)):
        raise UserError(f"head {name!r} of task {task.name!r} gives a number on the scale of a label, but the task is of kind {task.kind!r}; "
                        'use "cosine-2d+1" or "linear".')
    return HEADS[name](width, task, replace(settings, head_dropout=head_dropout_of(task.name, settings)), generator)


def head_dropout_of(task: str, settings: ModelSettings) -> float:
    """The dropout rate before the head of `task`: its own where model.head_dropouts names one, else the common rate."""
    own = dict(pair.split("=") for pair in settings.head_dropouts)
    return float(own.get(task, settings.head_dropout))


def head_loss(name: str, task: Task, settings: ModelSettings) -> Callable[[Tensor, Tensor | None], Tensor]:
    """(logits, labels) -> scalar: the task's own loss, except for the head that brings one."""
    if name != "cosine-embedding":
        return lambda logits, labels: task_loss(task.kind, logits, labels)

    def loss(logits: Tensor, labels: Tensor | None) -> Tensor:
        expect_shapes(task.kind, logits, labels)
        return cosine_embedding(logits, labels, 0.5 if task.kind == "binary" else settings.cosine_threshold, settings.cosine_margin)

    return loss
