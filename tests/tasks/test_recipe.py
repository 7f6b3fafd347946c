"""Recipes by name and by path: each built-in one loads and is what it claims, and every change is the one that was asked for."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

from minbert.errors import UserError
from tasks.recipe import Override, Recipe, built_in_recipes, load_recipe, recipe_from_table, to_toml

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", built_in_recipes())
def test_every_built_in_recipe_loads_and_says_what_it_is_and_where_it_comes_from(name: str) -> None:
    recipe = load_recipe(name)
    assert recipe.name == name
    assert recipe.description.endswith(".") and recipe.source.endswith(".")


def test_the_built_in_recipes_are_those_of_the_page() -> None:
    page = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
    assert next(iter(built_in_recipes())) == "practice"
    assert [name for name in built_in_recipes() if f"`{name}`" not in page] == []


def test_the_baseline_is_the_one_of_the_paper() -> None:
    recipe = load_recipe("baseline")
    assert recipe.tasks == ("sst", "quora", "sts") and recipe.weights == "bert-base-uncased" and recipe.seed == 11711
    assert (recipe.sampler.name, recipe.sampler.batch_size, recipe.sampler.iterations) == ("lock-step", 8, 0)
    assert (recipe.update.name, recipe.optimizer.lr, recipe.training.epochs) == ("separate", 1e-5, 10)
    assert (recipe.model.pairs, recipe.model.pair_features, recipe.schedule.name) == ("siamese", "concat", "constant")
    summed = load_recipe("summed")
    same = dataclasses.replace(summed, name=recipe.name, description=recipe.description, source=recipe.source, update=recipe.update)
    assert same == recipe and summed.update.name == "summed"


def test_the_architectures_of_one_report_differ_in_sharing_and_batch_size_alone() -> None:
    multi = load_recipe("multi")
    assert (multi.model.pairs, multi.model.pair_order, multi.sampler.name, multi.optimizer.form, multi.optimizer.weight_decay) == ("cross", "random", "shuffled", "torch", 1e-4)
    batches = {"multi": 32, "cerbertus-2": 24, "cerbertus-3": 24, "cerbertus-4": 20, "cerbertus-6": 16, "triple": 32, "multi+triple": 8, "static+finetune": 32}
    for name, batch_size in batches.items():
        recipe = load_recipe(name)
        assert (recipe.sharing.name, recipe.sampler.batch_size) == (name, batch_size)
        words = {"name": "any", "description": "", "source": "", "sharing": multi.sharing, "sampler": multi.sampler}
        assert dataclasses.replace(recipe, **words) == dataclasses.replace(multi, **words)
    for name, weight in {"multi": 12, "cerbertus-2": 15, "cerbertus-3": 12}.items():
        plain, final = load_recipe(name), load_recipe(f"{name}-smart")
        assert (final.sharing, final.sampler, final.model) == (plain.sharing, plain.sampler, plain.model)
        assert (final.regularizer.name, final.regularizer.weight, final.optimizer.layer_decay) == ("smart-mt-dnn", weight, 0.95)


def test_the_ablation_of_layer_focus_changes_one_thing_at_a_time() -> None:
    words = {"name": "any", "description": "", "source": ""}
    both, together = (dataclasses.replace(load_recipe(name), **words) for name in ("slf", "slf-stage-2"))
    for name, order in {"slf-top-down": "top-down", "slf-random": "random"}.items():
        assert dataclasses.replace(load_recipe(name, ["phase.layers.each_layer=bottom-up"]), **words) == both
        assert load_recipe(name).phase["layers"]["each_layer"] == order
    slower, unfrozen = load_recipe("exits-layer-decay"), load_recipe("exits-unfreezing")
    assert (slower.optimizer.layer_decay, unfrozen.optimizer.unfreeze, unfrozen.training.epochs) == (0.95, "gradual", 11)
    for recipe in (slower, unfrozen):
        same = {"optimizer": together.optimizer, "training": together.training, "phase": together.phase}
        assert dataclasses.replace(recipe, **words, **same) == together and recipe.phase == {}


def test_the_recipe_without_settings_is_the_recipe_of_the_dataclasses() -> None:
    assert recipe_from_table({}) == Recipe()


def test_overrides_apply_in_order_and_touch_nothing_else() -> None:
    changed = load_recipe("practice", ["optimizer.lr=1", "optimizer.lr=2e-5", Override("training.epochs", "3", "--epochs")])
    plain = load_recipe("practice")
    assert changed.optimizer == dataclasses.replace(plain.optimizer, lr=2e-5)
    assert changed.training == dataclasses.replace(plain.training, epochs=3)
    assert dataclasses.replace(changed, optimizer=plain.optimizer, training=plain.training) == plain


@pytest.mark.parametrize("written", ['tasks=["sst","sts"]', "tasks=[sst, sts]", "tasks=sst,sts", " tasks = sst , sts "])
def test_a_list_is_understood_with_and_without_its_quotes_and_brackets(written: str) -> None:
    assert load_recipe("baseline", [written]).tasks == ("sst", "sts")


def test_a_bare_word_is_a_text_and_so_is_a_folder_called_like_a_number() -> None:
    recipe = load_recipe("practice", ["sampler.name=shuffled", "weights=2024", "data.folder=true", "optimizer.betas=0.8,0.9"])
    assert (recipe.sampler.name, recipe.weights, recipe.data.folder, recipe.optimizer.betas) == ("shuffled", "2024", "true", (0.8, 0.9))


def test_a_recipe_file_of_ones_own_takes_its_name_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('tasks = ["sst"]\n[optimizer]\nlr = 3e-5\n', encoding="utf-8")
    recipe = load_recipe(path)
    assert (recipe.name, recipe.tasks, recipe.optimizer.lr) == ("mine", ("sst",), 3e-5)
    assert load_recipe(str(path)) == recipe


def test_a_whole_number_will_do_for_a_rate_and_is_kept_as_a_float() -> None:
    kept = load_recipe("practice", ["training.clip=1"]).training.clip
    assert kept == 1.0 and isinstance(kept, float)


def test_reading_a_recipe_loads_neither_torch_nor_numpy() -> None:
    program = ("import sys; from tasks.recipe import load_recipe, to_toml; to_toml(load_recipe('practice', ['training.epochs=2']));"
               "print([name for name in ('torch', 'numpy', 'transformers') if name in sys.modules])")
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(("name", "sentence"), [
    ("practise", r'there is no recipe "practise", neither among the \d+ that are built in nor as a file; did you mean practice\?'),
    ("zzz", r'there is no recipe "zzz", .* nor as a file; minbert recipes lists the names, or give the path of a TOML file\.'),
    ("nul\0", r'there is no recipe "nul\\x00", neither .* TOML file\.'),
    ("x" * 5000, r'there is no recipe "x{86}\.\.\., neither .* TOML file\.'),
])
def test_a_recipe_that_is_not_there_is_told_with_the_nearest(name: str, sentence: str) -> None:
    with pytest.raises(UserError, match=f"^{sentence}$"):
        load_recipe(name)


def test_a_folder_is_told_to_be_resumed(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"is a folder, but a recipe is a TOML file; to go on with a run, say minbert train --resume FOLDER\.$"):
        load_recipe(tmp_path)


def test_a_sentence_about_an_impossible_pair_says_that_options_were_given(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="^recipe summed, with the options given: update.name"):
        load_recipe("summed", ["sampler.name=shuffled"])
    path = tmp_path / "mine.toml"
    path.write_text(to_toml(load_recipe("summed")).replace('"lock-step"', '"shuffled"'), encoding="utf-8")
    with pytest.raises(UserError, match=r"mine\.toml: update\.name"):
        load_recipe(path)


def test_a_text_too_short_for_its_truncation_is_told_before_any_data_is_read() -> None:
    with pytest.raises(UserError, match=r"^recipe practice, with the options given: data\.max_length=128 is too short for .* at least 131"):
        load_recipe("practice", ["data.truncation=head+tail"])
