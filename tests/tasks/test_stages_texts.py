"""Which texts a stage reads: training rows, files without what dev and test hold, triples; and what it says where it cannot."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import torch
from small_run import small_recipe, write_course_files

from minbert.errors import UserError
from minbert.tokenizer import Tokenizer
from tasks.recipe import load_recipe
from tasks.recipe_stages import STAGE_COMBINATIONS, MlmSettings, SimcseSettings
from tasks.recipe_tasks import needs_data_folder, tasks_of
from tasks.splits import read_splits
from tasks.stages_files import divide, read_lines_of_text, read_triples, same_text
from tasks.stages_texts import Ground, encode_texts, texts_of_stage

TINY = Tokenizer.from_pretrained("tiny")


def ground_of(folder: Path, said: list[str], **sections: Any) -> Ground:
    recipe = small_recipe(folder, **{**sections, "data": {"folder": str(folder), "max_length": 32, "limit": 20, **sections.get("data", {})}})
    splits = read_splits(recipe, tasks_of(recipe), lambda sentence: None)
    return Ground(recipe, tasks_of(recipe), splits["train"], splits["dev"], TINY, torch.device("cpu"), said.append)


def column(path: Path, name: str) -> list[str]:
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return [line[lines[0].index(name)] for line in lines[1:]]


def test_task_texts_are_those_of_the_training_rows_of_the_run_and_of_both_sides_of_pairs(data: Path) -> None:
    said: list[str] = []
    ground = ground_of(data, said)
    rows = texts_of_stage(MlmSettings(), "mlm", ground)
    expected = [text for name in ("sst", "quora", "sts") for example in ground.train[name].examples for text in example.texts]
    assert rows == [(text,) for text in expected] and len(rows) == 20 + 40 + 40
    assert said == [f"mlm: {count} texts from the training rows of {name}." for name, count in (("sst", 20), ("quora", 40), ("sts", 40))]
    assert {text for row in rows for text in row} <= {*column(data / "ids-sst-train.csv", "sentence"),
                                                       *(text for file in ("quora", "sts") for side in ("1", "2") for text in column(data / f"{file}-train.csv", f"sentence{side}"))}


def test_a_task_that_the_run_does_not_train_can_lend_its_training_texts(data: Path) -> None:
    whole = ground_of(data, [])
    alone = ground_of(data, [], tasks=("sst",))
    assert texts_of_stage(MlmSettings(texts=("quora",)), "mlm", alone) == texts_of_stage(MlmSettings(texts=("quora",)), "mlm", whole)


def test_lines_that_dev_or_test_hold_are_left_out_of_a_file_and_counted(data: Path, tmp_path: Path) -> None:
    dev, test = column(data / "sts-dev.csv", "sentence2")[0], column(data / "ids-sst-test-student.csv", "sentence")[3]
    path = tmp_path / "more.txt"
    path.write_text(f"a new text\n\n{dev.upper()}!\n  another   one \n{test}\na new text\n", encoding="utf-8")
    said: list[str] = []
    rows = texts_of_stage(SimcseSettings(texts=("sst", str(path))), "simcse", ground_of(data, said, data={"dev_limit": 2, "test": False}))
    assert rows[20:] == [("a new text",), ("another   one",), ("a new text",)]
    assert said[1] == "simcse: 3 texts from more.txt; 2 more are left out, because dev or test of this run hold them."


def test_triples_are_read_under_both_names_of_their_third_column_and_checked_against_dev_too(data: Path, tmp_path: Path) -> None:
    dev = column(data / "sts-dev.csv", "sentence1")[0]
    for third in ("negative", "hard_negative"):
        path = tmp_path / f"{third}.csv"
        path.write_text(f"id\tanchor\tpositive\t{third}\n1\ta\tb\tc\n2\td\te\t\n3\tf\t{dev}\tg\n", encoding="utf-8")
        assert read_triples(path) == [("a", "b", "c"), ("f", dev, "g")]
        assert texts_of_stage(SimcseSettings(triples=str(path)), "simcse", ground_of(data, [])) == [("a", "b", "c")]
    with pytest.raises(UserError, match=r"other\.csv, line 1: the header has no column 'negative'"):
        (tmp_path / "other.csv").write_text("anchor\tpositive\n1\t2\n", encoding="utf-8")
        read_triples(tmp_path / "other.csv")


def test_the_nli_triples_are_found_in_the_data_folder_or_in_extra_below_it(tmp_path: Path) -> None:
    for place in ("", "extra"):
        data = write_course_files(tmp_path / (place or "plain"))
        (data / place).mkdir(exist_ok=True)
        (data / place / "nli-triplets.csv").write_text("id\tanchor\tpositive\thard_negative\n1\ta\tb\tc\n", encoding="utf-8")
        assert texts_of_stage(SimcseSettings(triples="nli"), "simcse", ground_of(data, [])) == [("a", "b", "c")]
    with pytest.raises(UserError, match=r'^simcse\.triples = "nli" looks for nli-triplets\.csv or extra/nli-triplets\.csv in .*, and neither is there; name a CSV'):
        texts_of_stage(SimcseSettings(triples="nli"), "simcse", ground_of(write_course_files(tmp_path / "none"), []))


def test_the_real_nli_triples_are_all_read(course_data: Path) -> None:
    if (course_data / "extra" / "nli-triplets.csv").exists():
        rows = read_triples(course_data / "extra" / "nli-triplets.csv")
        assert len(rows) == 27_560 and all(len(row) == 3 for row in rows)


def test_texts_held_out_go_with_all_their_copies(generator: torch.Generator) -> None:
    rows = [(f"Text {place % 40}{'!' * (place // 40)}",) for place in range(120)]  # 40 different ones, each in three spellings
    learned, held_out = divide(rows, 0.25, generator)
    assert len(held_out) == 30 and len(learned) == 90 and sorted(learned + held_out) == sorted(rows)
    assert not {same_text(row[0]) for row in learned} & {same_text(row[0]) for row in held_out}
    assert divide(rows, 0.0, generator) == (rows, [])
    with pytest.raises(UserError, match=r"mlm\.held_out = 0\.05 holds out 1 of 19 different texts, expected two or more"):
        divide(rows[:19], 0.05, generator)


def test_texts_without_a_known_word_are_left_out_and_long_ones_cut(data: Path) -> None:
    encoded, kept = encode_texts([("the dog",), ("\U0001f600",), ("the " * 50,)], "mlm", TINY, 16)
    assert kept == [("the dog",), ("the " * 50,)] and encoded.lengths == (4, 16) and encoded.ids == ("0", "2") and encoded.truncated == 1
    with pytest.raises(UserError, match=r"^mlm: there is 1 text to learn from, expected two or more; name others in mlm\.texts\.$"):
        encode_texts([("the dog",), ("\U0001f600",)], "mlm", TINY, 16)


@pytest.mark.parametrize(("content", "sentence"), [
    (b"", r"line 1: the file is empty; expected one text a line"), (b" \n\n", r"the file is empty"),
    (b"good\nb\xff", r"line 2: the byte 0xff is not UTF-8; save the file as UTF-8"),
])
def test_a_file_that_is_no_text_is_one_sentence(content: bytes, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "texts.txt").write_bytes(content)
    with pytest.raises(UserError, match=rf"texts\.txt, {sentence}" if content == b"" else sentence):
        read_lines_of_text(tmp_path / "texts.txt")


def test_a_source_that_is_neither_a_task_nor_a_file_is_told_with_the_nearest(data: Path) -> None:
    with pytest.raises(UserError, match=r'^mlm\.texts names "qoura", which is no task and no file \(.*qoura is not there\); did you mean quora\?$'):
        texts_of_stage(MlmSettings(texts=("qoura",)), "mlm", ground_of(data, []))
    with pytest.raises(UserError, match=r'which is no task and no file .*; give the full path of a text file, or the name of a task\.$'):
        texts_of_stage(MlmSettings(texts=("zzzzzzz.txt",)), "mlm", ground_of(data, []))


@pytest.mark.parametrize(("changes", "sentence"), [
    (["simcse.lr=1e-4"], r"\[simcse\] has settings, but stages\.run does not name simcse"), (["mlm.rate=0.2"], r"\[mlm\] has settings"),
    (["stages.run=simcse", "simcse.head=keep", "simcse.pooling=mean"], r'simcse\.head = "keep" makes the head the pooler'),
    (["stages.run=simcse", "simcse.triples=nli", "simcse.texts=sst"], r'simcse\.triples = "nli" brings its own texts'),
    (["stages.run=simcse", "simcse.hard_weight=1"], r"simcse\.hard_weight = 1\.0 weighs hard negatives"),
    (["stages.run=mlm", "mlm.steps=3", "mlm.epochs=2"], r"mlm\.steps = 3 is the length of the stage, so mlm\.epochs = 2 would not be read"),
    (["stages.run=simcse", "simcse.steps=3", "simcse.epochs=2"], r"simcse\.steps = 3 is the length"),
    (["stages.run=mlm", "mlm.schedule=constant", "mlm.warmup=0.2"], r"mlm\.warmup = 0\.2 belongs to the linear schedule"),
    (["stages.run=simcse", "simcse.schedule=constant", "simcse.warmup=0.2"], r"simcse\.warmup = 0\.2 belongs to the linear schedule"),
    (["stages.run=mlm", "mlm.masked=0.9", "mlm.replaced=0.2"], r"their sum is above 1"),
    (["stages.run=mlm", "mlm.copies=7"], r"mlm\.copies = 7 counts masks that come round again"),
    (["stages.run=mlm", "mlm.most=7"], r"mlm\.most = 7 limits a count"),
    (["stages.run=mlm,mlm"], r"must be a list of stages, each once"), (["stages.run=smcse"], r'stages\.run is \["smcse"\], but must be a list of stages'),
    (["stages.run=mlm", "mlm.texts=[]"], r'mlm\.texts is \[\], but must be "tasks", the name of a task, or a text file'), (["mlm.held_out=0.7"], "a number from 0 to 0.5"),
])
def test_settings_that_cannot_be_are_told_before_anything_is_loaded(changes: list[str], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        load_recipe("practice", changes)


def test_there_is_a_test_for_every_impossible_combination() -> None:
    assert len(STAGE_COMBINATIONS) == 12


def test_a_stage_that_reads_the_course_s_files_or_a_file_needs_their_folder() -> None:
    practice = load_recipe("practice", ["stages.run=mlm"])
    assert not needs_data_folder(practice)
    for texts, needed in ((["quora"], True), (["more.txt"], True), (["/somewhere/more.txt"], False), (["tasks", "practice_sentiment"], False)):
        assert needs_data_folder(dataclasses.replace(practice, mlm=MlmSettings(texts=tuple(texts)))) is needed
    assert needs_data_folder(load_recipe("practice", ["stages.run=simcse", "simcse.triples=nli"]))
