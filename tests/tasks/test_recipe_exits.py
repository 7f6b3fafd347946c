"""[exits] in a recipe: what cannot work together is told, choices are those of the tables, stages are counted."""

from __future__ import annotations

from impossible_settings import each_of, expect_impossible

from tasks.alternating import SMART_ON
from tasks.exit_training import REGIMES
from tasks.exit_weights import REDUCE
from tasks.recipe_exits import EXIT_COMBINATIONS, ExitSettings
from tasks.recipe_reading import KEYS

IMPOSSIBLE = [
    (["exits.lte=true"], '[exits] says something about exits, but exits.train = "none" has none; try exits.train = "joint", or leave the section out.'),
    (["exits.train=joint", "exits.first_epochs=3"], ('exits.first_epochs = 3 is the length of the first of two stages, but exits.train = "joint" has one; '
     'try exits.train = "two-stage".')),
    (["exits.train=two-stage", "training.epochs=1"], ('exits.train = "two-stage" leaves no epoch to the second stage, in which the exits learn: training.epochs = 1, '
     "exits.first_epochs = 0; try more epochs.")),
    (["exits.train=joint", "exits.smart_on=even"], ('exits.smart_on = "even" says in which steps there is a regularizer, but regularizer.weight = 0 never calls one; '
     'try regularizer.name = "smart" and regularizer.weight = 5.')),
    (["exits.train=joint", "regularizer.name=smart", "regularizer.weight=5", "exits.smart_on=final"], ('exits.smart_on = "final" means steps in which the final exit '
     'alone learns, and exits.train = "joint" does not alternate; try exits.train = "alternating" or smart_on = "all".')),
    (["exits.train=joint", "exits.lte_scale=5"], "exits.lte_weight and exits.lte_scale are about a learned certainty, but exits.lte = false; try exits.lte = true."),
    (["model.pairs=cross", "exits.train=joint", "model.evaluate_order=averaged"], ('exits.train = "joint" lets a pair leave when it is sure, and model.evaluate_order = '
     '"averaged" reads it twice, to leave twice; try evaluate_order = "fixed".')),
]


@each_of(IMPOSSIBLE)
def test_an_impossible_pair_of_settings_has_its_sentence_and_without_the_last_is_possible(overrides: list[str], sentence: str) -> None:
    expect_impossible(overrides, sentence)


def test_every_row_of_the_table_is_tested() -> None:
    assert len(IMPOSSIBLE) == len(EXIT_COMBINATIONS)


def test_the_choices_are_those_of_the_tables_that_do_the_work() -> None:
    chosen = {name: set(KEYS[f"exits.{name}"].metadata["rule"].choices) for name in ("train", "reduce", "smart_on")}
    assert chosen == {"train": {"none", *REGIMES}, "reduce": set(REDUCE), "smart_on": set(SMART_ON) - {"none"}}  # without a regularizer there is weight 0


def test_the_first_stage_is_the_first_half_unless_it_is_told() -> None:
    assert [ExitSettings(train="two-stage").first_stage(epochs) for epochs in (2, 5, 10)] == [1, 3, 5]
    assert ExitSettings(train="two-stage", first_epochs=2).first_stage(10) == 2 and ExitSettings(train="joint").first_stage(10) == 10
