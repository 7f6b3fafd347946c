"""Every row of a file is an example, or is counted with its line; a train and a test file are read alike."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tasks_data import QUORA, SST, SST_HEADER, STS, split_of_lengths, write

from minbert.errors import UserError
from tasks.data import Example, describe_counts, read_examples, read_split, take_share
from tasks.registry import PRACTICE_FOLDER, SPLITS, TASKS

PAIR_HEADER = "\tid\tsentence1\tsentence2\tis_duplicate\n"


def test_examples_hold_id_sentences_label_and_line(tmp_path: Path) -> None:
    path = write(tmp_path, PAIR_HEADER + '7\ta1\t One? \t"""Is """"that"""" two?"""\t1.0\n9\tb2\tOne\tTwo\t0.0\n')
    split = read_examples(path, QUORA, split_has_labels=True)
    assert split.examples == (Example("a1", ("One?", 'Is "that" two?'), 1.0, 2), Example("b2", ("One", "Two"), 0.0, 3))
    assert split.counts == {"rows read": 2, "rows kept": 2, "columns ignored": 1, "double quoting undone": 1, "outer white space stripped": 1}


def test_an_empty_label_is_skipped_counted_and_shown_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, PAIR_HEADER + "0\ta\tx\ty\t1.0\n1\tb\tx\ty\t\n2\tc\tx\t\t 0\n3\td\tx\ty\t \n")
    split = read_examples(path, QUORA, split_has_labels=True)
    assert [example.id for example in split.examples] == ["a", "c"] and split.skipped_lines == (3, 5)
    assert describe_counts(split) == ("made-up.csv: 4 rows read, 2 kept, 2 skipped for an empty label (lines 3, 5); columns ignored: 1; "
                                      "rows kept with an empty sentence: 1.")


def test_many_skipped_lines_are_counted_but_not_all_listed(tmp_path: Path) -> None:
    rows = "".join(f"{row}\ti{row}\tx\t{'' if row else 3}\n" for row in range(1003))
    assert "1,002 skipped for an empty label (lines 3, 4, 5, 6, 7, ...)" in describe_counts(read_examples(write(tmp_path, SST_HEADER + rows), SST, True))


def test_without_labels_every_row_is_kept_and_a_label_column_is_not_looked_at(tmp_path: Path) -> None:
    split = read_examples(write(tmp_path, SST_HEADER + "0\ta\tx\t\n1\tb\t\tnonsense\n"), SST, split_has_labels=False)
    assert [(example.texts, example.label) for example in split.examples] == [(("x",), None), (("",), None)]
    assert split.counts["rows kept with an empty sentence"] == 1


def test_a_row_reads_the_same_in_a_train_and_in_a_test_file(tmp_path: Path) -> None:
    sentence = ' """ It \x96 ""was"" 8\xa01\\/2 """ '.replace('"', '""')
    train = write(tmp_path, f'{SST_HEADER}0\ta\t"{sentence}"\t3\n', "train.csv")
    test = write(tmp_path, f'0\t\tid\tsentence\n1\t0.0\ta\t"{sentence}"\n', "test.csv")
    assert read_examples(train, SST, True).examples[0].texts == read_examples(test, SST, False).examples[0].texts


def test_similarity_keeps_its_fraction(tmp_path: Path) -> None:
    path = write(tmp_path, "id,sentence1,sentence2,similarity\na,x,y,3.8\nb,x,y,4.938\n")
    assert [example.label for example in read_examples(path, STS, True).examples] == [3.8, 4.938]


@pytest.mark.parametrize(("rows", "line", "words"), [
    ("0\ta\tx\t3\n1\ta\ty\t3\n", 3, "the id 'a' stands on line 2 already; expected every id once"),
    ("0\ta\tx\t\n1\ta\ty\t3\n", 3, "the id 'a' stands on line 2 already"),
    ("0\t \tx\t3\n", 2, "the id is ' '; expected one line of text that no other row has"),
    ('0\t"a\nb"\tx\t3\n', 2, r"the id is 'a\\nb'; expected one line"),
    ("0\ta\tx\t3\n1\tb\ty\t7\n", 3, "sentiment is '7', but a label of sst is a whole number from 0 to 4"),
    ("0\ta\tx\t\n1\tb\ty\t \n", 2, "the label 'sentiment' is empty here and in every other row"),
])
def test_a_row_that_cannot_be_used_is_refused_with_its_line(tmp_path: Path, rows: str, line: int, words: str) -> None:
    with pytest.raises(UserError, match=words) as caught:
        read_examples(write(tmp_path, SST_HEADER + rows), SST, split_has_labels=True)
    assert f"made-up.csv, line {line}: " in str(caught.value)


def test_a_split_without_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="the task sst has no validation file; it has train, dev, test"):
        read_split(tmp_path, SST, "validation")
    with pytest.raises(UserError, match=r"ids-sst-train.csv: there is no such file"):
        read_split(tmp_path, SST, "train")


@given(st.integers(1, 101), st.floats(0.01, 1), st.integers(0, 53), st.integers(0, 2**31))
def test_a_share_keeps_file_order_and_counts_the_rest(size: int, share: float, limit: int, seed: int) -> None:
    split = split_of_lengths([(1,)] * size)
    part = take_share(split, share, limit, torch.Generator().manual_seed(seed))
    lines = [example.line for example in part.examples]
    assert lines == sorted(set(lines)) and 1 <= len(part) <= (limit or size) and len(part) <= max(1, round(share * size))
    assert part.counts["rows read"] == part.counts["rows kept"] + part.counts.get("rows left out by share or limit", 0)
    again = take_share(split, share, limit, torch.Generator().manual_seed(seed))
    assert again.examples == part.examples


@pytest.mark.parametrize("name", [name for name in TASKS if name.startswith("practice_")])
@pytest.mark.parametrize("split", SPLITS)
def test_the_shipped_practice_files_need_no_repair(name: str, split: str) -> None:
    found = read_split(PRACTICE_FOLDER, TASKS[name], split, split_has_labels=split != "test")
    assert found.counts == {"rows read": len(found), "rows kept": len(found)}
