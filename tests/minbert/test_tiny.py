"""`tiny` is the same everywhere, and can say anything."""

from __future__ import annotations

import hashlib

import pytest
import torch

from minbert.bert import Bert
from minbert.tiny import tiny_config, tiny_state, tiny_vocabulary, write_tiny
from minbert.tokenizer import Tokenizer


def test_the_numbers_and_the_words_never_change():
    """Pinned: a changed number here changes what everybody sees who follows a page of the documentation."""
    numbers = hashlib.sha256()
    for name, tensor in tiny_state().items():
        numbers.update(name.encode() + tensor.numpy().tobytes())
    assert numbers.hexdigest()[:16] == "f262789f5ee396dd"
    assert hashlib.sha256("\n".join(tiny_vocabulary()).encode()).hexdigest()[:16] == "d07d97fde42ce635"


def test_writing_it_twice_gives_the_same_bytes(tmp_path):
    first, second = write_tiny(tmp_path / "a"), write_tiny(tmp_path / "b")
    assert [path.read_bytes() for path in sorted(first.iterdir())] == [path.read_bytes() for path in sorted(second.iterdir())]


def test_special_tokens_stand_where_the_real_vocabulary_has_them():
    vocabulary = tiny_vocabulary()
    assert {i: vocabulary[i] for i in (0, 100, 101, 102, 103)} == {0: "[PAD]", 100: "[UNK]", 101: "[CLS]", 102: "[SEP]", 103: "[MASK]"}
    assert len(set(vocabulary)) == len(vocabulary) == tiny_config().vocab_size


def test_every_printable_ascii_text_has_pieces_and_no_unknowns():
    tokenizer = Tokenizer.from_pretrained("tiny")
    everything = "".join(map(chr, range(32, 127)))
    for text in (everything, everything[::-1], "zyzzyva", "A1b2-C3"):
        (ids,) = tokenizer.pieces([text])
        assert tokenizer.unk_id not in ids
        assert "".join(tokenizer.tokens(ids)).replace("##", "") == text.lower().replace(" ", "")


def test_every_weight_takes_part():
    """All numbers differ from the values that would hide a mistake: no zero bias, no gain of one."""
    for name, tensor in tiny_state().items():
        assert tensor.std() > 0.05, name
        centre = 1.0 if name.endswith("norm.weight") else 0.0
        assert (tensor - centre).abs().max() <= 0.25, name


def test_from_memory_and_from_files_are_the_same_model(tmp_path):
    folder = write_tiny(tmp_path / "tiny")
    here, there = Bert.from_pretrained("tiny"), Bert.from_pretrained(folder)
    assert here.config == there.config
    for (name, ours), theirs in zip(here.state_dict().items(), there.state_dict().values()):
        assert torch.equal(ours, theirs), name
    text = ["The film was wonderful & strange (7/10)."]
    assert torch.equal(Tokenizer.from_pretrained("tiny")(text).input_ids, Tokenizer.from_pretrained(folder)(text).input_ids)


@pytest.mark.parametrize("spelling", ["tiny", "./tiny"])
def test_a_folder_of_that_name_is_meant_by_its_path_only(tmp_path, monkeypatch, spelling):
    monkeypatch.chdir(tmp_path)
    Bert(tiny_config().replace(num_hidden_layers=3)).save_pretrained("./tiny")
    assert Bert.from_pretrained(spelling).config.num_hidden_layers == {"tiny": 2, "./tiny": 3}[spelling]
