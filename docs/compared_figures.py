"""The picture of docs/compared.md that no command writes: scores of `minbert compare` beside step times of tests/benchmarks/sharing.py; docs/figures.py draws it."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

BLUE, GREY = "#1f78b4", "#777777"
PANELS = (("parameters", 1e6, "numbers in the model, millions"), ("step_ms", 1, "one step of three tasks, milliseconds (two cores)"))


def sharing_cost(path: Path) -> None:
    """Overall score of each sharing against its numbers and against the time of a step, from figures/compared_sharing.csv; the rows with SMART, far below, are left out."""
    from matplotlib import pyplot as plt

    with (path.parent / "compared_sharing.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["step_ms"]]
    figure, panels = plt.subplots(1, 2, figsize=(10, 4), layout="constrained", sharey=True)
    for axis, (column, unit, label) in zip(panels, PANELS):
        _points(axis, [(row["row"], float(row[column]) / unit, float(row["overall_mean"])) for row in rows])
        axis.set_xlabel(label)
    panels[0].set_ylabel("overall dev score (plain), one seed")
    figure.savefig(path, dpi=100)
    plt.close(figure)


def _points(axis: Any, points: list[tuple[str, float, float]]) -> None:
    """A dot and a name for each; names of dots right of the middle stand on their left, and one that would cover its neighbour's stands higher."""
    costs, scores = zip(*((cost, score) for _, cost, score in points))
    width, height = max(costs) - min(costs), max(scores) - min(scores)
    axis.margins(x=0.12, y=0.12)
    axis.grid(color=GREY, alpha=0.2)
    for name, cost, score in points:
        axis.plot(cost, score, "o", color=BLUE)
        right = cost > min(costs) + width / 2
        crowded = any(0 < cost - left < 0.1 * width and 0 <= score - low < 0.04 * height for _, left, low in points)
        axis.annotate(name, (cost, score), xytext=(-6 if right else 6, 32 if crowded else 4), textcoords="offset points", ha="right" if right else "left", fontsize=8)
