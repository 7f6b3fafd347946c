"""From options to a recipe: data switches the data, weights the weights, and what cannot be meant is told before anything is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from minbert.errors import UserError
from tasks.commands.choose_recipe import advice, choose_recipe
from tasks.commands.options import parse
from tasks.commands.train_options import train_parser
from tasks.recipe import Recipe, load_recipe


def chosen(*argv: str, data: str = "") -> tuple[Recipe, list[str]]:
    """The recipe for this command line, with MINBERT_DATA set to `data`."""
    return choose_recipe(parse(train_parser(), argv), {"MINBERT_DATA": data})


def refused(*argv: str, data: str = "") -> str:
    """The sentence for this command line."""
    with pytest.raises(UserError) as caught:
        chosen(*argv, data=data)
    return str(caught.value)


def test_without_anything_it_is_the_practice_recipe_unchanged() -> None:
    assert chosen() == (load_recipe("practice"), [])


@pytest.mark.parametrize("way", ["option", "environment"])
def test_course_files_switch_to_the_baseline_with_the_small_model_and_say_so(way: str, tmp_path: Path) -> None:
    recipe, notes = chosen("--data", str(tmp_path)) if way == "option" else chosen(data=str(tmp_path))
    assert recipe == load_recipe("baseline", ["weights=minilm", "optimizer.lr=1e-4", f"data.folder='{tmp_path}'"])
    assert notes == [("Recipe baseline on the course's files with weights minilm and optimizer.lr 1e-4; for the papers' model and rate "
                     "add --weights bert-base-uncased.")]


@pytest.mark.parametrize("weights", [["--weights", "bert-base-uncased"], ["--set", "weights=bert-base-uncased"]])
def test_weights_that_are_asked_for_leave_the_recipe_as_the_paper_has_it(weights: list[str], tmp_path: Path) -> None:
    assert chosen("--data", str(tmp_path), *weights) == (load_recipe("baseline", [f"data.folder='{tmp_path}'"]), [])


def test_a_named_recipe_is_taken_as_it_is_whatever_the_environment_says(tmp_path: Path) -> None:
    assert chosen("practice", data=str(tmp_path))[0] == load_recipe("practice")
    assert chosen("sst", data=str(tmp_path))[0] == load_recipe("sst", [f"data.folder='{tmp_path}'"])


def test_a_folder_in_the_recipe_counts_more_than_the_environment_and_less_than_the_option(tmp_path: Path) -> None:
    own = ("sst", "--set", "data.folder=elsewhere")
    assert chosen(*own, data=str(tmp_path))[0].data.folder == "elsewhere"
    assert chosen(*own, "--data", str(tmp_path))[0].data.folder == str(tmp_path)


def test_a_relative_folder_is_kept_as_a_full_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "it's").mkdir()
    assert chosen("sst", "--data", "it's")[0].data.folder == str(tmp_path / "it's")


def test_every_course_habit_reaches_its_setting(tmp_path: Path) -> None:
    recipe, _ = chosen("sst", "--data", str(tmp_path), "--option", "pretrain", "--epochs", "7", "--lr", "1e-3", "--batch_size", "64",
                       "--hidden_dropout_prob", "0.25", "--seed", "13", "--use_gpu")
    assert recipe.model.fine_tune_mode == "last-linear-layer" and recipe.model.head_dropout == 0.25 and recipe.training.device == "cuda"
    assert (recipe.training.epochs, recipe.optimizer.lr, recipe.sampler.batch_size, recipe.seed) == (7, 1e-3, 64, 13)
    assert chosen("sst", "--data", str(tmp_path), "--option", "finetune")[0].model.fine_tune_mode == "full-model"
    assert chosen("--tasks", "sts,sst", "--data", str(tmp_path))[0].tasks == ("sts", "sst")


def test_an_option_of_its_own_counts_more_than_set() -> None:
    assert chosen("--lr", "1e-3", "--set", "optimizer.lr=5e-3")[0].optimizer.lr == 1e-3


def test_file_options_replace_the_names_in_the_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here.csv").write_text("")
    recipe, _ = chosen("--data", str(tmp_path), "--sst_train", "plain.csv", "--para_dev", "sub/q.csv", "--sts_test", "here.csv")
    assert recipe.task == {"sst": {"train": "plain.csv"}, "quora": {"dev": str(tmp_path / "sub/q.csv")}, "sts": {"test": str(tmp_path / "here.csv")}}


def test_file_options_alone_mean_the_course_and_need_no_folder_when_complete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    recipe, _ = chosen("--tasks", "sst", "--sst_train", "d/t.csv", "--sst_dev", "d/d.csv")
    assert recipe.name == "baseline" and recipe.data.folder == ""
    assert chosen("sst", "--train", "d/t.csv", "--dev", "d/d.csv")[0].task == {"sst": {"train": str(tmp_path / "d/t.csv"), "dev": str(tmp_path / "d/d.csv")}}


def test_what_cannot_be_meant_is_told(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    assert refused("sst") == ("recipe sst trains sst, whose files do not come with minbert; give their folder with --data DIR or in the environment "
                              "variable MINBERT_DATA.")
    assert refused("practice", *data).startswith("--data: recipe practice reads no file from a data folder (it trains practice_sentiment, ")
    assert refused("--data", "nowhere") == ('--data: there is no folder "nowhere"; expected the folder that holds the data files, such as '
                                            "ids-sst-train.csv.")
    assert refused(data="nowhere").startswith('MINBERT_DATA: there is no folder "nowhere"; ')
    assert refused("--data", "").startswith('--data: there is no folder ""; ')
    assert refused("--option", "both") == '--option is "both", but must be pretrain (last-linear-layer) or finetune (full-model).'
    assert refused("--option", "pretrain", "--fine-tune-mode", "full-model") == "--option and --fine-tune-mode set the same thing; give one of them."
    assert refused("--use_gpu", "--device", "cpu") == "--use-gpu and --device set the same thing; give one of them."
    assert refused("--device", "gpu").startswith('--device: training.device is "gpu", but must be one of auto, cpu, cuda, mps; did you mean ')
    assert refused(*data, "--train", "x") == ("--train is for a recipe with a single task, but this one trains sst, quora, sts; say which, for example "
                                              "--sst-train.")
    assert refused("sst", *data, "--para_train", "x") == ("--para-train is about the task quora, but the recipe trains sst; leave it out, or choose "
                                                          "tasks with --tasks.")


@pytest.mark.parametrize(("overrides", "words"), [
    (["weights=minilm"], r"^Note: optimizer\.lr = 1e-05 suits bert-base-uncased; minilm learns much faster with --lr 1e-4\.$"),
    (["optimizer.lr=1e-3"], r"^Note: optimizer\.lr = 0\.001 is large for bert-base-uncased; the papers use --lr 1e-5\.$"),
    (["model.fine_tune_mode=last-linear-layer"], r"^Note: only the heads learn, and optimizer\.lr = 1e-05 is small for that; the course uses --lr 1e-3\.$"),
])
def test_a_rate_that_does_not_suit_the_model_is_pointed_out(overrides: list[str], words: str) -> None:
    (note,) = advice(load_recipe("sst", overrides))
    assert re.search(words, note)


@pytest.mark.parametrize("name", ["practice", "baseline", "sst", "sst-last-linear-layer", "cfimdb", "summed", "course-cross"])
def test_no_built_in_recipe_needs_advice(name: str) -> None:
    assert advice(load_recipe(name)) == []
