"""The sections of a recipe about how fast what learns: [optimizer] and [schedule], and the combinations of them that cannot work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.recipe_optimizers import SMOOTHING
from tasks.recipe_rules import ABOVE_0, BETAS, FROM_0, RATE, SHARE, check_fields, choice, setting, truth, whole

if TYPE_CHECKING:
    from tasks.recipe_settings import Recipe

LAYER_RATES = choice("decay", "ulmfit", "thirds")
SCHEDULES = choice("constant", "linear", "slanted-triangular")
WARMUP_DEFAULT = 0.1  # a constant schedule may carry it unread, any other warm-up was written by somebody


@dataclass(frozen=True)
class OptimizerSettings:
    """[optimizer]: AdamW or another one, how its rate differs over the model, and what learns from which epoch on."""

    name: str = setting("adamw", choice("adamw", "rmsprop", "sgd"), "see tasks/optimizers.py; form, backend, betas and correct_bias are AdamW's")
    form: str = setting("course", choice("course", "torch"), "CS224N's AdamW, or torch's")
    backend: str = setting("auto", choice("auto", "eager", "compiled", "fused"), "how the same update runs; auto = the fastest proved equal")
    lr: float = setting(1e-5, ABOVE_0, "learning rate of the encoder")
    betas: tuple[float, float] = setting((0.9, 0.999), BETAS, "memory of the first and second moment")
    eps: float = setting(1e-6, ABOVE_0, "keeps the division finite; sgd does not divide")
    momentum: float = setting(0.0, RATE, "rmsprop, sgd: how much of the last step is taken again")
    smoothing: float = setting(SMOOTHING, RATE, "rmsprop: memory of the squared gradient")
    weight_decay: float = setting(0.0, FROM_0, "AdamW: decoupled; rmsprop, sgd: added to the gradient; biases and LayerNorm are left out")
    correct_bias: bool = setting(True, truth(), "undo the pull of the zeros that the moments start from")
    head_lr_multiplier: float = setting(1.0, ABOVE_0, "rate of the heads over lr")
    adapter_lr_multiplier: float = setting(1.0, ABOVE_0, "rate of the adapters over lr; 1 to 100 in the reports")
    embedding_lr_multiplier: float = setting(1.0, FROM_0, "rate of the embeddings over lr; 0 freezes them")
    embedding_parts: str = setting("tables", choice("tables", "all"), "what that is about: word and position tables, or segments and LayerNorm too")
    layer_rates: str = setting("decay", LAYER_RATES, "rates of the layers: by layer_decay, or ULMFiT's 1/2.6 a layer, or thirds at 1/2.6, 1, 2.6")
    layer_decay: float = setting(1.0, SHARE, "each layer's rate over that of the layer above it")
    decay_embeddings: bool = setting(False, truth(), "layer_decay goes on below the layers: the embeddings get one factor more")
    unfreeze: str = setting("none", choice("none", "gradual"), "gradual: the heads alone at first, then from the top one layer more each epoch")
    unfreeze_layers: int = setting(1, whole(1, 100), "gradual: how many layers join in each epoch")

    def __post_init__(self) -> None:
        check_fields(self, "optimizer")


@dataclass(frozen=True)
class ScheduleSettings:
    """[schedule]: how the rate moves over the run."""

    name: str = setting("constant", SCHEDULES, "constant, linear warm-up and decay to 0, or ULMFiT's steep rise and slow fall")
    warmup: float = setting(WARMUP_DEFAULT, RATE, "fraction of all updates that warms up; not for constant")

    def __post_init__(self) -> None:
        check_fields(self, "schedule")


RATE_COMBINATIONS: tuple[tuple[Callable[[Recipe], bool], str], ...] = (
    (lambda recipe: recipe.model.fine_tune_mode == "last-linear-layer" and recipe.optimizer.layer_decay != 1,
     ('optimizer.layer_decay = {recipe.optimizer.layer_decay} slows the layers of the encoder, but model.fine_tune_mode = "last-linear-layer" '
      'freezes them all; try layer_decay = 1 or fine_tune_mode = "full-model"')),
    (lambda recipe: recipe.model.fine_tune_mode == "last-linear-layer" and recipe.optimizer.layer_rates != "decay",
     ('optimizer.layer_rates = "{recipe.optimizer.layer_rates}" gives each layer of the encoder a rate, but model.fine_tune_mode = "last-linear-layer" '
      'freezes them all; try layer_rates = "decay" or fine_tune_mode = "full-model"')),
    (lambda recipe: recipe.model.fine_tune_mode == "last-linear-layer" and recipe.optimizer.head_lr_multiplier != 1,
     ('optimizer.head_lr_multiplier = {recipe.optimizer.head_lr_multiplier} compares the heads with the encoder, but model.fine_tune_mode = '
      '"last-linear-layer" trains heads alone; try head_lr_multiplier = 1 and set optimizer.lr')),
    (lambda recipe: recipe.model.fine_tune_mode != "full-model" and recipe.optimizer.embedding_lr_multiplier != 1,
     ('optimizer.embedding_lr_multiplier = {recipe.optimizer.embedding_lr_multiplier} is the rate of the embeddings, but model.fine_tune_mode = '
      '"{recipe.model.fine_tune_mode}" freezes their tables already; try embedding_lr_multiplier = 1 or fine_tune_mode = "full-model"')),
    (lambda recipe: recipe.model.fine_tune_mode != "full-model" and recipe.optimizer.unfreeze != "none",
     ('optimizer.unfreeze = "{recipe.optimizer.unfreeze}" lets one layer after the other learn, but model.fine_tune_mode = '
      '"{recipe.model.fine_tune_mode}" keeps them frozen; try unfreeze = "none" or fine_tune_mode = "full-model"')),
    (lambda recipe: recipe.optimizer.unfreeze != "none" and any(head.endswith("=cosine-embedding") for head in recipe.model.heads),
     ('optimizer.unfreeze = "{recipe.optimizer.unfreeze}" starts with the heads alone, but the head cosine-embedding has nothing to learn; '
      'try unfreeze = "none" or the head cosine-2d+1')),
    (lambda recipe: recipe.optimizer.unfreeze == "none" and recipe.optimizer.unfreeze_layers != 1,
     ('optimizer.unfreeze_layers = {recipe.optimizer.unfreeze_layers} says how many layers join an epoch, but optimizer.unfreeze = "none" lets all '
      'learn at once; try unfreeze = "gradual"')),
    (lambda recipe: recipe.optimizer.layer_rates != "decay" and recipe.optimizer.layer_decay != 1,
     ('optimizer.layer_decay = {recipe.optimizer.layer_decay} is the ratio of layer_rates = "decay", but optimizer.layer_rates = '
      '"{recipe.optimizer.layer_rates}" has its own, 2.6; set one of the two')),
    (lambda recipe: recipe.optimizer.decay_embeddings and (recipe.optimizer.layer_rates != "decay" or recipe.optimizer.layer_decay == 1),
     ('optimizer.decay_embeddings = true goes one step below the layers of layer_decay, but optimizer.layer_rates = "{recipe.optimizer.layer_rates}" '
      'with layer_decay = {recipe.optimizer.layer_decay} has no such step; try layer_decay = 0.95, or leave it at false')),
    (lambda recipe: recipe.optimizer.embedding_parts != "tables" and recipe.optimizer.embedding_lr_multiplier == 1,
     ('optimizer.embedding_parts = "{recipe.optimizer.embedding_parts}" says what embedding_lr_multiplier is about, but that is 1 and changes nothing; '
      'try embedding_lr_multiplier = 0.5, or 0 to freeze')),
    (lambda recipe: recipe.schedule.name == "constant" and recipe.schedule.warmup not in (0, WARMUP_DEFAULT),
     ('schedule.warmup = {recipe.schedule.warmup} belongs to the schedules that move, but schedule.name = "constant" never changes the rate; '
      'try schedule.name = "linear"')),
)  # fmt: skip
