"""`minbert pretrain`: which recipe the options make, what is refused, and a whole run of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from minbert.bert import Bert
from minbert.errors import UserError
from minbert.tokenizer import Tokenizer
from tasks.commands.options import parse
from tasks.commands.pretrain import chosen, main, pretrain_parser
from tasks.recipe import Recipe


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MINBERT_DATA", raising=False)


def recipe_of(*argv: str) -> Recipe:
    return chosen(parse(pretrain_parser(), argv))


def test_options_become_settings_of_the_stages_that_run(tmp_path: Path) -> None:
    (tmp_path / "novels.txt").write_text("a text\n", encoding="utf-8")
    recipe = recipe_of("--stages", "mlm,simcse", "--texts", "novels.txt,practice_sentiment", "--weights", "tiny", "--seed", "3", "--set", "simcse.batch_size=7")
    assert recipe.stages.run == ("mlm", "simcse") and recipe.weights == "tiny" and recipe.seed == 3
    assert recipe.mlm.texts == recipe.simcse.texts == (str(tmp_path / "novels.txt"), "practice_sentiment") and recipe.simcse.batch_size == 7
    assert recipe_of("--set", "stages.run=mlm", "--texts", "tasks").mlm.texts == ("tasks",)


def test_a_recipe_brings_its_own_stages(tmp_path: Path) -> None:
    recipe = recipe_of("mlm-quora", "--data", str(tmp_path))
    assert recipe.stages.run == ("mlm",) and recipe.mlm.texts == ("quora",) and recipe.mlm.steps == 66_000 and recipe.data.folder == str(tmp_path)


@pytest.mark.parametrize(("argv", "sentence"), [
    ([], r"^recipe practice has no stage before its tasks, so there is nothing to pretrain; say --stages simcse or --stages mlm\.$"),
    (["--stages", "smcse"], r'^--stages: stages\.run is \["smcse"\], but must be a list of stages, each once: mlm, simcse'),
    (["--stages", "mlm", "--texts", "."], r'^--texts: "\." is a folder, and no task is called so; give text files with one text a line\.$'),
    (["--stages", "mlm", "--texts", "nowhere.txt"], r'^--texts: there is no file "nowhere\.txt", and no task is called so; give text files with one text a line\.$'),
    (["--stages", "mlm", "--texts", "qora"], r'no task is called so; did you mean quora\?$'),
    (["--stages", "mlm", "--texts", ","], r'^--texts is ",", expected text files with one text a line, or names of tasks, with commas\.$'),
    (["--lr", "3"], r"^minbert pretrain has no option --lr; say --set mlm\.lr=VALUE or simcse\.lr=VALUE\.$"),
    (["--temperature=1"], r"has no option --temperature; say --set simcse\.temperature=VALUE\.$"),
    (["--resume", "nowhere"], r'^--resume: "nowhere" is no run folder'), (["--resume", "x", "--stages", "mlm"], r"so --stages cannot be given with it"),
    (["simcse"], r"whose files do not come with minbert; give their folder with --data"),
])
def test_mistakes_are_one_sentence(argv: list[str], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        main(argv)


def test_a_whole_run_ends_with_a_folder_that_can_be_named_as_weights(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "texts.txt").write_text("".join(f"the good dog of day {number}\n" for number in range(20)), encoding="utf-8")
    argv = ["--stages", "simcse", "--texts", "texts.txt", "--weights", "tiny", "--set", "data.limit=20", "--set", "data.dev_limit=20"]
    assert main([*argv, "--show"]) == 0 and not os.path.exists("runs")
    assert '[stages]\nrun = ["simcse"]' in capsys.readouterr().out
    assert main(argv) == 0
    out = capsys.readouterr().out
    encoder = tmp_path / "runs" / "practice-encoder" / "encoders" / "simcse"
    assert "Stage simcse: 1 step over 20 texts." in out and out.rstrip().endswith("Go on with it: minbert train RECIPE --weights runs/practice-encoder/encoders/simcse")
    assert "simcse, step 1 of 1: practice_similarity pearson" in out
    ids = Tokenizer.from_pretrained(encoder)(["the good dog"])
    assert Bert.from_pretrained(encoder)(**ids).pooler_output.shape == (1, 32)
    assert main(["--resume", "runs/practice-encoder"]) == 0  # finished already: says again where the encoder lies
    assert main(argv) == 0 and (tmp_path / "runs" / "practice-encoder-2").is_dir()


@pytest.mark.parametrize(("stages", "content", "settings", "sentence"), [
    ("mlm", b"", [], r"texts\.txt, line 1: the file is empty; expected one text a line\.$"),
    ("mlm", b"alone\n", [], r"^mlm: there is 1 text to learn from, expected two or more; name others in mlm\.texts\.$"),
    ("mlm", b"a\nb\0\n", [], r"texts\.txt, line 2: there is a NUL byte; expected plain UTF-8 text, so this may be another kind of file\.$"),
    ("mlm", b"a\nb\nc\nd\n", ["mlm.held_out=0.25"], r"^mlm\.held_out = 0\.25 holds out 1 of 4 different texts, expected two or more"),
    ("mlm,simcse", b"anchor\tpositive\na\tb\n", ["simcse.triples=texts.txt", "mlm.texts=practice_sentiment", "mlm.held_out=0"], r"texts\.txt, line 1: the header has no column 'negative'"),
    ("mlm,simcse", b"anchor\tpositive\tnegative\na\t\tc\n", ["simcse.triples=texts.txt", "mlm.texts=practice_sentiment", "mlm.held_out=0"],
     r"^simcse: there are no triples to learn from, expected two or more; name others in simcse\.triples\.$"),
])
def test_texts_that_cannot_be_learned_from_are_told_before_anything_is_written(stages: str, content: bytes, settings: list[str], sentence: str, tmp_path: Path) -> None:
    """Those of a second stage too: hours of the first may lie between."""
    (tmp_path / "texts.txt").write_bytes(content)
    texts = [] if "," in stages else ["--texts", "texts.txt"]
    changes = [word for each in (*settings, "data.limit=20", "data.dev_limit=20") for word in ("--set", each.replace("=texts.txt", f"={tmp_path / 'texts.txt'}"))]
    with pytest.raises(UserError, match=sentence):
        main(["--stages", stages, *texts, "--weights", "tiny", *changes])
    assert not list((tmp_path / "runs").glob("*"))
