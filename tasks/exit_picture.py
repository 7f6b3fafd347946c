"""exits.svg: for each task what each layer knows, the trade between score and depth, where each example left, and score against the clock; with svg.py's parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tasks.exit_study import Study
from tasks.svg import line_chart
from tasks.svg_parts import ACCENT, Scale, frame, short, ticks, words

WIDTH, HEIGHT = 356, 226  # of one chart with the space around it
LONGEST = 19  # characters of a task's name: a title has room for 45


def bar_chart(title: str, shares: Sequence[float], x_label: str = "layer") -> str:
    """A bar for each of `shares`, from 1, as high as it is large."""
    across, up = [0.0, *map(float, range(1, len(shares) + 1)), len(shares) + 1.0], ticks(0.0, max(shares))
    place = Scale(across, up)
    half = (place.right - place.left) / (len(shares) + 1) * 0.36
    bars = "".join(f'<rect x="{place.x(layer) - half:.1f}" y="{place.y(share):.1f}" width="{2 * half:.1f}" height="{place.bottom - place.y(share):.1f}" '
                   f'style="fill:{ACCENT}"/>' + words(place.x(layer), place.y(share) - 4, f"{share:.0%}", size=10, halo=True) for layer, share in enumerate(shares, start=1))
    told = ", ".join(f"after {x_label} {layer}: {share:.1%}" for layer, share in enumerate(shares, start=1))
    return frame(title, told, 340, 200, place.axes(x_label, marked=across[1:-1]) + bars)


def exit_picture(studies: Mapping[str, Study], seconds: Mapping[str, Sequence[tuple[float, float]]] | None = None) -> str:
    """One `<svg>`: a row for each task, three charts in it, and a fourth where the clock ran; seconds: as in `write_exits`."""
    charts = [_row(name, each) + _clock(name, each, (seconds or {}).get(name, ())) for name, each in studies.items()]
    width, height = max(map(len, charts)) * WIDTH, len(charts) * HEIGHT
    placed = "".join(f'<g transform="translate({column * WIDTH},{row * HEIGHT})">{chart}</g>' for row, line in enumerate(charts) for column, chart in enumerate(line))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
            f'style="background:white;color:black">{placed}</svg>\n')


def _row(name: str, found: Study) -> tuple[str, ...]:
    chosen = found.points[found.chosen]
    name = short(name, LONGEST)
    curve = sorted({(point.mean_layer, point.score) for point in found.points})
    return (line_chart(f"{name}: what each layer knows", list(enumerate(found.scores, start=1)), x_label="layer"),
            line_chart(f"{name}: score by mean layer", curve, x_label="mean exit layer", references={"all layers": found.full[1]}),
            bar_chart(f"{name}: left by {found.rule} {chosen.threshold:g}", chosen.fractions))


def _clock(name: str, found: Study, seconds: Sequence[tuple[float, float]]) -> tuple[str, ...]:
    """Score against how much of the time of all layers leaving early took, both measured in the same turns; no chart where nothing was timed."""
    curve = sorted({(100 * early / full, point.score) for point, (full, early) in zip(found.points, seconds)})
    if not curve:
        return ()
    return (line_chart(f"{short(name, LONGEST)}: score by measured time", curve, x_label="% of the time of all layers", references={"all layers": found.full[1]}),)
