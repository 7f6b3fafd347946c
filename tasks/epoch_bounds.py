"""Where an epoch of a run begins and ends, who learns in it, and when the last is over: fixed without phases, the phases' own with them."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from tasks.exit_stages import who_learns
from tasks.progress import Progress
from tasks.run_folder import RunFolder
from tasks.setup_run import Parts
from tasks.update_step import MakeRegularizer, UpdateStep


def goes_on(parts: Parts, progress: Progress) -> bool:
    """Whether there is an epoch left."""
    return parts.phases.is_on if parts.phases else progress.evaluated < parts.recipe.training.epochs


def epochs_of(parts: Parts) -> int:
    """How often dev is scored; at most, where phases may end by themselves."""
    return parts.phases.scores if parts.phases else parts.recipe.training.epochs


def epoch_length(parts: Parts) -> int:
    """Steps of the epoch at hand."""
    return parts.phases.leg.length if parts.phases else parts.sampler.steps_per_epoch


def epoch_end(parts: Parts, progress: Progress) -> int:
    """The step, counted over the whole run, after which dev is scored next."""
    return parts.phases.end if parts.phases else (progress.evaluated + 1) * parts.sampler.steps_per_epoch


def learning(parts: Parts, progress: Progress, folder: RunFolder) -> AbstractContextManager[Any]:
    """A block for steps of the epoch at hand; the model is in train mode already."""
    return parts.phases.learning(parts) if parts.phases else who_learns(parts, progress, folder)


def update_step(parts: Parts, make_regularizer: MakeRegularizer | None, weight: float | None, progress: Progress) -> UpdateStep:
    """What makes a step; arguments as for `tasks.train.train`, of which a phase may want no regularizer."""
    plain = parts.phases is not None and not parts.phases.leg.phase.regularized
    return UpdateStep(parts, make_regularizer, 0.0 if plain else weight, progress.updates)
