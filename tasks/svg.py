"""Small pictures as inline SVG text: a line chart, a scatter of predictions, and a confusion matrix.

Every function takes plain numbers and returns one `<svg>` element as a string, with nothing fetched from outside. Ink is
`currentColor` and the one accent is a CSS variable with a fallback, so a picture follows the page into dark mode and print.
A `<title>` and a `<desc>` say in words what the picture shows, for those who listen to a page instead of looking at it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from tasks.svg_parts import ACCENT, DASHED, Scale, frame, short, ticks, words, x_ticks


def line_chart(title: str, points: Sequence[tuple[float, float]], *, x_label: str = "epoch",
               references: Mapping[str, float] | None = None) -> str:
    """One curve through `points` (x, y), with a dashed, named level line for each of `references`.

    Points that are not finite are left out of the curve and counted in the description.
    """
    kept = [(x, y) for x, y in points if math.isfinite(x) and math.isfinite(y)]
    levels = {name: value for name, value in (references or {}).items() if math.isfinite(value)}
    told = ", ".join(f"{x_label} {x:g}: {y:.4g}" for x, y in kept) or "no points"
    told += "".join(f"; {name} at {value:.4g}" for name, value in levels.items())
    if len(kept) < len(points):
        told += f"; {len(points) - len(kept)} not finite, left out"
    if not kept:
        return frame(title, told, 340, 60, words(170, 40, "no points yet"))
    across = x_ticks([x for x, _ in kept])
    up = ticks(min([y for _, y in kept] + list(levels.values())), max([y for _, y in kept] + list(levels.values())))
    place = Scale(across, up)
    marks = "".join(f'<circle cx="{place.x(x):.1f}" cy="{place.y(y):.1f}" r="3" style="fill:{ACCENT}"/>' for x, y in kept)
    path = " ".join(f"{place.x(x):.1f},{place.y(y):.1f}" for x, y in kept)
    curve = f'<polyline points="{path}" style="fill:none;stroke:{ACCENT};stroke-width:2"/>{marks}'
    return frame(title, told, 340, 200, place.axes(x_label) + _levels(levels, place, kept) + curve)


def scatter_chart(title: str, points: Sequence[tuple[float, float]], *, x_label: str = "label", y_label: str = "prediction") -> str:
    """A dot per (label, prediction) pair and the diagonal on which a perfect prediction lies."""
    kept = [(x, y) for x, y in points if math.isfinite(x) and math.isfinite(y)]
    if not kept:
        return frame(title, "no points", 340, 60, words(170, 40, "no points yet"))
    both = ticks(min(min(pair) for pair in kept), max(max(pair) for pair in kept), 6)
    place = Scale(both, both, top=44, height=270)
    ends = [(place.x(value), place.y(value)) for value in (both[0], both[-1])]
    diagonal = f'<path d="M{ends[0][0]:.1f} {ends[0][1]:.1f}L{ends[1][0]:.1f} {ends[1][1]:.1f}" {DASHED}/>'
    dots = "".join(f'<circle cx="{place.x(x):.1f}" cy="{place.y(y):.1f}" r="2.2" style="fill:{ACCENT};fill-opacity:.4"/>' for x, y in kept)
    told = f"{len(kept)} pairs; {y_label} upwards, {x_label} to the right; the dashed line is a perfect prediction"
    return frame(title, told, 340, 290, place.axes(x_label, y_label) + diagonal + dots)


def confusion_chart(title: str, counts: Sequence[Sequence[int]], labels: Sequence[object]) -> str:
    """A confusion matrix: row i is what the label says, column j what we said; each cell shows count and share of its row."""
    size, left, top = 62, 120, 66
    names = [str(label) for label in labels] + [str(index) for index in range(len(labels), len(counts))]
    cells = "".join(_cell(left + column * size, top + row * size, size, count, sum(line), row == column)
                    for row, line in enumerate(counts) for column, count in enumerate(line))
    rows = "".join(words(left - 8, top + (index + 0.55) * size, short(name, 15), "end") for index, name in enumerate(names))
    columns = "".join(words(left + (index + 0.5) * size, top - 10, short(name, 9)) for index, name in enumerate(names))
    told = "; ".join(f"{name}: " + ", ".join(f"{count} as {said}" for said, count in zip(names, line)) for name, line in zip(names, counts))
    width, height = left + size * len(counts) + 8, top + size * len(counts) + 8
    head = words(left - 8, top - 30, "label \u2193", "end", bold=True) + words(left, top - 30, "prediction \u2192", "start", bold=True)
    return frame(title, told, max(width, 330), height, head + rows + columns + cells)


def _cell(x: float, y: float, size: int, count: int, total: int, hit: bool) -> str:
    share = count / total if total else 0.0
    # Shading stops at half strength so that the ink stays readable on it, on a white page and on a dark one.
    box = (f'<rect x="{x}" y="{y}" width="{size - 3}" height="{size - 3}" rx="3" style="fill:{ACCENT};fill-opacity:{0.05 + 0.45 * share:.3f};'
           f'stroke:currentColor;stroke-width:{1.6 if hit else 0}"/>')
    middle = x + (size - 3) / 2
    return box + words(middle, y + 28, count, bold=hit) + words(middle, y + 45, f"{100 * share:.0f}%", size=10.5)


def _levels(levels: Mapping[str, float], place: Scale, curve: Sequence[tuple[float, float]]) -> str:
    lines, names = "", []
    for name, value in sorted(levels.items(), key=lambda item: -item[1]):
        y = place.y(value)
        lines += f'<path d="M{place.left} {y:.1f}H{place.right}" {DASHED}/>'
        if names and y - names[-1][0] < 16:  # too near for a line of its own: named after the one above it
            names[-1] = (names[-1][0], f"{names[-1][1]}, {name} {value:.3f}")
        else:
            names.append((y, f"{name} {value:.3f}"))
    return lines + "".join(_level_name(y, text, place, curve) for y, text in names)


def _level_name(y: float, text: str, place: Scale, curve: Sequence[tuple[float, float]]) -> str:
    # A name stands at the end of its line from which the curve is further away.
    first, last = (abs(place.y(point[1]) - y) for point in (curve[0], curve[-1]))
    x, anchor = (place.left + 6, "start") if first > last else (place.right, "end")
    return words(x, y - 4, text, anchor, size=10.5, halo=True)
