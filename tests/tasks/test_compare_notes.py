"""Notes: whatever makes a table unfair or incomplete is said, and nothing where all is well."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from comparison import results

from tasks.compare_notes import changes, notes_of
from tasks.compare_rows import Row
from tasks.recipe import load_recipe

PRACTICE = load_recipe("practice")
ROWS = [Row("base|line", PRACTICE), Row("gse", PRACTICE)]


def notes(**last: Any) -> str:
    return "\n".join(notes_of(ROWS, results(**last)["rows"]))


def test_a_fair_and_complete_comparison_needs_no_note() -> None:
    assert notes(updates=42) == ""


def test_unequal_updates_and_examples_are_named_with_their_rows() -> None:
    assert "Fairness: rows differ in optimizer updates (42 in base|line; 28 in gse), so a difference" in notes()
    assert "Fairness: rows differ in training examples (3,333 in base|line; 7 in gse)" in notes(updates=42, examples={"sst": 7})


def test_failures_and_runs_not_made_are_told_with_their_sentence() -> None:
    runs = [{"seed": 5, "state": "failed", "sentence": "it broke."}, {"seed": 6, "state": "not run", "sentence": None}]
    assert notes(updates=42, runs=runs) == "gse, seed 5, failed: it broke.\n1 run was not made yet; the same command makes it."


def test_one_seed_is_said_to_be_one() -> None:
    rows = results(updates=42)["rows"]
    for entry in rows:
        entry["runs"] = entry["runs"][:1]
    assert notes_of(ROWS, rows)[0].startswith("One seed: ")


def test_a_run_that_was_stopped_on_the_way_is_named_since_its_time_is_short() -> None:
    runs = results()["rows"][1]["runs"]
    assert "Stopped and gone on with: gse, seed 1." in notes(updates=42, runs=[runs[0], {**runs[1], "attempts": 2}])


def test_other_tasks_are_named() -> None:
    rows = [ROWS[0], Row("gse", replace(PRACTICE, tasks=("practice_sentiment",)))]
    assert notes_of(rows, results(updates=42)["rows"]) == ["Other tasks than base|line were learned in gse: overall scores over different tasks do not compare."]


def test_settings_other_than_the_papers_are_listed_beside_the_papers_figures() -> None:
    rows = [Row("gse", load_recipe("gse", ["weights=tiny", "optimizer.lr=1e-3", "seed=5", "training.device=cpu"]))]
    assert changes(rows[0]) == ['weights "tiny" instead of "bert-base-uncased"', "optimizer.lr 0.001 instead of 1e-05"]
    (published,) = notes_of(rows, results()["rows"][1:])
    assert published.startswith("Published figures are one run each, of An Exploration") and "these runs have weights \"tiny\" instead" in published
    assert changes(Row("gse", load_recipe("gse"))) == []
