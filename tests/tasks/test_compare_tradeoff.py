"""Score against cost: every row where its numbers put it, bargains found, names that do not cover each other."""

from __future__ import annotations

import random
from xml.etree import ElementTree

from comparison import results

from tasks.compare_tradeoff import Point, bargains, points_of, tradeoff_chart

SVG = "{http://www.w3.org/2000/svg}"


def test_the_description_says_what_each_score_costs_on_both_axes() -> None:
    told = ElementTree.fromstring(tradeoff_chart(results(parameters=5_500_000, train_seconds=30.0))).findtext(f"{SVG}desc")
    assert told == ("numbers in the model, millions: base|line 4 for 0.6200, gse 5.5 for 0.6450; training, minutes: base|line 1.5 for 0.6200, gse 0.5 for 0.6450")


def test_a_dearer_row_lies_further_right_and_a_better_one_higher() -> None:
    first, second = [(float(dot.attrib["cx"]), float(dot.attrib["cy"])) for dot in ElementTree.fromstring(tradeoff_chart(results(parameters=9_000_000))).iter(f"{SVG}circle")][:2]
    assert first[0] < second[0] and first[1] > second[1]


def test_a_cost_that_is_not_known_leaves_its_panel_out() -> None:
    assert "numbers in the model" not in tradeoff_chart(results(parameters=None)) and "training, minutes" in tradeoff_chart(results(parameters=None))
    assert tradeoff_chart(results(parameters=None, train_seconds=None)) == ""
    assert [point.name for point in points_of(results(overall=None), "training, minutes")] == ["base|line"]


def test_no_bargain_is_beaten_and_everything_else_is() -> None:
    draw = random.Random(3)
    for _ in range(300):
        points = [Point(str(number), draw.randint(1, 6), draw.randint(1, 6) / 10, None) for number in range(draw.randint(1, 9))]
        kept = bargains(points)

        def beaten(point: Point, points: list[Point] = points) -> bool:
            return any(other.cost <= point.cost and other.score >= point.score and (other.cost, other.score) != (point.cost, point.score) for other in points)

        assert not any(beaten(point) for point in kept)
        assert all(beaten(point) or any((point.cost, point.score) == (other.cost, other.score) for other in kept) for point in points)


def test_names_of_equal_points_do_not_cover_each_other() -> None:
    same = results(overall=results()["rows"][0]["overall"])
    texts = [each for each in ElementTree.fromstring(tradeoff_chart(same)).iter(f"{SVG}text") if each.text in ("gse", "base|line")]
    heights = [float(each.attrib["y"]) for each in texts]
    assert len(heights) == 4 and abs(heights[0] - heights[1]) >= 10 and abs(heights[2] - heights[3]) >= 10
