"""Sharings, adapters and the relational layer meet settings that make no sense with them: each is told by its own sentence."""

from __future__ import annotations

import pytest
from impossible_settings import each_of, expect_impossible

from minbert.errors import UserError
from tasks.recipe import load_recipe
from tasks.recipe_combinations_sharing import SHARING_COMBINATIONS

IMPOSSIBLE = [
    (["sharing.pooler=shared"], ('sharing.pooler = "shared" is about towers, but sharing.name = "multi" decides about the pooler by itself; '
     'try sharing.name = "cerbertus-2" or leave pooler at "own".')),
    (["tasks=sst", "sharing.name=triple"], ('sharing.name = "triple" keeps tasks apart, but there is only one, "sst", whose encoder is then a plain BERT; '
     'try sharing.name = "multi".')),
    (["sharing.adapters=pal", "sharing.name=multi+triple"], ('sharing.adapters = "pal" tells tasks apart that share their layers, but sharing.name = '
     '"multi+triple" gives each task a BERT of its own; try sharing.name = "multi" or adapters = "none".')),
    (["sharing.adapter_size=24"], 'sharing.adapter_size = 24 is the width of adapters, but sharing.adapters = "none"; try sharing.adapters = "pal".'),
    (["sharing.adapters=pal", "sharing.adapter_size=100"], ('sharing.adapter_size = 100 cannot be divided among the heads of sharing.adapters = "pal" '
     '(12, or 6 for pal-code); try 204, or another multiple.')),
    (["model.fine_tune_mode=adapters"], ('model.fine_tune_mode = "adapters" trains adapters and leaves the layers as they were, but sharing.adapters = '
     '"none"; try sharing.adapters = "pal" or fine_tune_mode = "full-model".')),
    (["sharing.name=cerbertus-2", "model.fine_tune_mode=last-linear-layer"], ('model.fine_tune_mode = "last-linear-layer" leaves every encoder as it was '
     'pretrained, so sharing.name = "cerbertus-2" with adapters = "none" would change nothing; try fine_tune_mode = "full-model", or "adapters", or leave '
     '[sharing] out.')),
    (["optimizer.adapter_lr_multiplier=10"], ('optimizer.adapter_lr_multiplier = 10.0 is the rate of adapters, but sharing.adapters = "none"; '
     'try sharing.adapters = "pal" or adapter_lr_multiplier = 1.')),
    (["model.relation=shared", "model.pairs=cross"], ('model.relation = "shared" compares the vectors of two sentences, but model.pairs = "cross" reads '
     'both as one sequence and has a single vector; try model.pairs = "siamese" or relation = "none".')),
    (["model.relation=shared", "model.pair_features=sbert"], ('model.relation = "shared" has features of its own, [u; v; |u-v|; directions], so '
     'model.pair_features = "sbert" would be ignored; leave pair_features at "concat".')),
    (["model.relation=shared", "model.heads=sts=cosine-d"], ('model.relation = "shared" hands one vector to the head of a pair, and model.heads = '
     'sts=cosine-d would compare two; try relation = "none" or linear heads.')),
]


@each_of(IMPOSSIBLE)
def test_an_impossible_pair_of_settings_has_its_sentence_and_without_the_last_is_possible(overrides: list[str], sentence: str) -> None:
    expect_impossible(overrides, sentence)


def test_every_row_of_the_table_is_tested() -> None:
    assert len(IMPOSSIBLE) == len(SHARING_COMBINATIONS)


@pytest.mark.parametrize(("change", "sentence"), [
    ("sharing.name=cerbertus", "must be multi, cerbertus-K (the top K layers once per task), triple, multi+triple or static+finetune; did you mean cerbertus-"),
    ("sharing.name=cerbertus-02", "must be multi, cerbertus-K"),
    ("sharing.name=tripel", "did you mean triple?"),
    ("sharing.adapters=pals", "but must be one of none, pal, pal-code, low-rank, top; did you mean pal?"),
])
def test_a_name_that_is_none_is_told_with_the_nearest(change: str, sentence: str) -> None:
    with pytest.raises(UserError) as caught:
        load_recipe("baseline", [change])
    assert sentence in str(caught.value)


def test_any_number_of_own_layers_is_a_name() -> None:
    assert [load_recipe("baseline", [f"sharing.name=cerbertus-{number}"]).sharing.name for number in (0, 5, 24)] == ["cerbertus-0", "cerbertus-5", "cerbertus-24"]
