"""The readers on the course's own files: every count of every quirk, the same pieces as the course's preprocessing, little padding."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import torch

from minbert.tokenizer import Tokenizer
from minbert.vocabulary import from_text_file
from tasks.batching import length_grouped_batches, padding_ratio
from tasks.csv_rows import read_table
from tasks.data import Split, read_split
from tasks.encoding import encode_split
from tasks.registry import TASKS

SPACE, QUOTES, INVISIBLE = "outer white space stripped", "double quoting undone", "invisible characters removed"
CP1252, CONTROL, ODD_SPACE = "stray cp1252 punctuation repaired", "control characters removed", "unusual white space made plain"
IGNORED = "columns ignored"
# (task, split) -> rows read, skipped lines, and everything that was mended
EXPECTED = {
    ("sst", "train"): (8544, (), {IGNORED: 1, SPACE: 8544, ODD_SPACE: 3}),
    ("sst", "dev"): (1101, (), {IGNORED: 1, SPACE: 1101}),
    ("sst", "test"): (2210, (), {IGNORED: 2, SPACE: 2210}),
    ("cfimdb", "train"): (1707, (), {IGNORED: 1, SPACE: 1707, QUOTES: 692, CP1252: 21}),
    ("cfimdb", "dev"): (245, (), {IGNORED: 1, SPACE: 245, QUOTES: 108, CP1252: 1}),
    ("cfimdb", "test"): (488, (), {IGNORED: 2, SPACE: 292, QUOTES: 196, CP1252: 3}),
    ("quora", "train"): (41015, (11662, 12412), {IGNORED: 1, SPACE: 21, QUOTES: 521, INVISIBLE: 8, CONTROL: 2}),
    ("quora", "dev"): (18215, (2319, 12807), {IGNORED: 1, SPACE: 27, QUOTES: 614, INVISIBLE: 4, CONTROL: 2}),
    ("quora", "test"): (1999, (), {IGNORED: 1, SPACE: 6, QUOTES: 79, INVISIBLE: 1}),
    ("sts", "train"): (6040, (), {IGNORED: 1, SPACE: 221, CONTROL: 1}),
    ("sts", "dev"): (863, (), {IGNORED: 1, SPACE: 36}),
    ("sts", "test"): (1725, (), {IGNORED: 1, SPACE: 65}),
}
LABELS = {
    ("sst", "train"): {0: 1092, 1: 2218, 2: 1624, 3: 2322, 4: 1288}, ("sst", "dev"): {0: 139, 1: 289, 2: 229, 3: 279, 4: 165},
    ("cfimdb", "train"): {0: 856, 1: 851}, ("cfimdb", "dev"): {0: 123, 1: 122},
    ("quora", "train"): {0.0: 23462, 1.0: 17551}, ("quora", "dev"): {0.0: 11427, 1.0: 6786},
}


@pytest.fixture(scope="module")
def splits(course_data: Path) -> dict[tuple[str, str], Split]:
    return {(task, split): read_split(course_data, TASKS[task], split, split != "test") for task, split in EXPECTED}


@pytest.fixture(scope="module")
def bert_tokenizer(course_data: Path) -> Tokenizer:
    vocabulary = course_data / "extra" / "bert-base-uncased-vocab.txt"
    if not vocabulary.exists():
        pytest.skip("the course folder has no extra/bert-base-uncased-vocab.txt")
    return Tokenizer(from_text_file(vocabulary))


def test_no_row_is_lost_and_every_repair_is_counted(splits: dict[tuple[str, str], Split]) -> None:
    for key, (read, skipped, mended) in EXPECTED.items():
        split = splits[key]
        told = {"rows read": read, "rows kept": read - len(skipped), **mended}
        assert split.counts == told | ({"rows skipped for an empty label": len(skipped)} if skipped else {}), key
        assert split.skipped_lines == skipped and len(split) == read - len(skipped), key


def test_labels_are_those_of_the_data_sheet(splits: dict[tuple[str, str], Split]) -> None:
    for key, counts in LABELS.items():
        assert Counter(example.label for example in splits[key].examples) == counts, key
    for part, mean, distinct in (("train", 2.613, 158), ("dev", 2.723, 62)):
        labels = [example.label for example in splits["sts", part].examples]
        assert round(sum(labels) / len(labels), 3) == mean and len(set(labels)) == distinct and (min(labels), max(labels)) == (0.0, 5.0)
    assert {example.label for split in ("sst", "cfimdb", "quora", "sts") for example in splits[split, "test"].examples} == {None}


@pytest.mark.parametrize(("task", "split", "starting", "undone"), [("quora", "train", 536, 521), ("quora", "dev", 616, 614), ("quora", "test", 79, 79)])
def test_rows_that_start_with_a_quote_are_undone_or_left_for_a_reason(course_data, splits, task, split, starting, undone) -> None:
    """The rest are the rows with an unpaired quote (empty label) and, in blocks that were quoted once, sentences that are quotations."""
    table = read_table(course_data / TASKS[task].files[split], TASKS[task].columns)
    assert sum(any(cell.startswith('"') for cell in cells) for _, cells in table.rows) == starting
    kept = sum(any(text.startswith('"') for text in example.texts) for example in splits[task, split].examples)
    assert splits[task, split].counts[QUOTES] == undone and kept >= starting - undone - len(splits[task, split].skipped_lines)


def test_quotations_of_sts_are_left_alone(course_data: Path, splits: dict[tuple[str, str], Split]) -> None:
    raw = {line: cells for line, cells in read_table(course_data / "sts-train.csv", TASKS["sts"].columns).rows}
    starting = [example for example in splits["sts", "train"].examples if any(text.startswith('"') for text in example.texts)]
    assert starting[0].line == 25 and all(tuple(cell.strip() for cell in raw[example.line]) == example.texts for example in starting)


def test_no_oddity_is_left_in_any_sentence(splits: dict[tuple[str, str], Split]) -> None:
    texts = [text for split in splits.values() for example in split.examples for text in example.texts]
    assert not [text for text in texts if text != text.strip() or any(ord(letter) < 32 or 127 <= ord(letter) < 161 for letter in text)]
    first = splits["cfimdb", "test"].examples[2].texts[0]  # written and read twice over
    assert first.startswith('" Only one thing') and first.endswith('"') and '""' not in first


def course_preprocessing(text: str) -> str:
    """What the course's code does to a sentence before tokenising it."""
    spaced = text.lower()
    for mark in ".?,'":
        spaced = spaced.replace(mark, " " + mark)
    return " ".join(spaced.split())


