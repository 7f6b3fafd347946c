"""[optimizer] and [schedule]: each impossible combination has its sentence, and names are those of the tables they choose from."""

from __future__ import annotations

import pytest
from impossible_settings import each_of, expect_impossible

from minbert.errors import UserError
from optim import SCHEDULES
from optim.rates import EMBEDDING_PARTS, LAYER_RATES
from tasks.recipe import load_recipe
from tasks.recipe_rates import RATE_COMBINATIONS, WARMUP_DEFAULT, ScheduleSettings
from tasks.recipe_reading import KEYS

LAST = "model.fine_tune_mode=last-linear-layer"
IMPOSSIBLE = [
    ([LAST, "optimizer.layer_decay=0.9"], ('optimizer.layer_decay = 0.9 slows the layers of the encoder, but '
     'model.fine_tune_mode = "last-linear-layer" freezes them all; try layer_decay = 1 or fine_tune_mode = "full-model".')),
    ([LAST, "optimizer.layer_rates=thirds"], ('optimizer.layer_rates = "thirds" gives each layer of the encoder a rate, but model.fine_tune_mode = '
     '"last-linear-layer" freezes them all; try layer_rates = "decay" or fine_tune_mode = "full-model".')),
    ([LAST, "optimizer.head_lr_multiplier=3"], ("optimizer.head_lr_multiplier = 3.0 compares the heads with the "
     'encoder, but model.fine_tune_mode = "last-linear-layer" trains heads alone; try head_lr_multiplier = 1 and set optimizer.lr.')),
    ([LAST, "optimizer.embedding_lr_multiplier=0"], ('optimizer.embedding_lr_multiplier = 0.0 is the rate of the embeddings, but model.fine_tune_mode = '
     '"last-linear-layer" freezes their tables already; try embedding_lr_multiplier = 1 or fine_tune_mode = "full-model".')),
    ([LAST, "optimizer.unfreeze=gradual"], ('optimizer.unfreeze = "gradual" lets one layer after the other learn, but model.fine_tune_mode = '
     '"last-linear-layer" keeps them frozen; try unfreeze = "none" or fine_tune_mode = "full-model".')),
    (["optimizer.unfreeze=gradual", "model.heads=sts=cosine-embedding"], ('optimizer.unfreeze = "gradual" starts with the heads alone, but the head '
     'cosine-embedding has nothing to learn; try unfreeze = "none" or the head cosine-2d+1.')),
    (["optimizer.unfreeze_layers=2"], ('optimizer.unfreeze_layers = 2 says how many layers join an epoch, but optimizer.unfreeze = "none" lets all learn '
     'at once; try unfreeze = "gradual".')),
    (["optimizer.layer_rates=ulmfit", "optimizer.layer_decay=0.9"], ('optimizer.layer_decay = 0.9 is the ratio of layer_rates = "decay", but '
     'optimizer.layer_rates = "ulmfit" has its own, 2.6; set one of the two.')),
    (["optimizer.decay_embeddings=true"], ('optimizer.decay_embeddings = true goes one step below the layers of layer_decay, but optimizer.layer_rates = '
     '"decay" with layer_decay = 1.0 has no such step; try layer_decay = 0.95, or leave it at false.')),
    (["optimizer.embedding_parts=all"], ('optimizer.embedding_parts = "all" says what embedding_lr_multiplier is about, but that is 1 and changes nothing; '
     'try embedding_lr_multiplier = 0.5, or 0 to freeze.')),
    (["schedule.warmup=0.25"], ('schedule.warmup = 0.25 belongs to the schedules that move, but schedule.name = "constant" never changes the rate; '
     'try schedule.name = "linear".')),
]


@each_of(IMPOSSIBLE)
def test_an_impossible_pair_of_settings_has_its_sentence_and_without_the_last_is_possible(overrides: list[str], sentence: str) -> None:
    expect_impossible(overrides, sentence)


def test_every_row_of_the_table_is_tested() -> None:
    assert len(IMPOSSIBLE) == len(RATE_COMBINATIONS)


def test_the_warmup_that_a_constant_schedule_may_carry_is_the_default() -> None:
    assert ScheduleSettings().warmup == WARMUP_DEFAULT


@pytest.mark.parametrize(("key", "table"), [("schedule.name", SCHEDULES), ("optimizer.layer_rates", LAYER_RATES), ("optimizer.embedding_parts", EMBEDDING_PARTS)])
def test_names_are_those_of_the_tables(key: str, table: dict) -> None:
    assert set(KEYS[key].metadata["rule"].choices) == set(table)


@pytest.mark.parametrize("written", ['["sts=1"]', '["sts"]', '["sts=0.9", "sts=0.1"]', '["=0.5"]', '["sts=much"]', "[0.5]", '["sts=nan"]'])
def test_a_list_of_head_dropouts_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(UserError, match=r"model.head_dropouts is .* but must be a list of .task=rate., each task once, a rate from 0 up to, not including, 1"):
        load_recipe("baseline", [f"model.head_dropouts={written}"])
