"""The pages that show a student's way are made by scripts that still run, and every mistake on that way still has its name."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent.parent / "docs"


@pytest.fixture
def docs(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the pages, whose scripts can be imported."""
    monkeypatch.syspath_prepend(str(DOCS))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return DOCS


@pytest.mark.slow
def test_the_journey_goes_as_it_is_told_and_ends_with_a_trained_model(docs: Path):
    """`play` raises where a check gives another name than the story; the run at the end is made as short as a run can be."""
    from make_student_journey import journey

    played, parts = journey("python -m minbert train --epochs 1 --weights tiny --set data.limit=32")
    names = {name for each in played for name in each.step.mistakes}
    assert len(names) >= 10 and {"dropout-missing", "heads-not-transposed-back", "residual-overwritten", "first-parameter-only", "squeeze-without-dimension"} <= names
    page = "\n\n".join(parts)
    assert "of 14 are not right yet: feed_forward (not started)" in page, "training is refused at first"
    assert "Run folder: runs/practice" in page and "overall 0." in page.partition("## Training")[2], "and works at the end"
    assert str(DOCS.parent) not in page and "/tmp" not in page and "Traceback" not in page


@pytest.mark.slow
@pytest.mark.parametrize("name", ["student", "teacher"])
def test_every_scene_of_the_page_still_plays(docs: Path, name: str):
    from fill_pages import PAGES, filled

    before = (docs / f"{name}.md").read_text(encoding="utf-8")
    after = filled(before, PAGES[name])
    assert "Traceback" not in after and str(DOCS.parent) not in after
    first = [line for line in before.splitlines() if ":  " in line and line[0].isalpha() and not line.startswith(("Your", "weights", "pretrained"))]
    outcomes = {(line.split(":")[0], line.split()[1].rstrip(".")) for line in first}
    assert outcomes <= {(line.split(":")[0], line.split()[1].rstrip(".")) for line in after.splitlines() if ":  " in line and len(line.split()) > 1}, "the page tells what is told today"


def test_every_scene_has_its_place_on_the_page(docs: Path):
    from fill_pages import BLOCK, PAGES

    for name, scenes in PAGES.items():
        places = [match[2] for match in BLOCK.finditer((docs / f"{name}.md").read_text(encoding="utf-8"))]
        assert sorted(places) == sorted(scenes), name


def test_the_committed_journey_names_what_the_story_makes(docs: Path):
    from journey.encoder_chapters import ENCODER
    from journey.training_chapters import TRAINING

    page = (docs / "student_journey.md").read_text(encoding="utf-8")
    for chapter in (*ENCODER, *TRAINING):
        assert f"## {chapter.title}\n" in page
        assert all(f"`{name}`" in page for step in chapter.steps for name in step.mistakes)
