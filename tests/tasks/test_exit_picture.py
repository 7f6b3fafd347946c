"""exits.svg: whatever the task is called and however deep the encoder, nothing is cut or stands where there is no layer."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tasks.exit_curve import Point
from tasks.exit_picture import bar_chart, exit_picture
from tasks.exit_study import Study
from tasks.svg_parts import Scale

NAMESPACE = "{http://www.w3.org/2000/svg}"
ROOM = 45  # characters of a bold title of 13 pixels in a chart of 340: counted on a picture


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{NAMESPACE}text")]


def study(layers: int, rule: str) -> Study:
    shares = tuple(1 / layers for _ in range(layers))
    points = (Point(0.995, 0.5, (layers + 1) / 2, shares), Point(1.0, 0.6, float(layers), (*[0.0] * (layers - 1), 1.0)))
    return Study(rule, None, tuple(0.3 + 0.02 * layer for layer in range(layers)), None, (0.6, 0.6), points, points, 0, (50, 50))


@pytest.mark.parametrize("rule", ["confidence", "entropy", "patience", "learned"])
def test_every_title_fits_its_chart_and_names_task_rule_and_threshold(rule: str) -> None:
    shown = texts(exit_picture({"practice_paraphrase": study(12, rule), "a_task_of_ones_own_with_a_very_long_name": study(6, rule)}))
    titles = [text for text in shown if ": " in text]
    assert len(titles) == 6 and all(len(title) <= ROOM for title in titles)
    assert f"practice_paraphrase: left by {rule} 0.995" in titles and f"a_task_of_ones_o...: left by {rule} 0.995" in titles


@pytest.mark.parametrize("layers", [2, 6, 12])
def test_bars_are_numbered_as_layers_are(layers: int) -> None:
    place = Scale([0.0, 1.0], [0.0, 1.0])
    below = [element.text for element in ElementTree.fromstring(bar_chart("title", [1 / layers] * layers)).iter(f"{NAMESPACE}text")
             if float(element.get("y")) == place.bottom + 16]
    assert below == [str(layer) for layer in range(1, layers + 1)]


def test_where_a_clock_ran_score_stands_against_the_time_it_measured_and_nowhere_else() -> None:
    studies = {"sst": study(6, "confidence"), "sts": study(6, "patience")}
    drawn = exit_picture(studies, {"sst": ((2.0, 1.0), (2.0, 2.2)), "sts": ()})
    assert [text for text in texts(drawn) if text.endswith("measured time")] == ["sst: score by measured time"]
    assert "% of the time of all layers 50: 0.5, % of the time of all layers 110: 0.6" in drawn
    assert "measured" not in exit_picture(studies)
