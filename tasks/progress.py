"""How far a run has come: plain numbers, so that they fit into a checkpoint."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

Sums = dict[str, list[float]]  # task name -> [sum of losses, number of losses]


@dataclass
class Progress:
    """The one object of a run that changes from step to step, beside model, optimizer, generators and streams.

    step, updates: sampler steps and optimizer steps taken; evaluated: epochs trained and evaluated; best: the best overall
    dev score, of epoch best_epoch; log_bytes: length of metrics.jsonl; since_line, since_epoch: losses not yet averaged.
    """

    step: int = 0
    updates: int = 0
    evaluated: int = 0
    best: float | None = None
    best_epoch: int = 0
    log_bytes: int = 0
    since_line: Sums = field(default_factory=dict)
    since_epoch: Sums = field(default_factory=dict)

    def add(self, losses: Mapping[str, float]) -> None:
        """Count one step and its losses."""
        self.step += 1
        for sums in (self.since_line, self.since_epoch):
            for task, loss in losses.items():
                total = sums.setdefault(task, [0.0, 0])
                total[0] += loss
                total[1] += 1

    def to_plain(self) -> dict[str, Any]:
        """A dict of plain values."""
        return asdict(self)

    @classmethod
    def from_plain(cls, values: Mapping[str, Any]) -> Progress:
        """What `to_plain` gave, back. Raises TypeError for anything that it cannot have given: a run would stumble over it only epochs later."""
        progress = cls(**values)
        for name, kind in KINDS.items():
            if not kind(getattr(progress, name)):
                raise TypeError(f"progress.{name} is {getattr(progress, name)!r}")
        return progress


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


def _are_sums(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(pair, list) and list(map(type, pair)) == [float, int] for pair in value.values())


KINDS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("step", "updates", "evaluated", "best_epoch", "log_bytes"), _is_count),
    **dict.fromkeys(("since_line", "since_epoch"), _are_sums),
    "best": lambda value: value is None or isinstance(value, float),
}


def means(sums: Sums) -> dict[str, float]:
    """The mean loss of each task; empties `sums`, so that the next mean starts afresh."""
    averages = {task: total / count for task, (total, count) in sums.items()}
    sums.clear()
    return averages
