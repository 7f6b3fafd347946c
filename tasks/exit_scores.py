"""What each exit scores on dev after an epoch, all from one pass; the last exit is the model itself, bit for bit.

Letters: N examples, L layers, k scores.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from tasks.encoding import EncodedSplit
from tasks.evaluate import Evaluation, evaluating, judged, over_split
from tasks.exits import all_exits, walk_exits
from tasks.metrics import OVERALLS
from tasks.model import MultitaskModel
from tasks.processes import ALONE, World

if TYPE_CHECKING:
    from tasks.setup_run import Parts


def exit_logits(model: MultitaskModel, encoded: EncodedSplit, batch_size: int, device: torch.device | str, autocast: AbstractContextManager[object] | None = None,
                progress: Callable[[list[list[int]]], Any] = iter, world: World = ALONE) -> tuple[Tensor, tuple[str, ...]]:
    """What every exit says of a split, in file order: (N, L, k) or (N, L), and N ids; arguments as in `evaluate`."""
    with evaluating(model), torch.inference_mode(), autocast or nullcontext():
        return over_split(lambda batch: all_exits(model, model.exits[batch.task], batch), encoded, batch_size, device, progress, world)


def exit_certainties(model: MultitaskModel, encoded: EncodedSplit, batch_size: int, device: torch.device | str) -> Tensor:
    """How sure a model that has learned to exit is at each exit below the last, (N, L - 1), in file order."""
    certainty = model.certainty[encoded.task]
    with evaluating(model), torch.inference_mode():
        return over_split(lambda batch: torch.stack([certainty(found.features) for found in list(walk_exits(model, model.exits[batch.task], batch))[:-1]], dim=1),
                          encoded, batch_size, device)[0]


def exit_evaluations(parts: Parts, bar: Callable[..., Any] | None = None) -> dict[str, list[Evaluation]]:
    """Task -> the evaluation of each of its exits on dev, the model itself last; nothing for a run without exits."""
    if parts.exits is None:
        return {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # an exit that says the same of all is no news in an early epoch
        return {name: _evaluations(parts, name, encoded, bar) for name, encoded in parts.encoded["dev"].items()}


def _evaluations(parts: Parts, name: str, encoded: EncodedSplit, bar: Callable[..., Any] | None) -> list[Evaluation]:
    logits, ids = exit_logits(parts.model, encoded, parts.recipe.training.evaluate_batch_size, parts.device, parts.precision.autocast(),
                              partial(bar, desc=f"dev {name}", leave=False) if bar else iter, parts.world)
    return [judged(each, ids, encoded, parts.tasks[name]) for each in logits.unbind(1)]


def told_of_exits(parts: Parts, found: Mapping[str, Sequence[Evaluation]]) -> dict[str, Any]:
    """For an epoch's line: the scores of all exits of each task, and the mean overall score of the exits below the last."""
    if not found:
        return {}
    overall = OVERALLS[parts.recipe.training.score]
    below = [overall({name: (each.metric, each.score) for name, each in zip(found, row)}).value for row in list(zip(*found.values()))[:-1]]
    return {"exits": {name: [each.score for each in row] for name, row in found.items()}, "exits_overall": sum(below) / max(1, len(below))}
