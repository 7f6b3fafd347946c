"""The published rows belong to recipes that exist, and each overall score follows from its parts."""

from __future__ import annotations

import pytest

from tasks.metrics import OVERALLS
from tasks.published import PUBLISHED
from tasks.recipe import built_in_recipes
from tasks.registry import TASKS


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_overall_score_reproduces_from_its_row_to_three_digits(name):
    row = PUBLISHED[name]
    scores = {task: (TASKS[task].metric, score) for task, score in row.scores.items()}
    assert OVERALLS[row.formula](scores).value == pytest.approx(row.overall, abs=6e-4)
    assert name in built_in_recipes()
