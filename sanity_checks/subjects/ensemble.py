"""What the ensemble probe needs: answers joined by id, their mean, what it comes to, the greedy choice, and scores on one scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from torch import Tensor

Named = Sequence[tuple[str, Tensor]]  # name of a model -> its values
Read = Sequence[tuple[Sequence[str], Tensor]]  # ids and values of each model


@dataclass(frozen=True)
class Ensemble:
    """joined(read) -> the values of each model, in the order of the first one's ids; space(name, kind, logits) -> what is averaged; mean(values) ->
    their mean; answers(mean, kind, space) -> (N,); greedy(named, labels, score(values, labels)) -> (names taken, scores along the way, best alone);
    on_scale(values, values on dev of each) -> mean of scores that were brought onto one scale."""

    joined: Callable[[Read], list[Tensor]]
    space: Callable[[str, str, Tensor], Tensor]
    mean: Callable[[Sequence[Tensor]], Tensor]
    answers: Callable[[Tensor, str, str], Tensor]
    greedy: Callable[[Named, Tensor, Callable[[Tensor, Tensor], float]], tuple[tuple[str, ...], list[float], float]]
    on_scale: Callable[[Sequence[Tensor], Sequence[Tensor]], Tensor]


def library() -> Ensemble:
    """The subject made of tasks/ensemble.py and tasks/ensemble_scale.py."""
    import tasks.ensemble as ours  # here, so that a file that cannot be read is reported when its component is checked
    import tasks.ensemble_scale as scales

    def joined(read: Read) -> list[Tensor]:
        return [member.values for member in ours.joined([ours.Member(f"model {place}", tuple(ids), values) for place, (ids, values) in enumerate(read)])]

    def greedy(named: Named, labels: Tensor, score: Callable[[Tensor, Tensor], float]) -> tuple[tuple[str, ...], list[float], float]:
        ids = tuple(map(str, range(len(labels))))
        found = ours.greedy([ours.Member(name, ids, values) for name, values in named], labels, score)
        return found.names, [step.together for step in found.steps], found.best

    return Ensemble(
        joined, lambda name, kind, logits: ours.SPACES[name][kind](logits), lambda values: ours.mean_of(values), lambda mean, kind, space: ours.answers(mean, kind, space),
        greedy, lambda values, dev: scales.mean_on_scale(values, [scales.scale_of(each) for each in dev]),
    )  # fmt: skip
