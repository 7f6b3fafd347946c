"""The chart: well-formed, in words for those who listen, and each mark where its number belongs."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from comparison import results

from tasks.compare_chart import comparison_chart, write_png

SVG = "{http://www.w3.org/2000/svg}"


def test_the_description_says_every_number() -> None:
    tree = ElementTree.fromstring(comparison_chart(results()))
    assert tree.findtext(f"{SVG}desc") == ("base|line: mean 0.6200 of 0.6100, 0.6300; gse: mean 0.6450 of 0.6400, 0.6500, published 0.555")


def test_dots_lie_in_the_order_of_their_scores_one_line_a_row() -> None:
    dots = [(float(each.attrib["cx"]), float(each.attrib["cy"])) for each in ElementTree.fromstring(comparison_chart(results())).iter(f"{SVG}circle")]
    across, down = zip(*dots)
    assert list(across) == sorted(across) and len(set(across)) == 4
    assert down[0] == down[1] < down[2] == down[3]


def test_the_published_figure_is_a_mark_of_another_shape() -> None:
    assert comparison_chart(results()).count("l6 6l-6 6l-6 -6z") == 1 and comparison_chart(results(published=None)).count("l6 6l") == 0


def test_rows_without_a_finished_run_are_named_and_nothing_is_drawn_for_them() -> None:
    empty = {"overall": None, "scores": {}, "runs": [], "published": None}
    svg = comparison_chart(results(**empty))
    assert "gse: no finished run" in svg and svg.count("<circle") == 2
    nothing = results(**empty)
    nothing["rows"] = nothing["rows"][1:]
    assert "no finished run yet" in comparison_chart(nothing) and not write_png(nothing, Path("never.png"))


def test_names_full_of_markup_are_text() -> None:
    tree = ElementTree.fromstring(comparison_chart(results(row="<b>&\"")))
    assert "<b>&\"" in [each.text for each in tree.iter(f"{SVG}text")]


def test_the_png_is_a_picture(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    assert write_png(results(), tmp_path / "chart.png") and (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")
    assert re.fullmatch(r"chart\.png", next(tmp_path.iterdir()).name)
