"""The run's pictures as PNG files, for slides and papers: curves.png and one confusion-TASK.png for each task with classes.

matplotlib draws them and is optional: without it a run is complete all the same, and one sentence says how to get the pictures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from minbert.files import write_atomically
from tasks.run_facts import RunFacts, read_run

MISSING = 'No pictures were drawn because matplotlib is not installed: pip install "minbert[plots]" adds it.'
BLUE, GREY = "#0072b2", "#555555"
LEVELS = {"majority": ":", "bag_of_words": "--"}  # told apart by their dashes, not by colour


def write_plots(run_folder: Path) -> list[str]:
    """Draw the pictures into `run_folder` and return their file names; without matplotlib, one sentence saying how to get it.

    Raises UserError when the folder is not one.
    """
    facts = read_run(run_folder)
    try:
        import matplotlib.figure  # noqa: F401  (never pyplot: no window, no global state)
    except ImportError:
        return [MISSING]
    written = [draw_curves(facts, run_folder / "curves.png")] if facts.epochs and facts.tasks else []
    for task in facts.tasks:
        if facts.result(task).get("confusion"):
            written.append(draw_confusion(task, facts.result(task), run_folder / f"confusion-{task}.png"))
    return written


def draw_curves(facts: RunFacts, target: Path) -> str:
    """One column a task: training loss above, dev score with its baselines below. Returns the file name."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3.4 * len(facts.tasks) + 0.6, 5.2), layout="constrained")
    axes = figure.subplots(2, len(facts.tasks), squeeze=False, sharex=True)
    for column, task in enumerate(facts.tasks):
        result = facts.result(task)
        _curve(axes[0][column], facts.loss_curve(task), f"{task}: training loss")
        _curve(axes[1][column], facts.dev_curve(task), f"{task}: dev {result.get('metric', 'score')}")
        _levels(axes[1][column], result)
        axes[1][column].set_xlabel("epoch")
    write_atomically(target, lambda beside: figure.savefig(beside, dpi=150))
    return target.name


def _curve(axis: Any, points: Sequence[tuple[float, float]], title: str) -> None:
    axis.plot([x for x, _ in points], [y for _, y in points], color=BLUE, marker="o", markersize=4)
    axis.set_title(title, fontsize=10, loc="left")
    axis.xaxis.get_major_locator().set_params(integer=True)
    axis.grid(alpha=0.25)
    axis.spines[["top", "right"]].set_visible(False)


def _levels(axis: Any, result: Mapping[str, Any]) -> None:
    drawn = [axis.axhline(result[key], color=GREY, linestyle=dash, linewidth=1.2, label=f"{key.replace('_', ' ')} {result[key]:.3f}")
             for key, dash in LEVELS.items() if result.get(key) is not None]
    if drawn:
        axis.legend(fontsize=8, framealpha=0.8, loc="best")


def draw_confusion(task: str, result: Mapping[str, Any], target: Path) -> str:
    """Rows are labels, columns predictions; a cell holds its count and its share of the row. Returns the file name."""
    from matplotlib.figure import Figure

    counts, classes = result["confusion"], range(len(result["confusion"]))
    shares = [[count / max(1, sum(line)) for count in line] for line in counts]
    names = [str(label) for label in result.get("labels") or classes]
    figure = Figure(figsize=(1.6 + 0.8 * len(counts), 1.3 + 0.8 * len(counts)), layout="constrained")
    axis = figure.subplots()
    axis.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row in classes:
        for column in classes:
            ink = "white" if shares[row][column] > 0.6 else "black"
            axis.text(column, row, f"{counts[row][column]}\n{shares[row][column]:.0%}", ha="center", va="center", fontsize=9, color=ink)
    axis.set_xticks(classes, names)
    axis.set_yticks(classes, names)
    axis.set(xlabel="prediction", ylabel="label")
    axis.set_title(task, fontsize=11)
    write_atomically(target, lambda beside: figure.savefig(beside, dpi=150))
    return target.name
