"""[stages], [simcse], [mlm] and the recipes built from them: the figures that their authors give, and one difference from row to row."""

from __future__ import annotations

import dataclasses

from tasks.masking import MaskSettings
from tasks.recipe import Recipe, load_recipe
from tasks.recipe_extra import extras_of
from tasks.recipe_stages import MlmSettings, SimcseSettings

WORDS = {"name": "any", "description": "", "source": ""}


def same_but(one: str, other: str, *sections: str) -> bool:
    """Whether two recipes differ in these sections, every one of them, and in nothing else."""
    first, second = load_recipe(one), load_recipe(other)
    taken = {section: getattr(first, section) for section in sections}
    return all(getattr(second, section) != value for section, value in taken.items()) and dataclasses.replace(first, **WORDS) == dataclasses.replace(second, **WORDS, **taken)


def test_simcse_without_settings_is_that_of_its_authors() -> None:
    """BERT-base, unsupervised: lr 3e-5, batch 64, one epoch, 32 tokens, tau .05, [CLS], the head for training alone; looked at every 125 steps."""
    made = SimcseSettings()
    assert (made.lr, made.batch_size, made.epochs, made.max_length, made.temperature, made.pooling, made.head) == (3e-5, 64, 1, 32, 0.05, "cls", "drop")
    assert (made.triples, made.hard_weight, made.window, made.weight_decay) == ("", 0.0, 1, 0.0)
    for name in ("simcse", "bp1", "bp1-extra", "bp1-warmup", "bp1-relational"):
        recipe = load_recipe(name)
        assert recipe.stages.run == ("simcse",) and recipe.simcse == dataclasses.replace(made, evaluate_every=125)


def test_masked_words_without_settings_are_googles_and_the_reports() -> None:
    """.15 of the words, .8 and .1 of these; where masks are static five copies, at most 20 a text; SerBERTus: batch 32, lr 1e-5."""
    made = MlmSettings()
    assert MaskSettings(made.rate, made.masked, made.replaced, made.choose, made.most, made.copies) == MaskSettings() == MaskSettings(0.15, 0.8, 0.1, "each", 20, 5)
    assert (made.masks, made.batch_size, made.lr, made.max_length) == ("dynamic", 32, 1e-5, 128)
    small, quora = load_recipe("mlm"), load_recipe("mlm-quora")
    assert (small.mlm.lr, small.mlm.steps, small.mlm.layer_decay, small.optimizer.layer_decay) == (5e-6, 16_000, 0.95, 1.0)  # fine-tuned without decay afterwards
    assert (quora.mlm.lr, quora.mlm.steps, quora.mlm.layer_decay, quora.mlm.texts) == (1e-5, 66_000, 1.0, ("quora",))
    assert same_but("multi", "mlm", "stages", "mlm") and same_but("multi", "mlm-quora", "stages", "mlm")


def test_each_row_of_my_pal_bert_adds_one_thing_to_the_row_before() -> None:
    pals: Recipe = load_recipe("pals")
    assert (pals.sharing.name, pals.sharing.adapters, pals.sharing.adapter_size) == ("multi", "pal", 0)
    assert (pals.optimizer.lr, pals.optimizer.weight_decay, pals.sampler.batch_size, pals.data.max_length) == (2e-5, 0.01, 32, 128)  # Stickland and Murray's code
    assert same_but("pals", "pals-annealed", "sampler") and load_recipe("pals-annealed").sampler == dataclasses.replace(pals.sampler, name="annealed")
    assert same_but("pals-annealed", "bp1", "stages", "simcse")
    assert same_but("bp1", "bp1-extra", "extra")
    assert same_but("bp1-extra", "bp1-warmup", "schedule")
    assert same_but("bp1-warmup", "bp1-relational", "model")
    schedule, model = load_recipe("bp1-warmup").schedule, load_recipe("bp1-relational").model
    assert (schedule.name, schedule.warmup) == ("linear", 0.1)
    assert dataclasses.replace(model, relation="none", pairs="cross") == pals.model and (model.relation, model.pairs) == ("shared", "siamese")
    assert {(extra.task, tuple(extra.map.items())) for extra in extras_of(load_recipe("bp1-extra"))} == {
        ("quora", (("entailment", 1), ("neutral", 0), ("contradiction", 0))), ("sst", (("0", 0), ("1", 4)))}
