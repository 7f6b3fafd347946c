"""What a score costs: each row of a comparison as a point, score against the numbers in its model and against its time of training; as SVG.

A row that lies to the right of another and no higher costs more for nothing.  The line through the points that no other row beats in both
(at most as costly and at least as good) shows the bargains.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tasks.svg_parts import ACCENT, DASHED, Scale, frame, short, ticks, words

WIDTH, HEIGHT, BETWEEN = 340, 260, 20  # pixels: one panel, and the gap between two
LABEL_ROOM, LETTER = 11, 6  # pixels: from one name to the next, and the width of a letter


@dataclass(frozen=True)
class Point:
    """A row: its name, what it costs in the unit of the panel, its mean score over seeds, and the deviation (None for one seed)."""

    name: str
    cost: float
    score: float
    deviation: float | None


# Title of the horizontal axis -> the cost of a row of results.json in that unit; None where it is not known.
COSTS = {
    "numbers in the model, millions": lambda entry: entry["parameters"] and entry["parameters"] / 1e6,
    "training, minutes": lambda entry: entry["train_seconds"] and entry["train_seconds"] / 60,
}


def points_of(summary: Mapping[str, Any], axis: str) -> list[Point]:
    """The finished rows whose cost on `axis`, a key of COSTS, is known."""
    costs = {entry["row"]: COSTS[axis](entry) for entry in summary["rows"] if entry["overall"]}
    return [Point(entry["row"], costs[entry["row"]], entry["overall"]["mean"], entry["overall"]["deviation"]) for entry in summary["rows"] if costs.get(entry["row"])]


def bargains(points: Sequence[Point]) -> list[Point]:
    """The points that no other is at most as costly and better than, or cheaper and at least as good: from cheap to dear, rising.

    >>> [point.name for point in bargains([Point("a", 1, 0.5, None), Point("b", 2, 0.4, None), Point("c", 3, 0.6, None)])]
    ['a', 'c']
    """
    best: list[Point] = []
    for point in sorted(points, key=lambda point: (point.cost, -point.score)):
        if not best or point.score > best[-1].score:
            best.append(point)
    return best


def tradeoff_chart(summary: Mapping[str, Any]) -> str:
    """One `<svg>` element with a panel for each of COSTS; "" unless two rows have a score and a cost."""
    panels = [(axis, points_of(summary, axis)) for axis in COSTS]
    drawn = [(axis, points) for axis, points in panels if len(points) > 1]
    if not drawn:
        return ""
    title = f"Overall dev score ({summary['formula']}) against cost; dashed: no row is cheaper and better"
    told = "; ".join(f"{axis}: " + ", ".join(f"{point.name} {point.cost:.4g} for {point.score:.4f}" for point in points) for axis, points in drawn)
    body = "".join(f'<g transform="translate({place * (WIDTH + BETWEEN)} 0)">{_panel(axis, points)}</g>' for place, (axis, points) in enumerate(drawn))
    return frame(title, told, len(drawn) * (WIDTH + BETWEEN), HEIGHT + 14, body)


def _panel(axis: str, points: Sequence[Point]) -> str:
    low, high = (extreme(point.score + sign * (point.deviation or 0) for point in points) for extreme, sign in ((min, -1), (max, 1)))
    scale = Scale(ticks(min(point.cost for point in points), max(point.cost for point in points)), ticks(low, high), height=HEIGHT)
    best = bargains(points)
    line = f'<path d="M{" L".join(f"{scale.x(point.cost):.1f} {scale.y(point.score):.1f}" for point in best)}" {DASHED}/>' if len(best) > 1 else ""
    return scale.axes(axis) + line + "".join(_mark(point, scale) for point in points) + _names(points, scale)


def _mark(point: Point, scale: Scale) -> str:
    x, spread = scale.x(point.cost), point.deviation or 0
    bar = f'<path d="M{x:.1f} {scale.y(point.score - spread):.1f}V{scale.y(point.score + spread):.1f}" style="stroke:currentColor;stroke-opacity:.5"/>' if spread else ""
    return f'{bar}<circle cx="{x:.1f}" cy="{scale.y(point.score):.1f}" r="4" style="fill:{ACCENT}"/>'


def _names(points: Sequence[Point], scale: Scale) -> str:
    """Each name beside its point, on the side with more room, moved down until it covers no name before it."""
    placed: list[tuple[float, float, float]] = []  # from x, to x, y
    texts = []
    for point in sorted(points, key=lambda point: -point.score):
        name, x, y = short(point.name, 24), scale.x(point.cost), scale.y(point.score) + 4
        left = x < (scale.left + scale.right) / 2
        start, end = sorted((x, x + (1 if left else -1) * (7 + LETTER * len(name))))
        while any(start < other_end and other_start < end and abs(y - height) < LABEL_ROOM for other_start, other_end, height in placed):
            y += 1
        placed.append((start, end, y))
        texts.append(words(x + (7 if left else -7), y, name, "start" if left else "end", size=10, halo=True))
    return "".join(texts)
