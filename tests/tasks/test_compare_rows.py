"""What a comparison compares: grids, names, seeds and folders, and every slip of the keyboard in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from minbert.errors import UserError
from tasks.compare_rows import Row, grid, name_of, runs_of, seeds_of
from tasks.recipe import load_recipe

PRACTICE = load_recipe("practice")


def test_sweeps_make_every_combination_once_the_last_fastest() -> None:
    combinations = grid(["optimizer.lr=1e-5,2e-5", "training.epochs=1,2,3"])
    assert [tuple(value for _, value in each) for each in combinations] == [(lr, epochs) for lr in ("1e-5", "2e-5") for epochs in "123"]
    assert grid([]) == [()]


def test_a_comma_inside_brackets_belongs_to_the_value() -> None:
    assert [each[0][1] for each in grid(["optimizer.betas=[0.9,0.99],[0.8,0.999]"])] == ["[0.9,0.99]", "[0.8,0.999]"]


@pytest.mark.parametrize(("sweeps", "said"), [
    (["optimizer.lr"], "--sweep: got \"optimizer.lr\", but KEY=VALUE was expected"),
    (["optimizer.lr=1e-5"], "--sweep: got \"optimizer.lr=1e-5\", but KEY=VALUE,VALUE with two different values or more was expected"),
    (["optimizer.lr=1e-5,1e-5"], "two different values"),
    (["seed=1,2"], "say --seeds 1,2,3"),
    (["optimizer.lr=1e-5,2e-5", "optimizer.lr=3e-5,4e-5"], "optimizer.lr is swept twice"),
    (["optimizer.rate=1,2"], "--sweep: there is no setting \"optimizer.rate\""),
    (["optimizer.lr=1e-5,fast"], "--sweep: optimizer.lr is \"fast\", but must be a number above 0"),
])
def test_a_sweep_that_cannot_be_read_is_told(sweeps: list[str], said: str) -> None:
    with pytest.raises(UserError) as error:
        grid(sweeps)
    assert said in str(error.value)


def test_a_row_is_named_after_its_values_and_whole_keys_where_their_ends_are_alike() -> None:
    assert name_of("sst", [("optimizer.lr", "1e-5"), ("training.epochs", "2")]) == "sst lr=1e-5 epochs=2"
    assert name_of("sst", [("regularizer.weight", "1"), ("bregman.weight", "2")]) == "sst regularizer.weight=1 bregman.weight=2"


def test_a_number_of_seeds_counts_up_from_the_recipes_and_a_list_is_taken_as_it_is() -> None:
    assert seeds_of("3", 11711) == [11711, 11712, 11713]
    assert seeds_of("7,5", 11711) == [7, 5] and seeds_of("7,", 11711) == [7]


@pytest.mark.parametrize("text", ["", "many", "0", "1,1", "-3", "1.5", "1,4294967296"])
def test_seeds_that_are_none_are_told(text: str) -> None:
    with pytest.raises(UserError, match=r"^--seeds is \""):
        seeds_of(text, 5)


def test_runs_go_seed_by_seed_each_in_a_folder_of_its_own(tmp_path: Path) -> None:
    rows = [Row("one lr=1e-5", PRACTICE), Row("two", PRACTICE)]
    runs = runs_of(rows, "2", tmp_path)
    assert [(run.row.name, run.recipe.seed) for run in runs] == [("one lr=1e-5", 11711), ("two", 11711), ("one lr=1e-5", 11712), ("two", 11712)]
    assert runs[0].folder.path == tmp_path / "one,lr=1e-5" / "seed-11711" and all(run.out == tmp_path for run in runs)
    assert len({run.folder.path for run in runs}) == 4


def test_two_rows_of_one_folder_and_a_thousand_runs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r'two rows are called "gse"; give the recipes different names'):
        runs_of([Row("GSE", PRACTICE), Row("gse", PRACTICE)], "1", tmp_path)
    with pytest.raises(UserError, match="more than 1,000 runs"):
        runs_of([Row("one", PRACTICE)], "9999999", tmp_path)
