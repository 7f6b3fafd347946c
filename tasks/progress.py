"""How far a run has come: plain numbers, so that they fit into a checkpoint."""

from __future__ import annotations

from collections.abc import Mapping
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


def means(sums: Sums) -> dict[str, float]:
    """The mean loss of each task; empties `sums`, so that the next mean starts afresh."""
    averages = {task: total / count for task, (total, count) in sums.items()}
    sums.clear()
    return averages
