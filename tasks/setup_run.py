"""From a recipe to the parts of a run, one for each door, before the first step is taken: `parts = build(recipe)`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.optim import Optimizer

from minbert.bert import Bert
from minbert.tokenizer import Tokenizer
from optim import Schedule
from tasks.encode_run import Encoded, encode_splits, reads_both_orders
from tasks.encoding import EncodedSplit
from tasks.exit_model import make_model
from tasks.exit_objective import ExitTraining
from tasks.features import CachedModel, precompute_features
from tasks.joining import own_device
from tasks.memory import keep_freed_memory
from tasks.model import MultitaskModel
from tasks.optimizer_of import make_optimizer
from tasks.precision import Precision, make_precision
from tasks.processes import ALONE, World
from tasks.recipe_settings import Recipe
from tasks.recipe_tasks import tasks_of
from tasks.registry import Task
from tasks.samplers import Sampler
from tasks.seeds import named_generator
from tasks.splits import Splits, read_splits
from tasks.streams import BatchStream
from tasks.surgery_updates import ALL_UPDATES, Surgeon
from tasks.teacher import Teacher
from tasks.unfreezing import Unfreezing

if TYPE_CHECKING:
    from tasks.phases import Phases

# Drawn from in training, so saved in every checkpoint. Dropout draws from torch's own generator, which is saved beside them.
GENERATORS = ("regularizer", "surgery")


@dataclass(frozen=True)
class Parts:
    """Everything one run is made of."""
    recipe: Recipe
    device: torch.device
    precision: Precision
    tasks: dict[str, Task]
    tokenizer: Tokenizer
    splits: Splits
    encoded: Encoded
    model: MultitaskModel
    learner: nn.Module  # what training batches go through: the model, or its heads on cached features
    scorer: nn.Module  # the same for dev batches
    optimizer: Optimizer
    schedule: Schedule
    sampler: Sampler
    streams: dict[str, BatchStream]
    generators: dict[str, torch.Generator]
    surgeon: Surgeon  # what updates need that look at gradients
    teacher: Teacher | None  # of the Bregman proximal point
    unfreezing: Unfreezing | None  # who learns in which epoch, where not everything does
    updates_per_epoch: int  # optimizer steps, where the sampler counts its own steps
    world: World = ALONE  # this process among those that train together
    phases: Phases | None = None  # what follows what, where a run has phases
    exits: ExitTraining | None = None  # whose losses count in which step, where there are heads below the last layer


def build(recipe: Recipe, encoder: Bert | None = None, tokenizer: Tokenizer | None = None, device: torch.device | None = None,
          cache_features: bool = True, say: Callable[[str], object] = print, world: World = ALONE) -> Parts:
    """Make the parts that `recipe` names.

    encoder, tokenizer: used instead of loading `recipe.weights`, as a resumed run does; device: used instead of the recipe's choice;
    cache_features: let a frozen encoder read each sentence once; world: this process among several. Every error is a UserError, and the cheap checks come first.
    """
    device = device or own_device(recipe, world)
    keep_freed_memory()
    precision = make_precision(recipe.training.precision, device)
    tasks = tasks_of(recipe)
    splits = read_splits(recipe, tasks, say)
    tokenizer = tokenizer or Tokenizer.from_pretrained(recipe.weights)
    encoded = encode_splits(recipe, tasks, splits, tokenizer)
    model = make_model(recipe, encoder or load_encoder(recipe), tasks, named_generator(recipe.seed, "init")).to(device)
    learner = scorer = model
    # A regularizer moves words, a teacher reads them, exits read what is below, and of a pair read in two orders there are two vectors.
    needs_encoder = recipe.regularizer.weight or recipe.bregman.weight or recipe.exits.on or model.crossing or any(reads_both_orders(recipe, split) for split in encoded)
    if model.frozen and cache_features and not needs_encoder:
        learner, scorer = _with_cached_features(recipe, model, encoded, precision, device)
    optimizer = make_optimizer(recipe, model)
    updates = updates_per_epoch(recipe, encoded["train"])
    streams = make_streams(recipe, encoded["train"], device)
    generators = {name: named_generator(recipe.seed, name) for name in GENERATORS}
    learning = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    return Parts(
        recipe=recipe, device=device, precision=precision, tasks=tasks, tokenizer=tokenizer, splits=splits, encoded=encoded,
        model=model, learner=learner, scorer=scorer, optimizer=optimizer,
        schedule=Schedule(optimizer, recipe.schedule.name, total=updates * recipe.training.epochs, warmup=recipe.schedule.warmup),
        sampler=make_sampler(recipe, encoded["train"]), streams=streams,
        generators=generators, surgeon=Surgeon(learning, generators["surgery"], recipe.update.reading, world=world),
        teacher=Teacher(model, recipe.bregman, updates * recipe.training.epochs) if recipe.bregman.weight else None,
        unfreezing=make_unfreezing(recipe, model, learning, say), updates_per_epoch=updates, world=world,
        exits=ExitTraining(recipe, model, streams, world) if recipe.exits.on else None,
    )


def load_encoder(recipe: Recipe, weights: str | Path | None = None) -> Bert:
    """The pretrained encoder of the recipe, or the one in `weights`, with the recipe's dropout."""
    return Bert.from_pretrained(weights or recipe.weights, recipe.model.attention, hidden_dropout_prob=recipe.model.hidden_dropout,
                                attention_probs_dropout_prob=recipe.model.attention_dropout)


