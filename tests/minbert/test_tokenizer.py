"""Token ids are those of transformers' BertTokenizer; texts never depend on neighbours; wrong input is told in a sentence."""

from __future__ import annotations

import csv
import re

import pytest
import torch

from minbert import vocabulary
from minbert.errors import UserError
from minbert.tokenizer import Tokenizer
from minbert.vocabulary import from_json_file, from_text_file, from_vocabulary

AWKWARD = [
    "", " ", "Hello world", "hello  WORLD\t\n", "naïve Ünïcödé", "漢字 and かな", "don't--stop...", "[MASK] [SEP] [mask] [CLS]x", "a\u00a0b\u200bc\u00adend",
    "x" * 100, "x" * 101, "\x00\x12\x7f\ufffd", "\u0130stanbul \ufb01ne \u1e9e", "1,000.50$ #tag @you http://a.b/c?d=e", "``quotes'' \u201cquotes\u201d \u2026",
    "\U0001d400\U0001d401 \u0e20\u0e32\u0e29\u0e32", "##bed em##bed", "e\u0301 \u00e9",
]  # fmt: skip


@pytest.fixture(scope="module")
def tiny():
    return Tokenizer.from_pretrained("tiny")


@pytest.fixture(scope="module")
def released(course_data):
    """Our tokenizer over the released vocabulary, and transformers'."""
    transformers = pytest.importorskip("transformers")
    path = course_data / "extra" / "bert-base-uncased-vocab.txt"
    return Tokenizer(from_text_file(path)), transformers.BertTokenizer(vocab=str(path))


def rows_of(path):
    """Every text of a data file: (single sentences, pairs)."""
    if path.suffix == ".txt":
        return [line for line in path.read_text(encoding="utf-8").split("\n") if line], []
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    columns = [name for name in ("sentence", "sentence1", "sentence2", "premise", "hypothesis", "anchor", "positive", "hard_negative") if name in rows[0]]
    if len(columns) == 1:
        return [row[columns[0]] for row in rows], []
    pairs = [(row[columns[0]], row[other]) for row in rows for other in columns[1:]]
    return [text for pair in pairs for text in pair], pairs


def differing(released, singles, pairs, most=2048):
    """Texts on which ids, masks or token types differ from transformers': ours through pieces + assemble."""
    ours, theirs = released
    wrong = []
    for start in range(0, len(singles), most):
        batch = singles[start : start + most]
        expected = theirs(batch, truncation=True, max_length=512)
        got = [ours.assemble(ids) for ids in ours.pieces(batch)]
        wrong += [text for text, (ids, types), a, b in zip(batch, got, expected["input_ids"], expected["token_type_ids"]) if (ids, types) != (a, b)]
    for start in range(0, len(pairs), most):
        firsts, seconds = (list(side) for side in zip(*pairs[start : start + most]))
        expected = theirs(firsts, seconds, truncation=True, max_length=512)
        got = [ours.assemble(a, b) for a, b in zip(ours.pieces(firsts), ours.pieces(seconds))]
        wrong += [
            pair for pair, (ids, types), a, b in zip(zip(firsts, seconds), got, expected["input_ids"], expected["token_type_ids"]) if (ids, types) != (a, b)
        ]
    return wrong


def data_files(course_data):
    return sorted([*course_data.glob("*.csv"), *(course_data / "extra").glob("*.csv"), *(course_data / "extra").rglob("*.txt")])


def test_reference_ids_of_the_course(released):
    ours, _ = released
    assert ours(["hello world"]).input_ids.tolist() == [[101, 7592, 2088, 102]]
    assert ours(["Hello Neural  network for NLP"]).input_ids.tolist() == [[101, 7592, 15756, 2897, 2005, 17953, 2361, 102]]


def test_awkward_text_has_the_ids_of_both_tokenizers_of_transformers(released, course_data):
    """The second one is their older pure-Python tokenizer, which shares no code with ours."""
    legacy = pytest.importorskip("transformers.models.bert.tokenization_bert_legacy")
    older = legacy.BertTokenizerLegacy(str(course_data / "extra" / "bert-base-uncased-vocab.txt"))
    assert differing(released, AWKWARD, [(a, b) for a in AWKWARD for b in AWKWARD[:5]]) == []
    assert [released[0].assemble(ids)[0] for ids in released[0].pieces(AWKWARD)] == [older(text)["input_ids"] for text in AWKWARD]


