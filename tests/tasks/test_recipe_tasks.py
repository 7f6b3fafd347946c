"""Tasks of a recipe: known rows, rows of one's own, known rows with other files; everything else is told."""

from __future__ import annotations

import pytest

from minbert.errors import UserError
from tasks.recipe import load_recipe, recipe_from_table
from tasks.recipe_tasks import needs_data_folder, tasks_of
from tasks.registry import TASKS

IRONY = {"train": "i.csv", "dev": "/full/d.csv", "columns": ["text"], "label": "ironic", "kind": "binary"}


def test_tasks_come_in_the_order_of_the_recipe() -> None:
    recipe = recipe_from_table({"tasks": ["sts", "irony", "sst"], "task": {"irony": IRONY}})
    tasks = tasks_of(recipe)
    assert list(tasks) == ["sts", "irony", "sst"]
    assert tasks["sts"] is TASKS["sts"] and tasks["irony"].columns == ("text",)


def test_a_known_task_can_read_another_file_and_keeps_everything_else() -> None:
    changed = tasks_of(load_recipe("baseline", ["task.sst.train=more.csv"]))["sst"]
    assert changed.files == {**TASKS["sst"].files, "train": "more.csv"}
    assert (changed.columns, changed.kind, changed.prediction_name) == (TASKS["sst"].columns, TASKS["sst"].kind, TASKS["sst"].prediction_name)


def test_an_override_adds_to_the_table_of_ones_own_task() -> None:
    recipe = recipe_from_table({"tasks": ["irony"], "task": {"irony": IRONY}}, "", ["task.irony.test=t.csv", "task.irony.columns=[one, two]"])
    assert tasks_of(recipe)["irony"].files["test"] == "t.csv"
    assert tasks_of(recipe)["irony"].columns == ("one", "two")


@pytest.mark.parametrize(("table", "sentence"), [
    ({"tasks": ["para"]}, r'^tasks names "para", which is neither a task of the library nor described under \[task\.NAME\]; did you mean quora\?$'),
    ({"tasks": ["irny"], "task": {"irony": IRONY}}, r"^tasks names \"irny\", .*; did you mean irony\?$"),
    ({"tasks": ["zzzz"]}, r"^tasks names \"zzzz\", .*; there are sst, cfimdb, quora, sts, practice_sentiment, .*\.$"),
    ({"task": {"sst": {"kind": "binary"}}}, (r'^\[task\.sst\] sets "kind", but sst is a task of the library, of which only the files train, dev, test '
     r"can be changed; describe your own task under another name, for example \[task\.my-sst\]\.$")),
    ({"task": {"sst": {"train": 3}}}, r"^\[task\.sst\] train is 3, but must be the name of a CSV file\.$"),
    ({"task": {"sst": "x.csv"}}, r'^\[task\.sst\] is "x\.csv", but must be a table with the keys train, dev, test\.$'),
    ({"task": {"irony": {**IRONY, "kind": "binry"}}}, r"kind.*binry.*must be one of classes, binary, regression"),
])
def test_a_task_that_cannot_be_is_told_even_if_no_name_asks_for_it(table: dict, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        recipe_from_table(table)


def test_a_data_folder_is_needed_until_every_train_and_dev_file_has_a_full_path() -> None:
    assert not needs_data_folder(load_recipe("practice"))
    assert needs_data_folder(load_recipe("sst"))
    assert needs_data_folder(load_recipe("sst", ["task.sst.train=/full/a.csv"]))
    assert not needs_data_folder(load_recipe("sst", ["task.sst.train=/full/a.csv", "task.sst.dev=/full/b.csv"]))