def make_unfreezing(recipe: Recipe, model: MultitaskModel, learning: list[torch.Tensor], say: Callable[[str], object]) -> Unfreezing | None:
    """Gradual unfreezing of the parameters that learn, if the recipe wants it."""
    depth, chosen = model.bert.config.num_hidden_layers, recipe.optimizer
    return None if chosen.unfreeze == "none" else Unfreezing(model, learning, depth, chosen.unfreeze_layers, say)


def make_streams(recipe: Recipe, train: Mapping[str, EncodedSplit], device: torch.device) -> dict[str, BatchStream]:
    """One endless stream of batches per task, each with a generator of its own name: a fourth task leaves three orders alone."""
    return {name: BatchStream(encoded, recipe.sampler.batch_size, recipe.sampler.window, named_generator(recipe.seed, f"stream.{name}"), device)
            for name, encoded in train.items()}


def make_sampler(recipe: Recipe, train: Mapping[str, EncodedSplit]) -> Sampler:
    """The sampler of the recipe. With accumulation a step draws several batches, so an epoch has fewer steps and the same rows."""
    rows_per_step = recipe.sampler.batch_size * recipe.training.accumulation
    sizes = {name: len(encoded) for name, encoded in train.items()}
    return Sampler(recipe.sampler.name, sizes, rows_per_step, named_generator(recipe.seed, "sampler"), recipe.sampler.iterations, recipe.sampler.times,
                   recipe.training.epochs)


def updates_per_epoch(recipe: Recipe, train: Mapping[str, EncodedSplit]) -> int:
    """Optimizer steps in one epoch: 755 * 3 for the course's lock-step baseline. Counted on a sampler that is then thrown away."""
    sampler = make_sampler(recipe, train)
    return sum(ALL_UPDATES[recipe.update.name].optimizer_steps(len(next(sampler))) for _ in range(sampler.steps_per_epoch))


def _with_cached_features(recipe: Recipe, model: MultitaskModel, encoded: Encoded, precision: Precision, device: torch.device) -> list[CachedModel]:
    def cached(split: str) -> CachedModel:
        rows = recipe.training.evaluate_batch_size
        tables = {name: precompute_features(model, each, rows, device, precision.autocast()) for name, each in encoded[split].items()}
        return CachedModel(model, tables)

    return [cached("train"), cached("dev")]
