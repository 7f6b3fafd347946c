"""The SVG pictures: well-formed whatever the text, self-contained, and every number of the input can be read off."""

from __future__ import annotations

import math
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tasks.svg import confusion_chart, line_chart, scatter_chart
from tasks.svg_parts import clean, ticks, x_ticks

NAMESPACE = "{http://www.w3.org/2000/svg}"


def parsed(svg: str) -> ElementTree.Element:
    """The picture as a tree; raises when it is not well-formed."""
    return ElementTree.fromstring(svg)


def words(svg: str) -> list[str]:
    """All texts drawn, in order."""
    return [element.text or "" for element in parsed(svg).iter(f"{NAMESPACE}text")]


def test_a_title_full_of_markup_is_shown_as_text_and_not_run() -> None:
    svg = line_chart("<script>alert('&\"')</script>", [(1, 2)])
    assert "<script" not in svg
    assert words(svg)[0] == "<script>alert('&\"')</script>"


@given(some.text(), some.lists(some.tuples(some.floats(), some.floats()), max_size=7))
def test_any_text_and_any_numbers_give_a_well_formed_picture(text: str, points: list[tuple[float, float]]) -> None:
    small = [(x, y) for x, y in points if not (math.isfinite(x) and math.isfinite(y)) or max(abs(x), abs(y)) < 1e9]
    for svg in (line_chart(text, small, references={text: 0.5}), scatter_chart(text, small), confusion_chart(text, [[3, 1], [0, 2]], [text, text])):
        tree = parsed(svg)
        assert tree.find(f"{NAMESPACE}title") is not None and "nan" not in svg.split("<polyline")[-1].split("</desc>")[-1]


def test_the_picture_is_labelled_by_its_own_title_and_description() -> None:
    tree = parsed(line_chart("loss", [(1, 0.75), (2, 0.5)]))
    title, described = tree.attrib["aria-labelledby"].split()
    found = {element.attrib["id"]: element.text for element in tree.iter() if "id" in element.attrib}
    assert found[title] == "loss" and found[described] == "epoch 1: 0.75, epoch 2: 0.5"
    assert tree.attrib["role"] == "img"


def test_two_pictures_on_one_page_do_not_share_an_id() -> None:
    first, second = (parsed(line_chart(name, [(1, 2)])).attrib["aria-labelledby"] for name in ("a", "b"))
    assert not set(first.split()) & set(second.split())


def test_higher_values_are_drawn_higher_and_later_ones_further_right() -> None:
    line = parsed(line_chart("score", [(1, 0.2), (2, 0.9), (3, 0.5)])).find(f"{NAMESPACE}polyline")
    assert line is not None
    (x1, y1), (x2, y2), (x3, y3) = [tuple(map(float, pair.split(","))) for pair in line.attrib["points"].split()]
    assert x1 < x2 < x3 and y2 < y3 < y1


def test_a_point_that_is_not_finite_is_left_out_and_counted() -> None:
    svg = line_chart("loss", [(1, 0.5), (2, math.nan), (3, math.inf)])
    assert len(list(parsed(svg).iter(f"{NAMESPACE}circle"))) == 1
    assert "2 not finite, left out" in svg


def test_no_points_is_said_in_words() -> None:
    assert "no points yet" in words(line_chart("loss", [])) and "no points yet" in words(scatter_chart("r", []))


def test_levels_close_together_are_named_on_one_line() -> None:
    far, near = (words(line_chart("dev", [(1, 0.9)], references={"low": low, "high": 0.55})) for low in (0.1, 0.54))
    assert "low 0.100" in far and "high 0.550" in far
    assert "high 0.550, low 0.540" in near


def test_every_count_and_the_share_of_its_row_are_in_the_matrix() -> None:
    shown = words(confusion_chart("c", [[3, 1], [0, 5]], ["no", "yes"]))
    assert shown[-8:] == ["3", "75%", "1", "25%", "0", "0%", "5", "100%"]
    assert {"no", "yes"} <= set(shown)


def test_the_strongest_shade_belongs_to_the_largest_share_not_the_largest_count() -> None:
    boxes = list(parsed(confusion_chart("c", [[50, 50], [0, 3]], ["a", "b"])).iter(f"{NAMESPACE}rect"))
    strength = [float(box.attrib["style"].split("fill-opacity:")[1].split(";")[0]) for box in boxes]
    assert max(strength) == strength[3] and strength[0] == strength[1]


def test_a_row_without_examples_is_not_a_division_by_zero() -> None:
    assert "0%" in words(confusion_chart("c", [[0, 0], [1, 2]], ["a", "b"]))


def test_long_labels_are_cut_with_three_dots() -> None:
    assert "extraordi..." not in words(confusion_chart("c", [[1]], ["short"]))
    assert any(text.endswith("...") for text in words(confusion_chart("c", [[1]], ["extraordinarily long"])))


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (0.24, 0.91), (-3.0, 17.0), (5.0, 5.0), (0.0, 0.0), (1e-7, 3e-7)])
def test_ticks_are_round_even_and_cover_the_data(low: float, high: float) -> None:
    marks = ticks(low, high)
    steps = {round((b - a) / (marks[1] - marks[0]), 4) for a, b in pairwise(marks)}
    assert marks[0] <= low and marks[-1] >= high and steps == {1.0} and 2 <= len(marks) <= 7


def test_forbidden_characters_become_the_replacement_character() -> None:
    assert clean("a\x00b\x1bc\ud800") == "a\ufffdb\ufffdc\ufffd"


def test_few_epochs_are_marked_one_by_one_and_never_by_halves() -> None:
    assert x_ticks([1, 2]) == [1.0, 2.0] and x_ticks([1, 2, 3, 4, 5]) == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert all(tick == int(tick) for tick in x_ticks(list(range(1, 41)))) and len(x_ticks(list(range(1, 41)))) < 10
