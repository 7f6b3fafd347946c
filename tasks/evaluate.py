"""Evaluation: every example once, without dropout and without a graph, scored by the task's own metric.

Batches are formed by length, so that little padding is computed, and each result goes back to its example's place in the file.
Letters: N examples of the split, B batch, k scores.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from minbert.errors import UserError
from tasks.batching import Batch, collate
from tasks.encoding import EncodedSplit
from tasks.metrics import METRICS, decide
from tasks.processes import ALONE, World
from tasks.registry import Task
from tasks.shared_split import own_turns, whole_split


@dataclass(frozen=True)
class Evaluation:
    """What one pass over a split found; all rows in file order, all tensors on the CPU."""

    task: str
    metric: str  # name of the metric
    score: float | None  # None when the split has no labels
    predictions: Tensor  # (N,) decided: class numbers, 0 or 1, or the score itself
    logits: Tensor  # (N, k) or (N,) float32
    labels: Tensor | None  # (N,)
    ids: tuple[str, ...]  # N


def evaluate(
    model: nn.Module,
    encoded: EncodedSplit,
    task: Task,
    batch_size: int = 32,
    device: torch.device | str = "cpu",
    autocast: contextlib.AbstractContextManager[object] | None = None,
    progress: Callable[[list[list[int]]], Iterable[list[int]]] = iter,
    world: World = ALONE,
) -> Evaluation:
    """Score `model` (Batch -> logits) on a split; train or eval mode of every module is as before afterwards.

    autocast: a context such as `torch.autocast("cuda", torch.bfloat16)` that holds during the pass; progress: wraps the list of batches, for
    instance `tqdm`; world: the processes that share the batches, of which all get the whole result.  A split that was encoded in both orders is
    scored in both.  `UserError` for an empty split.
    """
    with evaluating(model), torch.inference_mode(), autocast or contextlib.nullcontext():
        logits, ids = over_split(model, encoded, batch_size, device, progress, world)
        if encoded.swapped:  # the mean of both orders, which is the same for (a, b) and (b, a)
            logits = (logits + over_split(model, encoded.swapped, batch_size, device, progress, world)[0]) / 2
    return judged(logits, ids, encoded, task)


def judged(logits: Tensor, ids: tuple[str, ...], encoded: EncodedSplit, task: Task) -> Evaluation:
    """What logits (N, k) or (N,) on a split amount to; `UserError` for some that are not finite."""
    logits = logits.float().cpu()  # (N, k) or (N,)
    if not logits.isfinite().all():  # argmax would call NaN the largest score and report a plausible accuracy
        raise UserError(f"the scores of task {task.name!r} are not finite: the model has diverged; try a lower learning rate or clip > 0.")
    labels = encoded.labels
    predictions = decide(task.kind, logits)  # (N,)
    score = None if labels is None else float(METRICS[task.metric](predictions, labels))
    return Evaluation(task.name, task.metric, score, predictions, logits, labels, ids)


def over_split(
    function: Callable[[Batch], Tensor],
    encoded: EncodedSplit,
    batch_size: int,
    device: torch.device | str,
    progress: Callable[[list[list[int]]], Iterable[list[int]]] = iter,
    world: World = ALONE,
) -> tuple[Tensor, tuple[str, ...]]:
    """Apply `function` (Batch -> (B, ...)) to the whole split; returns its rows (N, ...) and their ids, both in file order.

    Each process of `world` computes every size-th batch, the same batches as one process would, and gets the rows of all: no row twice.
    """
    if not encoded.ids:
        raise UserError(f"the split of task {encoded.task!r} has no examples to evaluate.")
    # Longest first: if memory is too small for the split, that shows in the first batch and not in the last.
    order = sorted(range(len(encoded.ids)), key=lambda index: -encoded.lengths[index])
    rows, places = [], []
    for chunk in progress(own_turns([order[start : start + batch_size] for start in range(0, len(order), batch_size)], world)):
        batch = collate(encoded, chunk, device)
        rows.append(function(batch))  # (B, ...)
        places += batch.indices  # a place travels with its row, so that the two cannot part
    rows, places = whole_split(torch.cat(rows), torch.tensor(places), len(order), batch_size, world)
    back = places.argsort()  # (N,): where in `rows` the first, second, ... example of the file is
    return rows[back.to(rows.device)], tuple(encoded.ids[place] for place in places[back].tolist())


@contextlib.contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Eval mode inside, and afterwards the mode that each single module had before: a frozen encoder stays frozen, an error changes nothing."""
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training
