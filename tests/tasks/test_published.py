"""The published rows belong to recipes that exist, and each overall score follows from its parts."""

from __future__ import annotations

import re

import pytest

from tasks.metrics import OVERALLS
from tasks.published import PUBLISHED
from tasks.recipe import built_in_recipes, load_recipe
from tasks.registry import TASKS


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_overall_score_reproduces_from_its_row_to_three_digits(name):
    row = PUBLISHED[name]
    found = OVERALLS[row.formula]({task: (TASKS[task].metric, score) for task, score in row.scores.items()}).value
    assert name in built_in_recipes()
    if row.overall is not None and not row.each_best:
        assert found == pytest.approx(row.overall, abs=6e-4)


@pytest.mark.parametrize("name", [name for name, row in PUBLISHED.items() if row.each_best and row.overall is not None])
def test_where_every_task_has_its_best_epoch_the_overall_score_of_one_epoch_is_just_below(name):
    row = PUBLISHED[name]
    found = OVERALLS[row.formula]({task: (TASKS[task].metric, score) for task, score in row.scores.items()}).value
    assert found - 0.006 < row.overall < found


def test_rows_without_an_overall_score_are_those_of_models_that_were_trained_apart():
    assert {name for name, row in PUBLISHED.items() if row.overall is None} == {"triple", "static+finetune"}


@pytest.mark.parametrize("name", PUBLISHED)
def test_figures_in_a_recipes_own_words_are_those_of_its_row(name):
    """Each was typed twice, into the recipe and into the table: a slip in one of them shows."""
    row, source = PUBLISHED[name], load_recipe(name).source
    for task, figure in re.findall(r"\b(sst|quora|sts) 0?(\.\d+)", source):
        assert float(figure) == round(row.scores[task], len(figure) - 1), (task, figure)  # to as many digits as are written
    for figure in re.findall(r"overall 0?(\.\d+)", source):
        assert float(figure) == row.overall, figure