def test_a_sample_of_the_course_data_has_the_ids_of_transformers(released, course_data):
    files = data_files(course_data)
    assert len(files) >= 25
    for path in files:
        singles, pairs = rows_of(path)
        step = max(1, len(singles) // 60)
        assert differing(released, singles[::step], pairs[::step]) == [], path.name


@pytest.mark.slow
def test_all_course_data_has_the_ids_of_transformers(released, course_data):
    total_singles = total_pairs = 0
    for path in data_files(course_data):
        singles, pairs = rows_of(path)
        assert differing(released, singles, pairs) == [], path.name
        total_singles, total_pairs = total_singles + len(singles), total_pairs + len(pairs)
    print(f"{total_singles} sentences and {total_pairs} pairs have identical ids")
    assert total_singles > 0 and total_pairs > 0


def test_the_released_json_gives_the_same_ids_as_the_text_file_and_cuts_nothing(released, minilm_folder):
    """The released tokenizer.json carries truncation and padding to 128, which must not survive."""
    from_json = Tokenizer(from_json_file(minilm_folder / "tokenizer.json"))
    texts = [*AWKWARD, "word " * 300]
    assert from_json.pieces(texts) == released[0].pieces(texts)
    assert len(from_json.pieces(["word " * 300])[0]) == 300


def test_a_batch_is_padded_masked_and_typed(tiny):
    encoding = tiny(["a film", "good"], ["no", "it was good"])
    cls, sep, pad = tiny.cls_id, tiny.sep_id, tiny.pad_id
    a, film, no, good, it, was = (tiny.pieces([word])[0][0] for word in ("a", "film", "no", "good", "it", "was"))
    assert encoding.input_ids.tolist() == [[cls, a, film, sep, no, sep, pad], [cls, good, sep, it, was, good, sep]]
    assert encoding.attention_mask.tolist() == [[1, 1, 1, 1, 1, 1, 0], [1] * 7]
    assert encoding.token_type_ids.tolist() == [[0, 0, 0, 0, 1, 1, 0], [0, 0, 0, 1, 1, 1, 1]]
    assert all(encoding[name].dtype == torch.int64 for name in encoding)
    assert dict(**encoding).keys() == {"input_ids", "attention_mask", "token_type_ids"}


def test_a_text_has_the_same_pieces_alone_and_in_company(tiny):
    texts = ["a film", "", "the worst film ever made", "x"]
    together = tiny(texts)
    for row, text in enumerate(texts):
        alone = tiny([text]).input_ids[0]
        length = int(together.attention_mask[row].sum())
        assert torch.equal(together.input_ids[row, :length], alone)
        assert tiny(texts[::-1]).input_ids[len(texts) - 1 - row, :length].tolist() == alone.tolist()


@pytest.mark.parametrize("truncation", ["longest-first", "head+tail"])
@pytest.mark.parametrize("seconds", [None, ["the end of it " * 90]])
def test_truncation_keeps_every_special_token_and_fills_the_length(tiny, truncation, seconds):
    ids = tiny(["good bad " * 200], seconds, max_length=307, truncation=truncation).input_ids[0].tolist()
    count = 1 if seconds is None else 2
    assert len(ids) == 307 and ids[0] == tiny.cls_id and ids[-1] == tiny.sep_id and ids.count(tiny.sep_id) == count


def test_head_and_tail_keeps_the_beginning_and_the_end(tiny):
    (pieces,) = tiny.pieces(["good " * 128 + "film " * 300 + "bad " * 50])
    ids, _ = tiny.assemble(pieces, max_length=180, truncation="head+tail")
    good, bad = pieces[0], pieces[-1]
    assert ids == [tiny.cls_id, *[good] * 128, *[bad] * 50, tiny.sep_id]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("a film",), "firsts is one string, expected a list of strings: put it in brackets, ['a film']."),
        ((["a"], "b"), "seconds is one string, expected a list of strings"),
        ((["a", 7],), "firsts[1] is int (7), expected a string."),
        ((["a", None],), "firsts[1] is NoneType (None), expected a string."),
        (({"a": 1},), "firsts is dict, expected a list of strings."),
        ((["a", "b"], ["c"]), "got 2 first sentences and 1 second ones, expected one second for each first."),
        (([],), "got an empty list of texts, expected at least one."),
        ((["a \ud800"],), "firsts[0] holds a lone surrogate, half of a broken character: decode the file as UTF-8."),
        ((["a"], None, 2), "max_length=2 is too short for a sentence"),
        ((["a"], ["b"], 4), "max_length=4 is too short for a pair"),
        ((["a"], None, 9, "tail"), "truncation='tail' is unknown, expected one of longest-first, head+tail"),
    ],
)
def test_wrong_input_is_told_in_one_sentence(tiny, arguments, sentence):
    with pytest.raises(UserError, match=re.escape(sentence)):
        tiny(*arguments)


