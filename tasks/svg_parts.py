"""What every picture of svg.py is made of: escaped words, round axis marks, a scale from data to pixels, and the frame."""

from __future__ import annotations

import hashlib
import html
import math
import re
from collections.abc import Sequence

ACCENT = "var(--accent, #0072b2)"  # the blue of the Okabe-Ito palette, told apart in every kind of colour vision
FONT = "font-family:system-ui,sans-serif"
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
HALO = ";paint-order:stroke;stroke:var(--paper, #ffffff);stroke-width:3px"
DASHED = 'style="fill:none;stroke:currentColor;stroke-opacity:.75;stroke-dasharray:5 4"'


def clean(text: object) -> str:
    """`text` escaped for HTML and SVG; characters that XML forbids (NUL, control codes) become U+FFFD."""
    return html.escape(_ILLEGAL.sub("\ufffd", str(text)), quote=True)


def ticks(low: float, high: float, wanted: int = 4) -> list[float]:
    """Round numbers (1, 2 or 5 times a power of ten) that cover `low..high` with about `wanted` steps."""
    span = high - low
    if span < 1e-9 * max(abs(low), abs(high)) or span < 1e-12:  # one level: give it a step of its own size to lie in
        span = max(abs(high), 1.0)
    step = 10.0 ** math.floor(math.log10(span / wanted))
    step = next((step * factor for factor in (1, 2, 5) if span / (step * factor) <= wanted), step * 10)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    if first == last:
        last += 1
    return [float(f"{index * step:.12g}") for index in range(first, last + 1)]


def x_ticks(values: Sequence[float]) -> list[float]:
    """Whole numbers for the horizontal axis: every one of them up to eight, round ones beyond. An epoch has no half."""
    low, high = math.floor(min(values)), math.ceil(max(values))
    if low == high:
        return [low - 1.0, float(low), low + 1.0]
    return [float(tick) for tick in range(low, high + 1)] if high - low < 8 else ticks(low, high, 6)


class Scale:
    """Turns data into pixels inside the frame, and draws the axes: (x, y) in data units, y upwards."""

    def __init__(self, across: Sequence[float], up: Sequence[float], top: int = 34, height: int = 180) -> None:
        self.across, self.up, self.left, self.right, self.top, self.bottom = across, up, 52, 326, top, height - 22

    def x(self, value: float) -> float:
        """Pixels from the left edge."""
        return self.left + (value - self.across[0]) / (self.across[-1] - self.across[0]) * (self.right - self.left)

    def y(self, value: float) -> float:
        """Pixels from the top edge; larger values lie higher."""
        return self.bottom - (value - self.up[0]) / (self.up[-1] - self.up[0]) * (self.bottom - self.top)

    def axes(self, x_label: str, y_label: str = "", marked: Sequence[float] | None = None) -> str:
        """The grid, its numbers and the names of both axes; marked: which numbers stand below, those of the scale unless given."""
        grid = "".join(f'<path d="M{self.left} {self.y(tick):.1f}H{self.right}" style="stroke:currentColor;stroke-opacity:.15"/>'
                       + words(self.left - 6, self.y(tick) + 4, f"{tick:g}", "end", size=11) for tick in self.up)
        marks = "".join(words(self.x(tick), self.bottom + 16, f"{tick:g}", size=11) for tick in (self.across if marked is None else marked))
        names = words((self.left + self.right) / 2, self.bottom + 32, x_label, size=11) + words(4, 30, y_label, "start", size=11)
        return grid + marks + names


def short(text: str, limit: int) -> str:
    """`text`, or its beginning and three dots, at most `limit` characters."""
    return text if len(text) <= limit else text[: limit - 3] + "..."


def words(x: float, y: float, text: object, anchor: str = "middle", size: float = 12, bold: bool = False, halo: bool = False) -> str:
    """One piece of text at pixel (x, y); `anchor` is start, middle or end; `halo` keeps it readable where it crosses a line."""
    style = f"fill:currentColor;font-size:{size}px;{FONT}" + (";font-weight:600" if bold else "") + (HALO if halo else "")
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" style="{style}">{clean(text)}</text>'


def frame(title: str, told: str, width: float, height: float, body: str) -> str:
    """The `<svg>` element around `body`, with `title` drawn on top, and title and `told` in words for screen readers."""
    # The id names the title for screen readers; hashing the content keeps it the same from run to run and unlike its neighbours'.
    mark = "svg" + hashlib.sha256(f"{title}|{told}|{body}".encode("utf-8", "replace")).hexdigest()[:10]
    return (f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{mark}-t {mark}-d" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}"><title id="{mark}-t">{clean(title)}</title><desc id="{mark}-d">{clean(told)}</desc>'
            + words(4, 15, title, "start", size=13, bold=True) + body + "</svg>")
