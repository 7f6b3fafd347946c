"""The picture of the page on several processes; docs/figures.py draws it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

ORANGE, BLUE, GREEN, GREY = "#d95f02", "#1f78b4", "#1b9e77", "#777777"
LANES = (("process 0", BLUE, "rows 1-4"), ("process 1", ORANGE, "rows 5-8"))
STEPS = ("the same batch,\n8 rows", "{rows}", "scores\nof {rows}", "scores of\nall rows", "loss of the\nwhole batch", "gradient by\n{rows}", "summed\ngradient", "the same\nstep")
SENT = {3: "gathered", 6: "summed"}  # where something travels -> how


def one_step_of_two_processes(path: Path) -> None:
    """What each of two processes does in a step, from left to right, and the two places where they talk."""
    from matplotlib import pyplot as plt

    figure, axis = plt.subplots(figsize=(11.5, 3.3), layout="constrained")
    for lane, (name, colour, rows) in enumerate(LANES):
        height = 1.6 * (1 - lane)
        axis.text(-0.75, height, name, color=colour, ha="right", va="center", fontsize=11)
        for place, words in enumerate(STEPS):
            _box(axis, place * 1.45, height, words.format(rows=rows), colour if "{rows}" in words else GREEN)
            if place:
                axis.annotate("", xytext=(place * 1.45 - 0.88, height), xy=(place * 1.45 - 0.57, height), arrowprops={"arrowstyle": "->", "color": GREY})
    for place, words in SENT.items():
        x = place * 1.45 - 0.72
        for start, end in ((1.25, 0.3), (0.35, 1.3)):
            axis.annotate("", xytext=(x - 0.1, start), xy=(x + 0.1, end), arrowprops={"arrowstyle": "->", "color": "black", "lw": 1.4})
        axis.text(x + 0.22, 0.8, words, ha="left", va="center", fontsize=10)
    axis.text(0, -0.85, "green: the same on both; blue and orange: of the own rows alone", color=GREY, fontsize=9, ha="left")
    axis.set(xlim=(-1.7, 10.9), ylim=(-1.0, 2.25))
    axis.axis("off")
    figure.savefig(path, dpi=100)
    plt.close(figure)


def _box(axis: Any, x: float, y: float, words: str, colour: str) -> None:
    axis.text(x, y, words, ha="center", va="center", fontsize=8.5, color=colour, bbox={"boxstyle": "round,pad=0.35", "fc": "white", "ec": colour, "lw": 1.5})
