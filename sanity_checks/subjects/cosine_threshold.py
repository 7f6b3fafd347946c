"""What the cosine threshold probe needs: answers, the best threshold, the head that carries it, its tuning after an epoch, and a warning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn


@dataclass(frozen=True)
class CosineThreshold:
    """answers(scores (N,), threshold) -> (N,); best(scores, labels (N,)) -> what has value, accuracy, majority, low, high and is_constant;
    head() -> a module whose threshold is 0; tune(head, scores, labels) -> scores over the new threshold; warning(task, answers, labels or None) -> words;
    epoch(head, scores on dev, labels of train, dev and test) -> the answers on dev, with the threshold that an epoch ends with."""

    answers: Callable[[Tensor, float], Tensor]
    best: Callable[[Tensor, Tensor], Any]
    head: Callable[[], nn.Module]
    tune: Callable[[nn.Module, Tensor, Tensor], Tensor]
    warning: Callable[[str, Tensor, Tensor | None], str]
    epoch: Callable[[nn.Module, Tensor, dict[str, Tensor]], Tensor]


def library() -> CosineThreshold:
    """The subject made of tasks/cosine_threshold.py and of tasks/score_epoch.py, which tunes it."""
    from types import SimpleNamespace

    import tasks.cosine_threshold as ours  # here, so that a file that cannot be read is reported when its component is checked
    import tasks.score_epoch as scoring
    from tasks.registry import TASKS

    def epoch(head: nn.Module, scores: Tensor, labels: dict[str, Tensor]) -> Tensor:
        # the labels of dev come with what was found there, so that nothing has to compute its score here
        encoded = {split: {"quora": SimpleNamespace(labels=None if split == "dev" else each)} for split, each in labels.items()}
        parts = SimpleNamespace(model=SimpleNamespace(heads={"quora": head}), encoded=encoded, tasks=TASKS)
        found = SimpleNamespace(logits=scores, labels=labels["dev"], ids=tuple(map(str, range(len(scores)))), predictions=scores * 0)
        return scoring.with_threshold(parts, "quora", found).predictions  # type: ignore[arg-type]

    return CosineThreshold(
        lambda scores, threshold: ours.answers(scores, threshold), lambda scores, labels: ours.best_threshold(scores, labels), lambda: ours.ThresholdHead(),
        lambda head, scores, labels: head.tune(scores, labels), lambda task, found, labels: ours.constant_warning(task, found, labels), epoch,
    )  # fmt: skip