def test_an_id_outside_the_vocabulary_is_told(tiny):
    for wrong in (tiny.vocab_size, -1):
        with pytest.raises(UserError, match=rf"id {wrong} is not in the vocabulary, expected 0 to {tiny.vocab_size - 1}\."):
            tiny.tokens([101, wrong])


def test_a_saved_tokenizer_opens_here_and_in_transformers(tiny, tmp_path):
    tiny.save_pretrained(tmp_path / "saved")
    again = Tokenizer.from_pretrained(tmp_path / "saved")
    assert again.pieces(AWKWARD) == tiny.pieces(AWKWARD)
    (tmp_path / "saved" / "tokenizer.json").unlink()
    assert Tokenizer.from_pretrained(str(tmp_path / "saved")).pieces(AWKWARD) == tiny.pieces(AWKWARD)


def test_transformers_opens_what_we_save(tiny, tmp_path):
    transformers = pytest.importorskip("transformers")
    tiny.save_pretrained(tmp_path)
    theirs = transformers.AutoTokenizer.from_pretrained(tmp_path)
    assert [theirs(text)["input_ids"] for text in AWKWARD] == [tiny.assemble(ids)[0] for ids in tiny.pieces(AWKWARD)]


def test_a_cased_folder_stays_cased(tmp_path):
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "Film", "film"]
    (tmp_path / "vocab.txt").write_text("\r\n".join(pieces), encoding="utf-8", newline="")  # no line end at the end, as some tools write it
    assert Tokenizer.from_pretrained(tmp_path).pieces(["Film"]) == [[6]]
    (tmp_path / "tokenizer_config.json").write_text('{"do_lower_case": false}')
    cased = Tokenizer.from_pretrained(tmp_path)
    assert cased.pieces(["Film film"]) == [[5, 6]]
    cased.save_pretrained(tmp_path / "again")
    assert Tokenizer.from_pretrained(tmp_path / "again").pieces(["Film film"]) == [[5, 6]]


def test_damaged_vocabularies_are_told(tmp_path):
    with pytest.raises(UserError, match="holds neither tokenizer.json nor vocab.txt, expected one of them"):
        Tokenizer.from_pretrained(tmp_path)
    with pytest.raises(UserError, match=r"the vocabulary has no \[CLS\] \[MASK\], expected all of"):
        from_vocabulary(["[PAD]", "[UNK]", "[SEP]", "a"])
    text = tmp_path / "vocab.txt"
    text.write_text("[PAD]\na\nb\na\n")
    with pytest.raises(UserError, match=r"vocab\.txt, line 4: 'a' stands in line 2 already"):
        from_text_file(text)
    text.write_bytes(b"\xff\xfe")
    with pytest.raises(UserError, match=r"vocab\.txt cannot be read as UTF-8 text"):
        from_text_file(text)
    (tmp_path / "tokenizer.json").write_text("{")
    with pytest.raises(UserError, match=r"tokenizer\.json cannot be read as a tokenizer \(.*\); fetch it again, or remove it to use vocab\.txt\."):
        Tokenizer.from_pretrained(tmp_path)
    (tmp_path / "tokenizer.json").unlink()
    (tmp_path / "tokenizer_config.json").write_text("[]")
    with pytest.raises(UserError, match=r"tokenizer_config\.json cannot be read as a JSON object"):
        Tokenizer.from_pretrained(tmp_path)


def test_another_kind_of_tokenizer_is_told(tmp_path):
    from tokenizers import Tokenizer as Backend
    from tokenizers import models

    Backend(models.BPE()).save(str(tmp_path / "tokenizer.json"))
    with pytest.raises(UserError, match=r"tokenizer\.json holds a BPE tokenizer, expected WordPiece, which BERT uses\."):
        vocabulary.from_json_file(tmp_path / "tokenizer.json")
