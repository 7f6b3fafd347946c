"""The chart of a comparison: one line a row, a dot a seed, a bar at their mean, a diamond at the published figure; as SVG and, with matplotlib, PNG."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minbert.files import write_atomically
from tasks.svg_parts import ACCENT, DASHED, frame, short, ticks, words

LEFT, RIGHT, TOP, STEP = 190, 560, 62, 30  # pixels: room for names, the far edge, the first line, and from line to line


@dataclass(frozen=True)
class Line:
    """One row of the chart: dots are overall scores, one a seed; mean and published may be missing."""

    name: str
    dots: tuple[float, ...]
    mean: float | None
    published: float | None


def lines_of(summary: Mapping[str, Any]) -> list[Line]:
    """The rows of results.json as the chart shows them."""
    formula = summary["formula"]
    return [Line(entry["row"], tuple(run["overall"][formula] for run in entry["runs"] if run["state"] == "finished"), entry["overall"] and entry["overall"]["mean"],
                 entry["published"]["overall"] if entry["published"] and entry["published"]["formula"] == formula else None) for entry in summary["rows"]]


def comparison_chart(summary: Mapping[str, Any]) -> str:
    """One `<svg>` element whose description says every number in words."""
    lines, title = lines_of(summary), f"Overall dev score ({summary['formula']})"
    values = [value for line in lines for value in (*line.dots, line.published) if value is not None]
    told = "; ".join(_in_words(line) for line in lines)
    height = TOP + STEP * len(lines) + 34
    if not values:
        return frame(title, told, RIGHT + 20, 60, words(20, 44, "no finished run yet", "start"))
    across = ticks(min(values), max(values), 5)

    def x(value: float) -> float:
        return LEFT + (value - across[0]) / (across[-1] - across[0]) * (RIGHT - LEFT)

    bottom = TOP + STEP * len(lines) - 8
    grid = "".join(f'<path d="M{x(tick):.1f} {TOP - 16}V{bottom}" style="stroke:currentColor;stroke-opacity:.15"/>' + words(x(tick), bottom + 16, f"{tick:g}", size=11) for tick in across)
    level = f'<path d="M{x(lines[0].mean):.1f} {TOP - 16}V{bottom}" {DASHED}/>' if lines[0].mean is not None else ""
    key = words(4, 34, "dot: one seed; bar: their mean; diamond: published; dashed: mean of the first row", "start", size=11)
    marks = "".join(_marks(line, TOP + STEP * place, x) for place, line in enumerate(lines))
    return frame(title, told, RIGHT + 20, height, key + grid + level + marks)


def _marks(line: Line, y: float, x: Any) -> str:
    dots = "".join(f'<circle cx="{x(value):.1f}" cy="{y}" r="4" style="fill:{ACCENT};fill-opacity:.6"/>' for value in line.dots)
    mean = "" if line.mean is None else f'<path d="M{x(line.mean):.1f} {y - 9}V{y + 9}" style="stroke:currentColor;stroke-width:2.5"/>'
    there = "" if line.published is None else f'<path d="M{x(line.published):.1f} {y - 6}l6 6l-6 6l-6 -6z" style="fill:none;stroke:currentColor;stroke-width:1.5"/>'
    return words(LEFT - 14, y + 4, short(line.name, 28), "end") + there + dots + mean


def _in_words(line: Line) -> str:
    mean = "no finished run" if line.mean is None else f"mean {line.mean:.4f} of {', '.join(f'{value:.4f}' for value in line.dots)}"
    return f"{line.name}: {mean}" + (f", published {line.published:.3f}" if line.published is not None else "")


def write_png(summary: Mapping[str, Any], target: Path) -> bool:
    """The same picture through matplotlib; False where that is not installed, or where there is nothing to draw."""
    try:
        from matplotlib.figure import Figure  # never pyplot: no window, no global state
    except ImportError:
        return False
    lines = lines_of(summary)
    if not any(line.dots for line in lines):
        return False
    figure = Figure(figsize=(7.2, 1.3 + 0.42 * len(lines)), layout="constrained")
    axis = figure.subplots()
    for place, line in enumerate(lines):
        axis.plot(line.dots, [place] * len(line.dots), "o", color="#0072b2", alpha=0.6)
        axis.plot([line.mean] * bool(line.dots), [place] * bool(line.dots), "|", color="black", markersize=16, markeredgewidth=2)
        if line.published is not None:
            axis.plot([line.published], [place], "D", markerfacecolor="none", color="black")
    if lines[0].mean is not None:
        axis.axvline(lines[0].mean, color="#555555", linestyle="--", linewidth=1)
    axis.set_yticks(range(len(lines)), [line.name for line in lines])
    axis.set_ylim(len(lines) - 0.5, -0.5)  # the first row on top
    axis.grid(axis="x", alpha=0.25)
    axis.set_title(f"Overall dev score ({summary['formula']})\ndot: one seed; bar: their mean; diamond: published", fontsize=10, loc="left")
    write_atomically(target, lambda beside: figure.savefig(beside, dpi=150))
    return True
