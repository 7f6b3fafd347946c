"""Extra rows: mapped, counted, compared with dev and test, and there for everything that counts training rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_run import SIZES, small_recipe, write_course_files

from minbert.errors import UserError
from tasks.recipe import recipe_from_table
from tasks.recipe_settings import Recipe
from tasks.recipe_tasks import tasks_of
from tasks.setup_run import build
from tasks.splits import Splits, read_splits

ROWS = ["1\ttrain\ta dog runs\tan animal moves\tentailment", "2\ttrain\ta dog runs\ta dog sleeps\tcontradiction", "3\tdev\ta man sings\tit is loud\tneutral",
        "4\ttrain\tno one agrees\ton this\t-", "5\ttrain\ta cat\ta pet\t", "6\ttrain\t  \tnothing\tneutral"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = write_course_files(tmp_path / "course")
    (folder / "snli.csv").write_text("\n".join(["id\tsplit\tpremise\thypothesis\tlabel", *ROWS]) + "\n", encoding="utf-8")
    return folder


def table(folder: Path, name: str, *lines: str) -> None:
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def recipe(folder: Path, tables: dict[str, Any], **data: Any) -> Recipe:
    return recipe_from_table({"weights": "tiny", "tasks": ["sst", "quora", "sts"], "data": {"folder": str(folder), **data}, "extra": tables})


def read(folder: Path, say: Callable[[str], object] = lambda sentence: None, tables: dict[str, Any] | None = None, **table: Any) -> Splits:
    made = recipe(folder, tables or {"snli": {"task": "quora", "file": "snli.csv", **table}})
    return read_splits(made, tasks_of(made), say)


def test_labels_are_mapped_and_everything_left_out_is_said(data: Path) -> None:
    said: list[str] = []
    rows = read(data, said.append, map="snli-paraphrase")["train"]["quora"]
    assert [(example.id, example.texts, example.label) for example in rows.examples[SIZES["quora"]:]] == [
        ("snli:2", ("a dog runs", "an animal moves"), 1.0), ("snli:3", ("a dog runs", "a dog sleeps"), 0.0), ("snli:4", ("a man sings", "it is loud"), 0.0)]
    assert said == ["extra.snli: 6 rows read from snli.csv, 3 join the training rows of quora (0: 2, 1: 1); left out: 1 labelled -, 1 without a label, 1 with an empty text.",
                    "quora-train.csv: 67 rows read, 70 kept; columns ignored: 1; rows added from snli: 3."]


def test_dev_and_test_and_the_other_tasks_stay_as_they_were(data: Path) -> None:
    plain, more = read(data, tables={"none": {"task": "sst", "file": "ids-sst-train.csv"}}), read(data, map="snli-paraphrase")
    assert plain["dev"] == more["dev"] and plain["test"] == more["test"] and plain["train"]["sts"] == more["train"]["sts"]


def test_only_some_rows_and_at_most_so_many(data: Path) -> None:
    said: list[str] = []
    rows = read(data, said.append, map="snli-paraphrase", only={"split": ["dev"]})["train"]["quora"]
    assert [example.id for example in rows.examples[SIZES["quora"]:]] == ["snli:4"] and "left out: 5 not asked for by only" in said[0]
    one = [read(data, said.append, map="snli-paraphrase", limit=1)["train"]["quora"].examples[-1].id for _ in range(2)]
    assert one[0] == one[1] and "1 join the training rows of quora" in said[-2] and "2 beyond the limit" in said[-2]


def test_a_scale_is_stretched_to_the_tasks_and_classes_are_whole(data: Path) -> None:
    table(data, "sick.csv", "sentence1\tsentence2\trelatedness", "one thing\tanother thing\t1", "some thing\tthat thing\t3.5", "all\tevery one\t5.0")
    rows = read(data, tables={"sick": {"task": "sts", "file": "sick.csv", "map": "sick"}})["train"]["sts"]
    assert [example.label for example in rows.examples[-3:]] == [0.0, 3.125, 5.0]
    table(data, "reviews.csv", "sentence\tsentiment", "what a film\t1.0", "never again\t0")
    labels = [example.label for example in read(data, tables={"cf": {"task": "sst", "file": "reviews.csv", "map": "cfimdb-sentiment"}})["train"]["sst"].examples[-2:]]
    assert labels == [4, 0] and all(type(label) is int for label in labels)


def test_every_row_may_have_one_label(data: Path) -> None:
    table(data, "same.csv", "sentence1\tsentence2", "how so\twhy so", "what now\tand now")
    rows = read(data, tables={"same": {"task": "quora", "file": "same.csv", "map": "all-paraphrases"}})["train"]["quora"]
    assert [example.label for example in rows.examples[-2:]] == [1.0, 1.0]


def test_rows_known_already_and_rows_with_two_labels_are_said(data: Path) -> None:
    known = read(data, map="snli-paraphrase")["train"]["quora"].examples[0].texts
    table(data, "more.csv", "sentence1\tsentence2\tis_duplicate", f"{known[1]}\t{known[0].upper()}\t1", "this here\tthat there\t0", "That there!\tthis here\t1")
    said: list[str] = []
    read(data, said.append, tables={"more": {"task": "quora", "file": "more.csv"}})
    assert said[0].endswith("(0: 1, 1: 2); 1 of them are among the rows of quora already; 1 text occurs more than once, with different labels.")


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("held", ["sts-dev.csv", "quora-test-student.csv"])
def test_a_row_of_any_dev_or_test_is_refused_or_dropped(held: str, swapped: bool, data: Path) -> None:
    lines = (data / held).read_text(encoding="utf-8").splitlines()
    first, second = lines[5].split("\t")[2:4][:: -1 if swapped else 1]
    table(data, "leak.csv", "sentence1\tsentence2\tis_duplicate", "a row\tof ours\t0", f"{first.upper()}.\t {second}\t1")
    with pytest.raises(UserError, match=re.escape(f"leak.csv: rows of [extra.leak] stand in dev or test too (line 3 is {held}, line 6), and learning from them would spoil "
                                                  'the score; set overlap = "drop" in that table to leave them out.')):
        read(data, tables={"leak": {"task": "quora", "file": "leak.csv"}})
    said: list[str] = []
    rows = read(data, said.append, tables={"leak": {"task": "quora", "file": "leak.csv", "overlap": "drop"}})["train"]["quora"]
    assert rows.examples[-1].id == "leak:2" and "1 join the training rows of quora (0: 1); left out: 1 that dev or test has too." in said[0]


def test_many_such_rows_are_named_by_the_first_three(data: Path) -> None:
    with pytest.raises(UserError, match=r"\(line 2 is sts-dev\.csv, line 2; line 3 is sts-dev\.csv, line 3; line 4 is sts-dev\.csv, line 4; and \d+ more\)"):
        read(data, tables={"leak": {"task": "sts", "file": "sts-dev.csv"}})
    with pytest.raises(UserError, match=r"every row of \[extra\.leak\] stands in dev or test too, so none is left"):
        read(data, tables={"leak": {"task": "sts", "file": "sts-dev.csv", "overlap": "drop"}})


@pytest.mark.parametrize(("options", "sentence"), [
    ({"columns": ["premise", "hypothesis"], "label": "label"}, "snli.csv, line 2: is_duplicate is 'entailment', but a label of quora is 0 or 1; say what it means by map in [extra.snli]."),
    ({"columns": ["premise", "hypothesis"], "label": "label", "map": {"entailment": 1, "neutral": 0}},
     "snli.csv, line 3: the label 'contradiction' is neither in the map of [extra.snli], which knows entailment, neutral, nor in drop."),
    ({"map": "snli-paraphrase", "label": "gold"}, ("snli.csv, line 1: the header has no column 'gold'; it has 'id', 'split', 'premise', 'hypothesis', 'label'; "
     "say what the file calls them by columns and label in [extra.snli].")),
    ({"map": "snli-paraphrase", "only": {"split": ["test"]}}, "snli.csv, line 2: no row is left for [extra.snli]: 6 not asked for by only."),
    ({"map": "snli-paraphrase", "file": "snl.csv"}, "snl.csv: there is no such file; snli.csv lies beside it."),
    ({"task": "sts", "map": "sick", "columns": ["premise", "hypothesis"], "label": "id"}, "snli.csv, line 7: the label '6' is not within range = [1, 5] of [extra.snli]."),
])
def test_a_file_that_does_not_fit_is_told_with_its_line(options: dict[str, Any], sentence: str, data: Path) -> None:
    if options.get("label") == "id":
        (data / "snli.csv").write_text((data / "snli.csv").read_text(encoding="utf-8").replace("\t  \t", "\ttext\t"), encoding="utf-8")
    with pytest.raises(UserError, match=re.escape(sentence)):
        read(data, **options)


def test_samplers_and_shares_count_the_extra_rows(data: Path) -> None:
    made = small_recipe(data, sampler={"name": "shuffled", "batch_size": 3})
    more = recipe(data, {"snli": {"task": "quora", "file": "snli.csv", "map": "snli-paraphrase"}}).extra
    plain, extra = (build(each, say=lambda sentence: None) for each in (made, type(made)(**{**vars(made), "extra": more})))
    assert len(extra.encoded["train"]["quora"]) == SIZES["quora"] + 3 == len(plain.encoded["train"]["quora"]) + 3
    assert extra.sampler.steps_per_epoch == plain.sampler.steps_per_epoch + 1  # three rows are one batch more
    half = recipe(data, {"snli": {"task": "quora", "file": "snli.csv", "map": "snli-paraphrase"}}, share=0.5)
    assert len(read_splits(half, tasks_of(half), lambda sentence: None)["train"]["quora"]) == (SIZES["quora"] + 3) // 2
