"""Everything that can be wrong in a recipe file or after --set is one sentence: where, the key, the value, what was expected, what to try."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from minbert.errors import UserError
from tasks.recipe import load_recipe
from tasks.recipe_reading import KEYS, MEANT, SECTIONS, Override, override_value, parse_override, read_toml


def refused(tmp_path: Path, text: str | bytes) -> str:
    """The sentence for a recipe file with this content, without the path in front."""
    path = tmp_path / "r.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UserError) as caught:
        load_recipe(path)
    sentence = str(caught.value)
    assert sentence.startswith(f"{path}: ") and "\n" not in sentence and sentence[-1] in ".?"
    return sentence.removeprefix(f"{path}: ")


@pytest.mark.parametrize(("text", "sentence"), [
    ("[optimizer]\nlr = 'fast'", 'optimizer.lr is "fast", but must be a number above 0; the default is 1e-05.'),
    ("[optimizer]\nlr = -1e-5", "optimizer.lr is -1e-05, but must be a number above 0; the default is 1e-05."),
    ("[optimizer]\nlr = nan", "optimizer.lr is nan, but must be a number above 0; the default is 1e-05."),
    ("[optimizer]\nlr = true", "optimizer.lr is true, but must be a number above 0; the default is 1e-05."),
    ("[optimizer]\nlr = 1979-05-27", "optimizer.lr is 1979-05-27, but must be a number above 0; the default is 1e-05."),
    ("[optimizer]\nlearning_rate = 1.0", 'there is no setting "optimizer.learning_rate"; did you mean optimizer.lr?'),
    ("[optimizer]\nepsilon = 1.0", 'there is no setting "optimizer.epsilon"; did you mean optimizer.eps?'),
    ("[optimizer]\nbetas = [0.9]", "optimizer.betas is [0.9], but must be two numbers from 0 up to, not including, 1; the default is [0.9, 0.999]."),
    ("[optimizer]\ncorrect_bias = 'True'", 'optimizer.correct_bias is "True", but must be true or false; did you mean true?'),
    ("[sampler]\nname = 'lockstep'", 'sampler.name is "lockstep", but must be one of lock-step, shuffled, round-robin, proportional, square-root, annealed; did you mean lock-step?'),
    ("[sampler]\nbatch_size = 8.0", "sampler.batch_size is 8.0, but must be a whole number from 1 to a billion; the default is 8."),
    ("[sampler]\nbatch_size = true", "sampler.batch_size is true, but must be a whole number from 1 to a billion; the default is 8."),
    ("[data]\nmax_length = 513", "data.max_length is 513, but must be a whole number from 8 to 512; the default is 128."),
    ("[data]\nshare = 0", "data.share is 0, but must be a number above 0, at most 1; the default is 1.0."),
    ("[data]\nlimit = -3", "data.limit is -3, but must be a whole number from 0 to a billion (0 = all); the default is 0."),
    ("[data]\nlimit = 9" + "9" * 60, "data.limit is a whole number of more than 50 digits"),
    ("[model]\nhead_dropout = 1.0", "model.head_dropout is 1.0, but must be a number from 0 up to, not including, 1; the default is 0.3."),
    ("[regularizer]\nname = 'smrat'", 'regularizer.name is "smrat", but must be one of none, smart, smart-mt-dnn, r-drop; did you mean smart?'),
    ("[schedule]\nwarmup = 2", "schedule.warmup is 2, but must be a number from 0 up to, not including, 1; the default is 0.1."),
    ("[training]\nprecision = 'bf-16'", 'training.precision is "bf-16", but must be one of fp32, bf16, fp16; did you mean bf16?'),
    ("seed = 4294967296", "seed is 4294967296, but must be a whole number from 0 to 4294967295; the default is 11711."),
    ("weights = ''", 'weights is "", but must be a name of weights or a folder; the default is "minilm".'),
    ("tasks = []", "tasks is [], but must be a list of one or more different task names; the default is [\"practice_sentiment\""),
    ("tasks = ['sst', 'sst']", 'tasks is ["sst", "sst"], but must be a list of one or more different task names'),
    ("[tasks.mine]\ntrain = 'x'", "tasks is a table with the keys mine, but must be a list of task names; describe a task of your own under [task.mine]."),
    ("tasks = ['mine']\n[tasks.mine]\ntrain = 'x'", "; describe a task of your own under [task.mine], since tasks is the list of names."),
    ("optimizer = 3", "optimizer is 3, but must be a table [optimizer] with keys of its own."),
    ("task = 'sst'", 'task is "sst", but must be a table [task] with keys of its own.'),
    ("[optimiser]\nlr = 1.0", 'there is no setting "optimiser"; did you mean [optimizer]?'),
    ("[zzz]\nlr = 1.0", f'there is no setting "zzz"; the sections are {", ".join(SECTIONS)}, task.NAME, extra.NAME and phase.NAME.'),
    ("epochs = 3", 'there is no setting "epochs"; did you mean training.epochs?'),
    ("qqqq = 3", 'there is no setting "qqqq"; there are name, description, source, weights, tasks, seed, data.*,'),
    ("seed = 1\nseed = 2", "not TOML: cannot overwrite a value (at end of document)."),
    ("seed = ", "not TOML: "),
    ("seed = 1\nlr 5", "not TOML: expected '=' after a key in a key/value pair (at line 2, column 4)."),
    ("seed = " + "[" * 20000, "brackets are nested too deeply for a recipe."),
    (b"seed = 1\nname = '\xff'\n", "line 2 is not UTF-8 text; save the recipe as UTF-8."),
])
def test_a_mistake_in_a_file_is_told_with_file_key_value_and_what_to_try(tmp_path: Path, text: str | bytes, sentence: str) -> None:
    told = refused(tmp_path, text)
    assert sentence in told if sentence.startswith((";", "not TOML")) else told.startswith(sentence)


@pytest.mark.parametrize(("override", "sentence"), [
    ("optimizer.lr", r'--set: got "optimizer\.lr", but KEY=VALUE was expected, for example optimizer\.lr=2e-5\.'),
    ("=3", r'--set: got "=3", but KEY=VALUE was expected, for example optimizer\.lr=2e-5\.'),
    ("lr=1", r'--set: there is no setting "lr"; did you mean optimizer\.lr\?'),
    ("optimizer.lr=fast", r'--set: optimizer\.lr is "fast", but must be a number above 0; the default is 1e-05\.'),
    ("seed=1\nweights=2", r'--set: seed is "1\\nweights=2", but must be a whole number from 0 to 4294967295; the default is 11711\.'),
    ("task.irony=3", r'--set: "task\.irony" names no setting of a task; expected task\.NAME\.KEY, for example task\.irony\.train=irony\.csv\.'),
    ("weights=\udc80", r'--set: weights is "\\udc80", but must be a name of weights or a folder; the default is "minilm"\.'),
    ("optimizer.lr=" + "9" * 5000, r"--set: optimizer\.lr is .*, but must be a number above 0; the default is 1e-05\."),
])
def test_a_mistake_after_set_is_told_in_the_same_way(override: str, sentence: str) -> None:
    with pytest.raises(UserError, match=f"^{sentence}$"):
        load_recipe("practice", [override])


def test_the_option_that_was_typed_is_named() -> None:
    with pytest.raises(UserError, match=r'^--epochs: training\.epochs is "many", but must be a whole number from 1 to a billion; the default is 10\.$'):
        load_recipe("practice", [Override("training.epochs", "many", "--epochs")])


def test_a_number_beyond_a_float_is_refused_and_does_not_overflow(tmp_path: Path) -> None:
    assert "optimizer.lr is a whole number of more than 50 digits" in refused(tmp_path, "[optimizer]\nlr = 1" + "0" * 400)


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="needs a file that may not be read")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "r.toml"
    path.write_text("")
    path.chmod(0)
    with pytest.raises(UserError, match="the recipe cannot be read"):
        load_recipe(path)


def test_a_file_that_vanished_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"gone\.toml: the recipe cannot be read \(No such file or directory\)\.$"):
        read_toml(tmp_path / "gone.toml")


def test_every_synonym_leads_to_a_setting() -> None:
    assert set(MEANT.values()) <= set(KEYS)


def test_an_override_keeps_everything_after_its_first_equals_sign() -> None:
    assert parse_override("data.folder=a=b") == Override("data.folder", "a=b")
    assert override_value(Override("data.folder", "a=b")) == "a=b"
