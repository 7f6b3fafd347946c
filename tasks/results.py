"""results.json: what a finished run knows about each task on dev, in one file that the report and the pictures read.

    {"overall": {"normalised": 0.71, "plain": 0.68},
     "tasks": {NAME: {
        "metric": "accuracy" | "pearson",
        "majority": 0.26, "bag_of_words": 0.41, "ours": 0.49,        scores on dev, null where there is none
        "labels": ["0", "1", ...],                                   names of the classes, [] for regression
        "confusion": [[12, 3], [4, 20]] | null,                      row = label, column = prediction
        "points": [[label, prediction], ...] | null,                 regression only, at most POINTS of them
        "wrong": [{"id": "7", "texts": ["..."], "label": 1, "prediction": 0, "confidence": 0.98 | null}, ...]}}}

`wrong` holds the dev examples most confidently wrong, worst first. For classes the confidence is the probability given to the wrong
answer; a regression has none, and there the largest distance from the label comes first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from minbert.errors import UserError
from tasks.evaluate import Evaluation
from tasks.metrics import OVERALLS, confusion_matrix
from tasks.registry import Task

HARDEST = 10  # wrong examples kept for each task: one screenful
POINTS = 500  # dots in a scatter: more only make it darker


def confidences(kind: str, logits: Tensor) -> list[float] | None:
    """The probability of each decided answer: logits (N, classes) or (N,) for one logit -> N numbers, or None for a regression."""
    if kind == "regression":
        return None
    scores = logits.double()
    if kind == "binary":
        chance = torch.sigmoid(scores.reshape(-1))
        return torch.maximum(chance, 1 - chance).tolist()
    return scores.softmax(dim=-1).amax(dim=-1).tolist()


def hardest(ids: Sequence[str], texts: Sequence[Sequence[str]], labels: Sequence[float], predictions: Sequence[float],
            confidence: Sequence[float] | None, keep: int = HARDEST) -> list[dict[str, Any]]:
    """The `keep` examples most confidently wrong, worst first, as the rows of `wrong` above; all sequences hold N entries."""
    def badness(index: int) -> float:
        return confidence[index] if confidence is not None else abs(labels[index] - predictions[index])

    wrong = sorted((index for index in range(len(ids)) if labels[index] != predictions[index]), key=badness, reverse=True)
    return [{"id": str(ids[index]), "texts": list(texts[index]), "label": labels[index], "prediction": predictions[index],
             "confidence": None if confidence is None else confidence[index]} for index in wrong[:keep]]


def task_results(task: Task, evaluation: Evaluation, texts: Sequence[Sequence[str]], majority: float | None = None,
                 bag_of_words: float | None = None) -> dict[str, Any]:
    """One task's entry of results.json, from the evaluation of N labelled dev examples and their `texts`, in the same order.

    `majority` and `bag_of_words` are the baselines' scores. Raises UserError when the split has no labels or the lengths differ.
    """
    if evaluation.labels is None or len(texts) != len(evaluation.ids):
        raise UserError(f"task {task.name!r}: results need {len(evaluation.ids)} labelled dev examples, got {len(texts)} texts "
                        f"and {'no' if evaluation.labels is None else len(evaluation.labels)} labels.")
    labels, said = evaluation.labels.tolist(), evaluation.predictions.tolist()
    names = [str(index) for index in range(task.num_classes)]
    return {"metric": evaluation.metric, "majority": majority, "bag_of_words": bag_of_words, "ours": evaluation.score, "labels": names,
            "confusion": confusion_matrix(evaluation.predictions, evaluation.labels, task.num_classes).tolist() if names else None,
            "points": None if names else sample(list(zip(labels, said))),
            "wrong": hardest(evaluation.ids, texts, labels, said, confidences(task.kind, evaluation.logits))}


def run_results(tasks: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """The whole of results.json from the entries of its tasks (`task_results`), with both overall scores added."""
    scores = {name: (entry["metric"], entry["ours"]) for name, entry in tasks.items()}
    return {"overall": {name: overall(scores).value for name, overall in OVERALLS.items()}, "tasks": dict(tasks)}


def sample(pairs: Sequence[tuple[float, float]]) -> list[list[float]]:
    """At most POINTS of `pairs`: every n-th, a fair sample without a random number."""
    return [list(pair) for pair in pairs[:: max(1, -(-len(pairs) // POINTS))]]
