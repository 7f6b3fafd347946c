"""`minbert weights`: what it prints, and with which status it ends."""

from __future__ import annotations

import pytest
import torch
from hub_server import closed_port

from minbert.__main__ import main as minbert_main
from minbert.errors import UserError
from minbert.tiny import tiny_config, tiny_state
from minbert.tokenizer import Tokenizer
from minbert.weights import save_encoder
from minbert.weights_command import build_parser, main


@pytest.fixture(autouse=True)
def _no_network(tmp_path, monkeypatch):
    monkeypatch.setenv("MINBERT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "huggingface"))
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    monkeypatch.setenv("HF_ENDPOINT", closed_port())
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))


def test_list_shows_every_name_with_size_and_place(capsys, tmp_path):
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[::2]] == ["bert-base-uncased", "minilm", "tiny"]
    assert " 441 MB " in lines[0] and f"not here; fetch would put it into {tmp_path / 'cache'}" in lines[1] and "made on the spot" in lines[5]


def test_list_shows_where_weights_lie_that_are_here(capsys, minilm_folder, monkeypatch):
    monkeypatch.setenv("MINBERT_CACHE", str(minilm_folder.parent))
    assert main(["list"]) == 0
    assert f"in {minilm_folder}" in capsys.readouterr().out
    assert main(["check", "minilm"]) == 0
    out = capsys.readouterr().out
    assert "size and sha256 of 2 files are right" in out and "22,713,216 numbers" in out and "30522 pieces" in out


def test_fetch_tiny_makes_a_folder_that_check_accepts(capsys, tmp_path):
    assert main(["fetch", "tiny"]) == 0
    assert capsys.readouterr().out == f"tiny: ready in {tmp_path / 'cache' / 'tiny'}\n"
    assert main(["check", str(tmp_path / "cache" / "tiny")]) == 0
    out = capsys.readouterr().out
    assert "2 layers, C = 32, 4 heads, 55,776 numbers; every name, shape and number is right" in out and "660 pieces" in out


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["fetch", "minilm"], "minbert: no source has model.safetensors and tokenizer.json of minilm (the hub's cache: nothing of it in "),
        (["fetch", "minilmm"], "minbert: 'minilmm' is no folder and no known name, expected bert-base-uncased, minilm, tiny or a folder; did you"),
        (["fetch", "."], "minbert: '.' is a folder, expected a name to fetch: bert-base-uncased, minilm, tiny."),
        (["check", "minilm"], "minbert: minilm is not on this machine, or damaged ("),
        (["check", "."], "holds no config.json"),
    ],
)
def test_failures_are_one_sentence_and_status_2(capsys, tmp_path, monkeypatch, argv, sentence):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert minbert_main(["weights", *argv]) == 2
    printed = capsys.readouterr()
    assert sentence in printed.err and printed.err.count("\n") == 1 and printed.out == ""


def test_the_place_of_a_failure_is_told_to_who_asks(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("MINBERT_DEBUG", "1")
    assert minbert_main(["weights", "check", str(tmp_path)]) == 2
    assert "Traceback" in capsys.readouterr().err


def test_check_reports_heads_and_a_vocabulary_of_the_wrong_size(capsys, tmp_path):
    save_encoder(tmp_path, tiny_config(), tiny_state(), {"cls.seq_relationship.bias": torch.zeros(2)})
    assert main(["check", str(tmp_path)]) == 0
    assert "no vocabulary beside the weights; Tokenizer.save_pretrained writes one" in capsys.readouterr().out
    Tokenizer.from_pretrained("tiny").save_pretrained(tmp_path)
    assert main(["check", str(tmp_path)]) == 0
    assert "1 weights belong to heads and are not loaded: cls.seq_relationship.bias" in capsys.readouterr().out
    (tmp_path / "tokenizer.json").unlink()
    with open(tmp_path / "vocab.txt", "a", encoding="utf-8") as file:
        file.write("unheard\n")
    with pytest.raises(UserError, match=r"the vocabulary has 661 pieces, the weights 660, expected equal numbers\."):
        main(["check", str(tmp_path)])


def test_help_names_every_command_and_every_known_name(capsys):
    for argv, words in [(["--help"], ["list", "fetch", "check", "MINBERT_CACHE", "HF_ENDPOINT"]), (["fetch", "--help"], ["bert-base-uncased", "minilm", "tiny"])]:
        with pytest.raises(SystemExit) as ended:
            build_parser().parse_args(argv)
        out = capsys.readouterr().out
        assert ended.value.code == 0 and all(word in out for word in words)
