"""[extra.NAME]: what a table means, and the one sentence for each way of writing it wrongly."""

from __future__ import annotations

import re
from typing import Any

import pytest

from minbert.errors import UserError
from tasks.label_maps import NAMED_MAPS
from tasks.recipe import load_recipe, recipe_from_table, to_toml
from tasks.recipe_extra import Extra, extras_of
from tasks.recipe_reading import tomllib

SNLI = {"task": "quora", "file": "snli.csv"}


def made(**table: Any) -> Extra:
    return extras_of(recipe_from_table({"tasks": ["sst", "quora", "sts"], "extra": {"snli": {**SNLI, **table}}}))[0]


def test_what_a_table_leaves_out_is_the_tasks_own() -> None:
    assert made() == Extra("snli", "quora", "snli.csv", ("sentence1", "sentence2"), "is_duplicate")


def test_a_named_map_fills_in_and_the_table_wins() -> None:
    found = made(map="snli-paraphrase", label="gold")
    assert (found.columns, found.label, found.drop) == (("premise", "hypothesis"), "gold", ("-",))
    assert found.map == {"entailment": 1, "neutral": 0, "contradiction": 0}
    assert made(task="sts", map="sick").range == (1.0, 5.0) and made(map="all-paraphrases").every == 1
    assert made(task="sst", map="cfimdb-sentiment").map == {"0": 0, "1": 4} and len(NAMED_MAPS) == 4


def test_a_table_survives_a_file_and_can_be_changed_from_the_command_line() -> None:
    recipe = recipe_from_table({"tasks": ["quora"], "extra": {"snli": {**SNLI, "map": {"e": 1, "n": 0.0}, "only": {"split": ["train"]}}}})
    assert recipe_from_table(tomllib.loads(to_toml(recipe))) == recipe
    changed = load_recipe("baseline", ["extra.snli.task=quora", "extra.snli.file=s.csv", "extra.snli.map={e = 1}", "extra.snli.drop=[-]", "extra.snli.limit=3"])
    assert extras_of(changed) == (Extra("snli", "quora", "s.csv", ("sentence1", "sentence2"), "is_duplicate", map={"e": 1}, drop=("-",), limit=3),)


@pytest.mark.parametrize(("table", "sentence"), [
    ("x.csv", '[extra.snli] is "x.csv", but must be a table with the keys task, file, columns,'),
    ({**SNLI, "colums": ["a"]}, '[extra.snli]: there is no key "colums"; did you mean columns?'),
    ({**SNLI, "zzz": 1}, '[extra.snli]: there is no key "zzz"; the keys are task, file,'),
    ({"file": "x.csv"}, "[extra.snli]: task is missing; it must be the name of one of the recipe's tasks."),
    ({"task": "sts"}, "[extra.snli]: file is missing; it must be the name of a CSV file."),
    ({**SNLI, "task": "cfimdb"}, '[extra.snli]: task = "cfimdb" is not among the recipe\'s tasks; there are sst, quora, sts.'),
    ({**SNLI, "file": 3}, "[extra.snli]: file = 3, but file must be the name of a CSV file."),
    ({**SNLI, "columns": ["a", "a"]}, '[extra.snli]: columns = ["a", "a"], but columns must be a list of different column names.'),
    ({**SNLI, "columns": ["a"]}, '[extra.snli]: columns = ["a"], but an example of quora has 2 texts.'),
    ({**SNLI, "map": "snli-paraphrases"}, ('[extra.snli]: map = "snli-paraphrases", but map must be one of snli-paraphrase, cfimdb-sentiment, sick, all-paraphrases, or a '
     "table from labels of the file to numbers; did you mean snli-paraphrase?")),
    ({**SNLI, "map": {"e": "yes"}}, "[extra.snli]: map = a table with the keys e, but map must be one of"),
    ({**SNLI, "map": {"e": 2}}, "[extra.snli]: map gives the label 2, but a label of quora is 0 or 1."),
    ({**SNLI, "map": {"e": 0.5}}, "[extra.snli]: map gives the label 0.5, but a label of quora is 0 or 1."),
    ({**SNLI, "map": "cfimdb-sentiment", "columns": ["a", "b"]}, "[extra.snli]: map gives the label 4, but a label of quora is 0 or 1."),
    ({**SNLI, "every": -1}, "[extra.snli]: every gives the label -1, but a label of quora is 0 or 1."),
    ({**SNLI, "every": 1, "map": {"e": 1}}, "[extra.snli]: map and every both say what the labels mean; leave one out."),
    ({**SNLI, "range": [1, 5]}, "[extra.snli]: range is about labels on a scale, but a label of quora is 0 or 1; use map."),
    ({**SNLI, "task": "sts", "range": [5, 1]}, "[extra.snli]: range = [5, 1], but range must be two numbers, the lowest and the highest label of the file."),
    ({**SNLI, "drop": "-"}, '[extra.snli]: drop = "-", but drop must be a list of labels.'),
    ({**SNLI, "only": {"split": "train"}}, "[extra.snli]: only = a table with the keys split, but only must be a table from columns to lists of words"),
    ({**SNLI, "overlap": "keep"}, '[extra.snli]: overlap = "keep", but overlap must be "refuse" or "drop".'),
    ({**SNLI, "limit": -1}, "[extra.snli]: limit = -1, but limit must be a whole number, 0 for all rows."),
])
def test_a_table_that_cannot_be_is_told_before_anything_is_read(table: Any, sentence: str) -> None:
    with pytest.raises(UserError, match=re.escape(sentence)):
        recipe_from_table({"tasks": ["sst", "quora", "sts"], "extra": {"snli": table}})


def test_an_option_without_a_key_is_told() -> None:
    with pytest.raises(UserError, match=r'--set: "extra\.snli" names no setting of extra rows; expected extra\.NAME\.KEY, for example extra\.snli\.limit=1000\.'):
        load_recipe("baseline", ["extra.snli=3"])
