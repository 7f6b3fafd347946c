"""From [optimizer] to an optimizer over a model: what never learns is frozen first, the rest comes into groups by layer, part and decay."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from torch import nn
from torch.optim import Optimizer

from minbert.errors import UserError
from optim import parameter_groups
from optim.rates import EMBEDDING_PARTS
from tasks.model import MultitaskModel
from tasks.optimizers import OPTIMIZERS
from tasks.recipe_rates import OptimizerSettings
from tasks.recipe_settings import Recipe

# Name -> what of [optimizer] it reads, beside rates and decay, in its own words.
READS: Mapping[str, Callable[[OptimizerSettings], dict[str, Any]]] = {
    "adamw": lambda chosen: {"betas": chosen.betas, "eps": chosen.eps, "weight_decay": chosen.weight_decay, "correct_bias": chosen.correct_bias,
                             "form": chosen.form, "backend": chosen.backend},
    "rmsprop": lambda chosen: {"alpha": chosen.smoothing, "eps": chosen.eps, "momentum": chosen.momentum},
    "sgd": lambda chosen: {"momentum": chosen.momentum},
}  # fmt: skip


def make_optimizer(recipe: Recipe, model: MultitaskModel) -> Optimizer:
    """The optimizer of the recipe over the parameters that learn; embeddings whose rate is 0 are frozen from here on.

    UserError for what optim/ refuses, a missing compiler for example.
    """
    freeze_embeddings(model, recipe.optimizer)
    try:
        return _optimizer(recipe.optimizer, model)
    except ValueError as error:  # optim/ knows nothing of ours, UserError included
        raise UserError(f"[optimizer]: {error}.") from None


def freeze_embeddings(model: nn.Module, settings: OptimizerSettings) -> None:
    """With embedding_lr_multiplier = 0, take the parts that it is about out of training; otherwise do nothing.

    No gradient, so no Adam state and no decay: with a rate of 0 alone, decay by another group's rate or a stale moment could still move them.
    Gradients with respect to embeddings pass all the same, which is what a regularizer that perturbs them needs.
    """
    if settings.embedding_lr_multiplier == 0:
        for name, parameter in model.named_parameters():
            if EMBEDDING_PARTS[settings.embedding_parts].match(name):
                parameter.requires_grad_(False)


def _optimizer(settings: OptimizerSettings, model: MultitaskModel) -> Optimizer:
    groups = parameter_groups(
        model.named_parameters(), settings.lr, settings.weight_decay, head_lr_multiplier=settings.head_lr_multiplier,
        layer_decay=settings.layer_decay, num_layers=model.bert.config.num_hidden_layers, decay_embeddings=settings.decay_embeddings,
        adapter_lr_multiplier=settings.adapter_lr_multiplier, layer_rates=settings.layer_rates,
        embedding_lr_multiplier=settings.embedding_lr_multiplier or 1.0, embedding_parts=settings.embedding_parts,
    )  # fmt: skip
    return OPTIMIZERS[settings.name](groups, lr=settings.lr, **READS[settings.name](settings))
