"""exits.svg: for each task what each layer knows, the trade between score and depth, and where each example left; with svg.py's parts."""

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


def exit_picture(studies: Mapping[str, Study]) -> str:
    """One `<svg>`: a row for each task, three charts in it."""
    charts = [_row(name, each) for name, each in studies.items()]
    placed = "".join(f'<g transform="translate({column * WIDTH},{row * HEIGHT})">{chart}</g>' for row, line in enumerate(charts) for column, chart in enumerate(line))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{3 * WIDTH}" height="{len(charts) * HEIGHT}" viewBox="0 0 {3 * WIDTH} {len(charts) * HEIGHT}" '
            f'style="background:white;color:black">{placed}</svg>\n')


def _row(name: str, found: Study) -> tuple[str, str, str]:
    chosen = found.points[found.chosen]
    name = short(name, LONGEST)
    curve = sorted({(point.mean_layer, point.score) for point in found.points})
    return (line_chart(f"{name}: what each layer knows", list(enumerate(found.scores, start=1)), x_label="layer"),
            line_chart(f"{name}: score by mean layer", curve, x_label="mean exit layer", references={"all layers": found.full[1]}),
            bar_chart(f"{name}: left by {found.rule} {chosen.threshold:g}", chosen.fractions))
