"""The report says in words every technique that a recipe can name, and nothing of those that are off."""

from __future__ import annotations

import pytest

from tasks.exit_words import REGIMES, SMART_ON
from tasks.head_table import HEADS
from tasks.pooling import POOLINGS
from tasks.recipe import built_in_recipes, load_recipe, to_toml
from tasks.recipe_reading import KEYS, tomllib
from tasks.report_techniques import HEADS as HEADS_IN_WORDS
from tasks.report_techniques import POOLINGS as POOLINGS_IN_WORDS
from tasks.report_techniques import ADAPTERS, POOLERS, READINGS, REGULARIZERS, SHARINGS, UPDATES
from tasks.report_words import MODES, recipe_sentences


def words(name: str, *changes: str) -> str:
    """The sentences about a recipe, in one text."""
    return " ".join(recipe_sentences(tomllib.loads(to_toml(load_recipe(name, changes)))))


def choices(key: str) -> set[str]:
    return set(KEYS[key].metadata["rule"].choices)


def test_every_choice_has_words() -> None:
    assert set(UPDATES) == choices("update.name") and set(READINGS) == choices("update.reading") and set(REGULARIZERS) == choices("regularizer.name")
    assert set(ADAPTERS) == choices("sharing.adapters") and set(POOLERS) == choices("sharing.pooler") and set(MODES) == choices("model.fine_tune_mode")
    assert set(SHARINGS) == {name for name in choices("sharing.name") if not name.startswith("cerbertus")}
    assert {"none", *REGIMES} == choices("exits.train") and set(SMART_ON) == choices("exits.smart_on")
    assert set(HEADS_IN_WORDS) == set(HEADS) and set(POOLINGS_IN_WORDS) == set(POOLINGS)


def test_no_two_recipes_of_the_paper_read_alike() -> None:
    told = {name: words(name) for name in built_in_recipes()}
    assert len(set(told.values())) == len(told)
    assert all("{" not in text and "  " not in text for text in told.values())


@pytest.mark.parametrize(("name", "changes", "said"), [
    ("gse", [], "twice a step, along the mean of the projected gradients and along the plain sum (GSE), both at the gradients of the step's first weights"),
    ("gse-fresh", [], "(GSE), the second time at gradients taken anew"),
    ("pcgrad", [], "(PCGrad) and move the weights once"),
    ("smart", [], "SMART is added with weight 5: predictions should not change when embeddings move within 1e-05 (inf-norm over each batch; 1 ascent step of 0.001"),
    ("smart", ["regularizer.steps=3"], "3 ascent steps of"),
    ("r-drop", [], "R-Drop is added with weight 1"),
    ("bregman", [], "(Bregman proximal point, momentum 0.99, 0.999 after 10% of the updates, moved every update)"),
    ("bregman", ["bregman.every=10"], "moved every 10 updates)"),
    ("cosine-d", [], "the head of sts is 20 times the cosine of two projected vectors (sigmoid)"),
    ("cosine-embedding", [], "the head of sts is the cosine of both vectors itself (similar above label 2.5, margin 0)"),
    ("cosine-2d+1", ["model.keep_cosine=true"], "told the cosine of both vectors, which dropout leaves alone"),
    ("mean-pooling", [], "a sentence is the mean of its token vectors"),
    ("gse-3x", [], "an epoch has 3 times as many steps"),
    ("baseline", ["sharing.name=cerbertus-2"], "every task has the top 2 layers of its own above the shared ones, and a pooler;"),
    ("baseline", ["sharing.name=cerbertus-1", "sharing.pooler=shared"], "every task has the top layer of its own above the shared ones, and all share one pooler;"),
    ("baseline", ["sharing.name=static+finetune"], "heads read the fine-tuned encoder beside a frozen copy of it"),
    ("baseline", ["sharing.adapters=pal", "sharing.adapter_size=24", "model.fine_tune_mode=adapters"], "(PALs, 24 wide) beside the layers"),
    ("baseline", ["sharing.adapters=low-rank"], "every task has a pair of narrow matrices beside every layer"),
    ("baseline", ["model.relation=shared"], "tasks of pairs share a hidden layer under their heads"),
    ("baseline", ["exits.train=alternating", "exits.lte=true"], "every layer has a head through which examples can leave, which learn in every second step, the last alone in the others, with a learned"),
    ("smart", ["exits.train=joint", "exits.smart_on=even"], "all of which learn in every step, the regularizer in every second step."),
    ("baseline", ["sampler.iterations=50"], "an epoch has 50 steps"),
    ("course-cross", ["model.pair_order=random", "model.evaluate_order=averaged"], "in training they are joined in either order by a coin, on dev and test they are scored in both orders"),
])
def test_a_technique_is_said(name: str, changes: list[str], said: str) -> None:
    assert said in words(name, *changes)


def test_what_is_off_is_not_said() -> None:
    text = words("smart", "regularizer.weight=0")
    assert "SMART" not in text and "teacher" not in text and "the head of" not in text and "order by" not in text


def test_the_recipe_of_an_older_run_is_told_with_what_it_names() -> None:
    assert recipe_sentences({"update": {"name": "gse"}, "model": {"pooling": "mean"}, "regularizer": {"name": "smart", "weight": 2.0}})


def test_phases_are_told_in_their_order_and_plain_runs_have_none() -> None:
    assert ("It learns in phases: sentiment, 4 epochs, on sst, left after 1 score without a rise; then together, 6 epochs, left after 2 scores without a rise."
            in words("stage-wise"))
    assert "layers, one layer after the other bottom-up, each from its own exit, the price of 3 epochs; then together, 7 epochs." in words("slf")
    assert "phases" not in words("baseline") and "(one segment for both, the second [CLS] kept)" in words("embedding-order", "model.joined_types=zeros", "model.second_cls=kept")
