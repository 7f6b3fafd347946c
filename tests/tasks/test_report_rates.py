"""The report says in words what learns at which rate and from when on, which heads have a dropout of their own, and whose rows joined."""

from __future__ import annotations

import pytest

from tasks.recipe import load_recipe, to_toml
from tasks.recipe_reading import KEYS, tomllib
from tasks.report_rates import EMBEDDING_PARTS, LAYER_RATES, SCHEDULES, UNFREEZING
from tasks.report_words import recipe_sentences


def words(*changes: str) -> str:
    """The sentences about a recipe, in one text."""
    return " ".join(recipe_sentences(tomllib.loads(to_toml(load_recipe("baseline", changes)))))


@pytest.mark.parametrize(("key", "table"), [("schedule.name", SCHEDULES), ("optimizer.layer_rates", LAYER_RATES), ("optimizer.embedding_parts", EMBEDDING_PARTS),
                                            ("optimizer.unfreeze", UNFREEZING)])
def test_every_choice_has_words(key: str, table: dict[str, str]) -> None:
    assert set(table) == set(KEYS[key].metadata["rule"].choices)


@pytest.mark.parametrize(("changes", "said"), [
    (["schedule.name=slanted-triangular", "schedule.warmup=0.2"], "rising from 1/32 over the first 20% of the steps, then falling in a straight line to 1/32 again"),
    (["optimizer.layer_decay=0.95"], "weight decay 0; each layer of the encoder at 0.95 times the rate of the layer above."),
    (["optimizer.layer_decay=0.95", "optimizer.decay_embeddings=true"], "of the layer above, embeddings included."),
    (["optimizer.name=rmsprop"], "RMSprop, learning rate 1e-05"),
    (["optimizer.layer_rates=thirds"], "the lower third of the layers at 1/2.6 of the rate, the upper at 2.6 times"),
    (["optimizer.embedding_lr_multiplier=0"], "word and position tables frozen"),
    (["optimizer.embedding_lr_multiplier=0.5", "optimizer.embedding_parts=all"], "embeddings at 0.5 times the rate"),
    (["sharing.adapters=pal", "optimizer.adapter_lr_multiplier=10"], "adapters at 10 times the rate"),
    (["optimizer.unfreeze=gradual"], "the heads learn alone in the first epoch, and from the top one layer more in each later one (gradual unfreezing)"),
    (["optimizer.unfreeze=gradual", "optimizer.unfreeze_layers=2"], "from the top 2 layers more in each later one"),
    (["model.head_dropouts=sts=0.9,sst=0"], "dropout before a head is 0.3, but 0.9 for sts and 0 for sst"),
    (["extra.snli.task=quora", "extra.snli.file=s.csv", "extra.snli.map=snli-paraphrase"], "; rows of s.csv join those of quora, labels mapped as snli-paraphrase."),
    (["extra.snli.task=quora", "extra.snli.file=s.csv", "extra.snli.map={e = 1}"], "join those of quora, labels mapped by a table of its own."),
])
def test_what_is_on_is_said_and_what_is_off_is_not(changes: list[str], said: str) -> None:
    assert said in words(*changes) and said not in words()


def test_a_plain_recipe_says_what_it_always_said() -> None:
    assert "learning rate 1e-05, constant, weight decay 0." in words() and "dropout before a head is 0.3." in words()
