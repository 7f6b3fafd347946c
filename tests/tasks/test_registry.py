"""A task is one row: the course's names are kept to the letter, and a row of the user's own is checked key by key."""

from __future__ import annotations

import pytest

from minbert.errors import UserError
from tasks.registry import KINDS, TASKS, task_from_table

IRONY = {"train": "irony-train.csv", "columns": ["text"], "label": "ironic", "kind": "binary"}
STARS = {"train": "s.csv", "dev": "d.csv", "columns": ["left", "right"], "label": "stars", "kind": "classes", "num_outputs": 7}
WARMTH = {"train": "w.csv", "columns": ["text"], "label": "warmth", "kind": "regression", "label_range": [-3, 11]}


def test_course_files_and_columns_keep_the_names_of_the_course() -> None:
    assert TASKS["sst"].files == {"train": "ids-sst-train.csv", "dev": "ids-sst-dev.csv", "test": "ids-sst-test-student.csv"}
    assert TASKS["cfimdb"].files["test"] == "ids-cfimdb-test-student.csv" and TASKS["quora"].files["dev"] == "quora-dev.csv"
    assert TASKS["sts"].files["train"] == "sts-train.csv"
    assert [TASKS[name].label for name in ("sst", "cfimdb", "quora", "sts")] == ["sentiment", "sentiment", "is_duplicate", "similarity"]
    assert [TASKS[name].prediction_name for name in ("sst", "quora", "sts")] == ["sst", "para", "sts"]
    assert TASKS["sts"].prediction_header == "Predicted_Similiary"


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
def test_every_row_agrees_with_its_kind(task) -> None:
    kind = KINDS[task.kind]
    assert task.metric == kind.metric and task.num_outputs == (kind.num_outputs or task.num_outputs)
    assert task.num_classes == (0 if task.kind == "regression" else task.label_range[1] + 1)
    assert task.is_pair == (len(task.columns) == 2) and set(task.files) == {"train", "dev", "test"}


def test_own_row_fills_in_what_follows_from_the_kind() -> None:
    irony, stars, warmth = (task_from_table(name, table) for name, table in (("irony", IRONY), ("my-stars_2", STARS), ("warmth", WARMTH)))
    assert (irony.num_outputs, irony.label_range, irony.metric, irony.files) == (1, (0.0, 1.0), "accuracy", {"train": "irony-train.csv"})
    assert (stars.num_outputs, stars.label_range, stars.columns, stars.num_classes) == (7, (0, 6), ("left", "right"), 7)
    assert (warmth.label_range, warmth.metric, warmth.prediction_name, warmth.prediction_header) == ((-3, 11), "pearson", "warmth", "Predicted_warmth")


@pytest.mark.parametrize(("name", "table", "words"), [
    ("My Task", IRONY, r'^\[task.My Task\]: "My Task" cannot name a task; use lower-case'),
    ("para", IRONY, r"^\[task.para\]: 'para' is the name of the library's task quora or of its prediction files; choose another, such as my-para"),
    ("sst", IRONY, r"^\[task.sst\]: 'sst' is the name of the library's task sst or"),
    ("irony", [1], r"got \[1\] where a table with the keys train, dev, test, columns"),
    ("irony", {**IRONY, "colums": ["a"]}, r'^\[task.irony\]: there is no key "colums"; did you mean .columns.\?$'),
    ("irony", {**IRONY, "zzzz": 1}, r'there is no key "zzzz"; the keys are train, dev, test'),
    ("irony", {**IRONY, "columns": "text"}, r'columns = "text", but columns must be a list of one or two different column names'),
    ("irony", {**IRONY, "columns": ["a", "b", "c"]}, r"must be a list of one or two"),
    ("irony", {**IRONY, "columns": ["a", "a"]}, r"one or two different"),
    ("irony", {**IRONY, "columns": [["a"]]}, r"one or two different"),
    ("irony", {**IRONY, "columns": ["ironic"]}, r'the label "ironic", the columns \["ironic"\] and "id" must all be different'),
    ("irony", {**IRONY, "label": "id"}, r"must all be different"),
    ("irony", {**IRONY, "kind": "ordinal"}, r'kind = "ordinal", but kind must be one of classes, binary, regression'),
    ("irony", {**IRONY, "kind": ["binary"]}, r"kind must be one of"),
    ("irony", {**IRONY, "train": 3}, r"train = 3, but train must be the name of a CSV file"),
    ("irony", {**IRONY, "metric": "f1"}, r'metric = "f1", but metric must be one of accuracy, pearson'),
    ("irony", {**IRONY, "metric": "pearson"}, r"answers of kind 'binary' are judged by 'accuracy'"),
    ("irony", {**IRONY, "num_outputs": 2}, r"num_outputs = 2, but for kind 'binary' it must be 1, a single logit"),
    ("irony", {**IRONY, "num_outputs": True}, r"num_outputs = true, but num_outputs must be a whole number, 1 or more"),
    ("irony", {**IRONY, "label_range": [0, 2]}, r"label_range = \[0, 2\], but labels of kind 'binary' here run from 0 to 1"),
    ("irony", {**IRONY, "label_range": [2, 0]}, r"must be two numbers, the lowest and the highest label"),
    ("irony", {key: IRONY[key] for key in ("train", "columns", "kind")}, r"label is missing; it must be the name of the label column"),
    ("stars", {**STARS, "num_outputs": 1}, r"num_outputs = 1, but for kind 'classes' it must be 2 or more, one logit per class"),
    ("stars", {key: value for key, value in STARS.items() if key != "num_outputs"}, r"num_outputs is missing; for kind 'classes'"),
    ("warmth", {key: value for key, value in WARMTH.items() if key != "label_range"}, r"label_range is missing; for kind 'regression'"),
])
def test_a_wrong_row_is_told_with_table_key_and_value(name: str, table: object, words: str) -> None:
    with pytest.raises(UserError, match=words) as caught:
        task_from_table(name, table)
    assert "\n" not in str(caught.value)
