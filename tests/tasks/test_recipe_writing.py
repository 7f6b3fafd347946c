"""Written and read again, a recipe is the same to the last bit, whatever letters and numbers are in it."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minbert.errors import UserError
from tasks.recipe import Recipe, built_in_recipes, load_recipe, recipe_from_table, to_toml
from tasks.recipe_reading import KEYS, SECTIONS, tomllib
from tasks.recipe_writing import toml_value

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
POSITIVE = st.floats(min_value=0, max_value=1, exclude_min=True, allow_subnormal=True) | st.floats(min_value=1, max_value=1e300)
RATES = st.floats(min_value=0, max_value=1, exclude_max=True)
SHARES = st.floats(min_value=0, max_value=1, exclude_min=True)
# Settings whose rule is narrower than the type of their default.
NARROW: dict[str, st.SearchStrategy[Any]] = {
    "name": st.text(min_size=1, max_size=9).filter(lambda text: text.isprintable()), "weights": TEXTS.filter(bool), "seed": st.integers(0, 2**32 - 1),
    "tasks": st.permutations(["sst", "sts", "quora", "mine"]).map(tuple), "data.max_length": st.integers(300, 512), "data.share": SHARES,
    "optimizer.layer_decay": SHARES, "optimizer.betas": st.tuples(RATES, RATES), "schedule.warmup": RATES,
    "model.heads": st.just(("sts=cosine-2d+1",)), "model.head_dropouts": st.just(("sts=0.9", "mine=0")), "optimizer.unfreeze_layers": st.integers(1, 100), "model.cosine_margin": RATES, "sampler.times": st.integers(1, 1000), "regularizer.steps": st.integers(0, 100),
    "bregman.momentum": SHARES, "bregman.late_momentum": SHARES, "bregman.switch": SHARES,
    "model.head_dropout": RATES, "model.hidden_dropout": RATES, "model.attention_dropout": RATES,
}
BY_TYPE = {bool: st.booleans(), int: st.integers(1, 10**9), float: POSITIVE, str: TEXTS}

def values_of(key: str) -> st.SearchStrategy[Any]:
    """Every value that the setting may have."""
    choices = KEYS[key].metadata["rule"].choices
    by_type = BY_TYPE.get(type(KEYS[key].default), st.just(KEYS[key].default))
    return st.sampled_from(choices) if choices and by_type is not BY_TYPE[bool] else NARROW.get(key, by_type)


@st.composite
def recipes(draw: st.DrawFn) -> Recipe:
    """Any recipe that can be: of settings that cannot meet, one is left out."""
    drawn = {key: draw(values_of(key)) for key in KEYS if draw(st.booleans()) or key == "data.max_length"}
    drawn |= {"tasks": ("mine", "sts"), "regularizer.weight": 0.0}
    own = {"mine": {"train": draw(TEXTS.filter(str.strip)), "columns": ["a", "b"], "label": "c", "kind": "regression", "label_range": [-0.5, draw(RATES)]}}
    while True:
        try:
            sections = {name: kind(**{key.split(".")[1]: value for key, value in drawn.items() if key.startswith(f"{name}.")}) for name, kind in SECTIONS.items()}
            return Recipe(**{key: value for key, value in drawn.items() if "." not in key}, **sections, task=own)
        except UserError as error:  # about one setting out of range, or two that meet: whatever the sentence names goes, until nothing is said
            settings_named, sections_named = re.findall(r"\w+\.\w+", str(error)), re.findall(r"\[(\w+)\]", str(error))
            kept = {key: value for key, value in drawn.items() if key not in settings_named and key.split(".")[0] not in sections_named}
            assert len(kept) < len(drawn), error
            drawn = kept


@settings(max_examples=150, deadline=None)
@given(recipes())
def test_any_recipe_written_and_read_again_is_the_same(recipe: Recipe) -> None:
    again = recipe_from_table(tomllib.loads(to_toml(recipe)))
    assert again == recipe
    assert repr(again) == repr(recipe)  # types as well: 1 and 1.0 are equal, and so are 0.0 and -0.0


@pytest.mark.parametrize("name", built_in_recipes())
def test_every_built_in_recipe_survives_a_file(name: str, tmp_path: Path) -> None:
    path = tmp_path / "again.toml"
    path.write_text(to_toml(load_recipe(name)), encoding="utf-8")
    assert load_recipe(path) == load_recipe(name)


def test_a_written_recipe_names_every_setting_with_its_comment() -> None:
    lines = to_toml(Recipe()).splitlines()
    for key, field in KEYS.items():
        name = key.rpartition(".")[2]
        assert any(line.startswith(f"{name} = ") and line.endswith(f"# {field.metadata['comment']}") for line in lines), key


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_any_text_is_one_line_of_toml(text: str) -> None:
    line = f"value = {toml_value(text)}"
    assert tomllib.loads(line) == {"value": text}
    assert not set(line) & set("\n\r\t\x00\x7f")


@settings(max_examples=100, deadline=None)
@given(st.text(string.printable, max_size=8), st.integers())
def test_any_key_of_a_task_table_is_quoted_where_it_must_be(key: str, value: int) -> None:
    assert tomllib.loads(to_toml(Recipe(task={"x": {key: value}})))["task"] == {"x": {key: value}}


def test_a_table_inside_a_table_is_written_on_one_line() -> None:
    assert toml_value({"a": [1, 2.5, True], "b c": "x"}) == '{a = [1, 2.5, true], "b c" = "x"}'


def test_what_toml_cannot_hold_is_told() -> None:
    with pytest.raises(UserError, match="^a recipe cannot hold None; expected a text, a number, true or false, or a list of those.$"):
        toml_value(None)
