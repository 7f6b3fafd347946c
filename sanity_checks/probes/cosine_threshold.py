"""The cosine threshold probe: which side of a threshold a score is on, which threshold is the best, where a head keeps it, and what is told.

Letters: N examples, C width of a sentence.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.facts import refused, untouched
from sanity_checks.subjects.cosine_threshold import CosineThreshold

# words -> scores and labels; most scores are numbers that floats hold exactly
CASES: dict[str, tuple[list[float], list[int]]] = {
    "one example of 1": ([0.5], [1]),
    "one example of 0": ([0.5], [0]),
    "two that can be told apart": ([0.25, 0.75], [0, 1]),
    "two below 0": ([-0.75, -0.5], [0, 1]),
    "two in the wrong order": ([0.25, 0.75], [1, 0]),
    "three close together": ([0.9375, 0.953125, 0.96875], [0, 0, 1]),
    "equal scores of both labels": ([0.25, 0.5, 0.5, 0.5, 0.75], [0, 0, 0, 1, 1]),
    "two gaps, the wider above": ([0.0, 0.125, 0.25, 0.75], [0, 1, 0, 1]),
    "two gaps, the wider below": ([0.0, 0.5, 0.625, 0.75], [0, 1, 0, 1]),
    "two gaps, equally wide": ([0.0, 0.25, 0.5, 0.75], [0, 1, 0, 1]),
    "a gap as good as one answer for all": ([0.0, 0.5, 0.75], [1, 0, 1]),
    "a gap as good as 0 for all, and equal scores": ([0.25, 0.5, 0.5], [0, 1, 0]),
    "more of 0 than of 1": ([0.75, 0.0, 0.5, 0.25, 0.875, 0.125, 0.375], [1, 0, 1, 0, 0, 0, 0]),
}
WHAT = ("threshold", "accuracy", "majority", "low end", "high end")


def probe(subject: CosineThreshold, look: Look) -> None:
    """Look at answers, at thresholds, at the head, at the end of an epoch and at warnings."""
    scores = torch.tensor([0.5, 0.7, 0.9, -0.5], dtype=torch.float64)
    look("the answers to four scores", lambda: subject.answers(scores, 0.7), axes=("example",))
    for words, case in CASES.items():
        look(f"the best threshold for {words}", lambda case=case: _found(subject, *case))
    look("the best threshold with scores of float32", lambda: subject.best(torch.tensor([0.1, 0.3]), torch.tensor([0.0, 1.0])).value)
    _choice(subject, look)
    _head(subject, look)
    look("the answers at the end of an epoch", lambda: _epoch(subject, subject.head()), axes=("example",))
    look("the answers at the end of a second epoch", lambda: _epochs(subject), axes=("example",))
    given = {split: torch.tensor([0.0, 1.0]) for split in ("train", "dev", "test")}
    look("the answers of a task whose head has no threshold", lambda: subject.epoch(torch.nn.Identity(), torch.tensor([0.5, -0.5]), given), axes=("example",))
    _warnings(subject, look)


def _tensors(scores: list[float], labels: list[int]) -> tuple[Tensor, Tensor]:
    return torch.tensor(scores, dtype=torch.float64), torch.tensor(labels, dtype=torch.float64)


def _found(subject: CosineThreshold, scores: list[float], labels: list[int]) -> str:
    found = subject.best(*_tensors(scores, labels))
    values = (found.value, found.accuracy, found.majority, found.low, found.high)
    told = ", ".join(f"{name} {value:.6g}" for name, value in zip(WHAT, values))
    return told + (", the same answer for all" if found.is_constant else "")


def _choice(subject: CosineThreshold, look: Look) -> None:
    scores, labels = _tensors(*CASES["more of 0 than of 1"])
    right = lambda threshold: (subject.answers(scores, threshold) == labels).double().mean().item()
    look("the accuracy that is told is that of the threshold", lambda: abs(right(subject.best(scores, labels).value) - subject.best(scores, labels).accuracy) < 1e-9)
    look("two scores without another between them are told apart", lambda: _neighbours(subject))
    look("choosing leaves scores and labels as they are", lambda: untouched(subject.best, scores, labels))
    bad = {"a label that is neither 0 nor 1": (scores, labels + 1), "a score that is no number": (scores * float("nan"), labels), "fewer labels than scores": (scores, labels[1:])}
    for words, given in bad.items():
        look(f"{words} is refused", lambda given=given: refused(lambda: subject.best(*given)), "option")


def _neighbours(subject: CosineThreshold) -> bool:
    low = 1 + torch.finfo(torch.float64).eps  # the middle of this and the next is rounded up
    scores, labels = torch.tensor([low, math.nextafter(low, 2.0)], dtype=torch.float64), torch.tensor([0.0, 1.0])
    return subject.answers(scores, subject.best(scores, labels).value).tolist() == [0, 1]


def _head(subject: CosineThreshold, look: Look) -> None:
    features, labels = numbers(5, 6, seed=3), torch.tensor([0.0, 1.0, 0.0, 1.0, 1.0])  # (N, 2C)
    angle = torch.cosine_similarity(features[:, :3], features[:, 3:])  # (N,)

    def tuned(*rounds: Tensor) -> torch.nn.Module:
        head = subject.head().eval()
        for scores in rounds:
            subject.tune(head, scores - head.threshold, labels)
        return head

    look("the scores of an untuned head", lambda: subject.head().eval()(features), axes=("pair",))
    look("the threshold of a tuned head", lambda: tuned(angle).threshold)
    look("the scores that tuning returns", lambda: subject.tune(subject.head().eval(), angle, labels), axes=("example",))
    look("the threshold of a head that is tuned twice", lambda: tuned(angle.neg(), angle).threshold)
    look("the scores of a tuned head in eval mode", lambda: tuned(angle)(features), axes=("pair",))
    look("the scores of a tuned head in train mode", lambda: tuned(angle).train()(features), "train", ("pair",))
    look("the threshold of a head for which all labels are 1", lambda: _all_ones(subject, angle))
    look("the threshold is saved with the model", lambda: "threshold" in subject.head().state_dict())
    look("nothing of the head learns by gradients", lambda: not list(subject.head().parameters()))


def _all_ones(subject: CosineThreshold, scores: Tensor) -> Tensor:
    head = subject.head().eval()
    subject.tune(head, scores, torch.ones(5))
    return head.threshold


def _epoch(subject: CosineThreshold, head: torch.nn.Module, moved: float = 0.0) -> Tensor:
    given = {"train": [1, 1, 1, 0], "dev": [0, 0, 0, 1], "test": [0, 1, 1, 1]}
    scores = torch.tensor([0.5, 0.6, 0.7, 0.9]) + moved
    return subject.epoch(head.eval(), scores - head.threshold, {split: torch.tensor(each, dtype=torch.float32) for split, each in given.items()})


def _epochs(subject: CosineThreshold) -> Tensor:
    head = subject.head()
    _epoch(subject, head)
    return _epoch(subject, head, -0.75)


def _warnings(subject: CosineThreshold, look: Look) -> None:
    warn = lambda found, labels=None: subject.warning("quora", torch.tensor(found), None if labels is None else torch.tensor(labels)) or "nothing is told"
    look("what is told about no prediction", lambda: warn([]), "option")
    look("what is told about one prediction", lambda: warn([1], [0]), "option")
    look("what is told when all is 0", lambda: warn([0, 0, 0], [0, 1, 0]))
    look("what is told when all is 1", lambda: warn([1, 1, 1, 1], [0, 1, 0, 0]))
    look("what is told when all is 0 and labels are not known", lambda: warn([0, 0, 0]))
    look("what is told when one prediction of four is another", lambda: warn([0, 0, 1, 0], [0, 1, 0, 0]))
    look("what is told when the first prediction is another", lambda: warn([1, 0, 0, 0], [0, 0, 0, 0]))
    look("what is told when all scores are 2.5", lambda: warn([2.5, 2.5], [2.5, 1.0]))