def test_the_courses_preprocessing_changes_no_word_piece(splits: dict[tuple[str, str], Split], bert_tokenizer: Tokenizer) -> None:
    for task, step in (("sst", 1), ("quora", 7), ("sts", 1)):  # a seventh of Quora is 5,204 questions, and all of it takes seconds
        texts = [text for example in splits[task, "dev"].examples[::step] for text in example.texts]
        assert bert_tokenizer.pieces(texts) == bert_tokenizer.pieces([course_preprocessing(text) for text in texts]), task


def test_the_reviews_fit_into_bert_once_their_quoting_is_undone(course_data: Path, splits, bert_tokenizer: Tokenizer) -> None:
    too_long = []
    for part in ("train", "dev", "test"):
        raw = [cells[0] for _, cells in read_table(course_data / TASKS["cfimdb"].files[part], ("sentence",)).rows]
        too_long.append(sum(len(pieces) > 510 for pieces in bert_tokenizer.pieces(raw)))
        encoded = encode_split(splits["cfimdb", part], bert_tokenizer, TASKS["cfimdb"], max_length=512)
        assert encoded.truncated == 0 and max(encoded.lengths) < 512
    assert too_long == [1, 0, 2]


@pytest.mark.parametrize(("task", "pairs", "random", "grouped"), [("sst", "siamese", 1.6, 1.03), ("sts", "cross", 1.8, 1.04)])
def test_grouping_by_length_leaves_little_padding(splits, bert_tokenizer, task: str, pairs: str, random: float, grouped: float) -> None:
    encoded = encode_split(splits[task, "train"], bert_tokenizer, TASKS[task], pairs=pairs)
    plain, short = (padding_ratio(encoded, length_grouped_batches(encoded.lengths, 8, window, torch.Generator().manual_seed(0))) for window in (1, 50))
    assert plain > random and short < grouped


def test_what_the_cosine_heads_make_of_the_similarity_labels(splits: dict[tuple[str, str], Split]) -> None:
    """A head stuck at an end of its sigmoid, the labels on the threshold of 2.5, and what is left of a label that becomes one bit."""
    labels = torch.tensor([float(example.label) for example in splits["sts", "train"].examples], dtype=torch.float64)
    assert round(float((labels - 5).square().mean()), 2) == 7.91 and round(float(labels.square().mean()), 2) == 9.04
    assert int((labels == 2.5).sum()) == 39
    assert round(float(torch.corrcoef(torch.stack([labels, (labels > 2.5).double()]))[0, 1]), 3) == 0.865
