"""Leaving early in batches: the answers of one at a time, in the order that went in, and nothing computed for who has left."""

from __future__ import annotations

import pytest
import torch
from exits_small import DEEP, LAYERS, model_with_exits
from minbert_small import small_bert
from tasks_small import SETTINGS, TRIO, seeded, small_batch, small_split
from torch import nn

from minbert.errors import UserError
from tasks.batching import Batch
from tasks.evaluate import evaluate, over_split
from tasks.exit_certainty import Certainty
from tasks.exit_curve import left_at, logits_at
from tasks.exit_inference import LeavingEarly, Left
from tasks.exit_rules import LEAVES, exit_rule
from tasks.exits import all_exits, make_exits, walk_exits
from tasks.model import MultitaskModel
from tasks.recipe_sharing import SharingSettings

MIDDLE = {"confidence": 0.75, "entropy": 0.6, "patience": 2, "learned": 0.8}
APPLY = [(task, rule) for task in TRIO for rule in LEAVES if task != "sts" or rule in ("patience", "learned")]
ROWS = 19


def leaving(task: str, rule: str, threshold: float, model: MultitaskModel, exits: nn.ModuleDict, **options: object) -> LeavingEarly:
    """The model, leaving by one rule in one task."""
    width = exits[task][0].head.linear.in_features
    certainties = nn.ModuleDict({task: Certainty(width, generator=seeded(6))}).double()
    nn.init.normal_(certainties[task].linear.weight, 0, 1, generator=seeded(6))
    return LeavingEarly(model, exits, {task: exit_rule(rule, threshold, TRIO[task].kind, tolerance=1.5)}, certainties, **options).eval()


def only(batch: Batch, row: int) -> Batch:
    """The batch of one example alone, its padding cut off."""
    rows = [row] if len(batch.input_ids) == batch.size else [row, row + batch.size]
    longest = int(batch.attention_mask[rows].sum(dim=1).max())
    return Batch(batch.task, batch.input_ids[rows, :longest], batch.attention_mask[rows, :longest], batch.token_type_ids[rows, :longest], batch.labels[[row]],
                 (batch.ids[row],), (row,))


def left(early: LeavingEarly, batch: Batch) -> Left:
    """How a batch leaves."""
    with torch.no_grad():
        early(batch)
    return early.left[-1][1]


@pytest.mark.parametrize("task, rule", APPLY)
def test_a_batch_leaves_as_its_examples_do_one_by_one(task, rule):
    model, exits = model_with_exits()
    early, batch = leaving(task, rule, MIDDLE[rule], model, exits), small_batch(task, ROWS, padding=2)
    together = left(early, batch)
    assert len(set(together.layers.tolist())) >= 2, "a case in which examples part"
    for row in range(ROWS):
        alone = left(early, only(batch, row))
        assert alone.layers.item() == together.layers[row]
        torch.testing.assert_close(alone.logits[0], together.logits[row], rtol=0, atol=1e-12)


@pytest.mark.parametrize("task, rule", APPLY)
def test_a_batch_leaves_as_the_curve_says_that_it_would(task, rule):
    model, exits = model_with_exits()
    early, batch = leaving(task, rule, MIDDLE[rule], model, exits), small_batch(task, ROWS)
    with torch.no_grad():
        history = list(all_exits(model, exits[task], batch).unbind(1))
        learned = [early.certainties[task](found.features) for found in list(walk_exits(model, exits[task], batch))[:-1]]
    layers = left_at(history, early.rules[task], TRIO[task].kind, learned)
    found = left(early, batch)
    assert torch.equal(found.layers, layers)
    torch.testing.assert_close(found.logits, logits_at(history, layers), rtol=0, atol=1e-12)


@pytest.mark.parametrize("task", ["quora", "sts"])
@pytest.mark.parametrize("pairs", ["cross", "joined"])
def test_pairs_that_are_read_together_leave_in_batches_too(pairs, task):
    model, exits = model_with_exits(pairs=pairs)
    rule = {"quora": "confidence", "sts": "patience"}[task]
    early, batch = leaving(task, rule, MIDDLE[rule], model, exits), small_batch(task, ROWS, pairs="cross" if pairs == "cross" else "siamese", padding=2)
    together = left(early, batch)
    assert len(set(together.layers.tolist())) >= 2 and sum(together.rows) == together.layers.sum()
    for row in range(ROWS):
        alone = left(early, only(batch, row))
        assert alone.layers.item() == together.layers[row]
        torch.testing.assert_close(alone.logits[0], together.logits[row], rtol=0, atol=1e-12)


def test_in_float32_too():
    model, exits = model_with_exits()
    model, exits = model.float(), exits.float()
    early, batch = leaving("quora", "confidence", 0.75, model, exits), small_batch("quora", ROWS)
    together = left(early, batch)
    for row in range(ROWS):
        torch.testing.assert_close(left(early, only(batch, row)).logits[0], together.logits[row], rtol=0, atol=1e-5)


@pytest.mark.parametrize("task, rule", APPLY)
def test_a_rule_that_lets_nobody_go_is_the_full_model_bit_for_bit(task, rule):
    model, exits = model_with_exits()
    early, batch = leaving(task, rule, {"entropy": 0, "patience": LAYERS + 1}.get(rule, 1), model, exits), small_batch(task, ROWS)
    found = left(early, batch)
    with torch.no_grad():
        assert torch.equal(found.logits, model(batch))
    assert found.layers.tolist() == [LAYERS] * ROWS


@pytest.mark.parametrize("task, rule", APPLY)
def test_a_rule_that_lets_everyone_go_computes_one_layer(task, rule):
    model, exits = model_with_exits()
    calls = [0] * LAYERS
    for number, layer in enumerate(model.bert.layers):
        layer.register_forward_hook(lambda *_, number=number: calls.__setitem__(number, calls[number] + 1))
    found = left(leaving(task, rule, {"entropy": 99, "patience": 1}.get(rule, 0), model, exits), small_batch(task, ROWS))
    assert found.layers.tolist() == [1] * ROWS and calls == [1, 0, 0, 0] and len(found.rows) == 1


@pytest.mark.parametrize("task", ["sst", "quora"])
def test_rows_that_have_left_are_not_computed(task):
    model, exits = model_with_exits()
    seen: list[int] = []
    for layer in model.bert.layers:
        layer.register_forward_pre_hook(lambda _, words: seen.append(len(words[0])))
    found = left(leaving(task, "confidence", 0.75, model, exits), small_batch(task, ROWS))
    sentences = 2 if task == "quora" else 1  # a pair's two leave together
    assert seen == [sentences * int((found.layers >= layer).sum()) for layer in range(1, len(seen) + 1)] == list(found.rows)
    assert seen[-1] < seen[0] and sum(seen) == sentences * int(found.layers.sum())


def test_temperatures_change_who_leaves_and_not_what_is_said():
    model, exits = model_with_exits()
    batch = small_batch("sst", ROWS)
    plain = left(leaving("sst", "confidence", 0.75, model, exits), batch)
    ones = left(leaving("sst", "confidence", 0.75, model, exits, temperatures={"sst": [1.0] * LAYERS}), batch)
    hot = left(leaving("sst", "confidence", 0.75, model, exits, temperatures={"sst": [3.0] * LAYERS}), batch)
    with torch.no_grad():
        history = all_exits(model, exits["sst"], batch).unbind(1)
    assert torch.equal(ones.layers, plain.layers) and torch.equal(ones.logits, plain.logits)
    assert (hot.layers >= plain.layers).all() and hot.layers.sum() > plain.layers.sum()
    torch.testing.assert_close(hot.logits, logits_at(history, hot.layers), rtol=0, atol=1e-12)


def test_evaluation_takes_it_as_any_model_and_keeps_the_order_of_the_file():
    model, exits = model_with_exits()
    split = small_split("sst", 31)
    early = leaving("sst", "confidence", 0.75, model, exits)
    found = evaluate(early, split, TRIO["sst"], batch_size=7)
    history = list(over_split(lambda batch: all_exits(model, exits["sst"], batch).detach(), split, 7, "cpu")[0].unbind(1))
    layers = left_at(history, early.rules["sst"], "classes")
    torch.testing.assert_close(found.logits, logits_at(history, layers).float(), rtol=0, atol=1e-6)
    by_id = {identity: layer for batch, each in early.left for identity, layer in zip(batch.ids, each.layers.tolist())}
    assert [by_id[identity] for identity in found.ids] == layers.tolist() and sum(sum(each.rows) for _, each in early.left) == layers.sum()


def test_a_task_without_a_rule_climbs_to_the_top():
    model, exits = model_with_exits()
    early, batch = leaving("sst", "confidence", 0.0, model, exits), small_batch("sts")
    with torch.no_grad():
        assert torch.equal(early(batch), model(batch))


@pytest.mark.parametrize("sharing", [{"name": "multi+triple"}, {"name": "cerbertus-2", "pooler": "own"}, {"adapters": "pal", "adapter_size": 12}], ids=str)
def test_rows_leave_on_whatever_path_a_task_has(sharing):
    model = MultitaskModel(small_bert(seeded(), DEEP), TRIO, SETTINGS, seeded(), SharingSettings(**sharing)).double().eval()
    exits = make_exits(model, 1).double().eval()
    for exit in exits["quora"]:
        nn.init.normal_(exit.head.linear.weight, 0, 0.6, generator=seeded(2))
    early, batch = leaving("quora", "confidence", 0.75, model, exits), small_batch("quora", ROWS)
    found = left(early, batch)
    assert 1 < len(set(found.layers.tolist()))
    with torch.no_grad():
        torch.testing.assert_close(found.logits, logits_at(all_exits(model, exits["quora"], batch).unbind(1), found.layers), rtol=0, atol=1e-12)


def test_scores_that_are_not_finite_are_told_and_not_carried_to_the_top():
    model, exits = model_with_exits()
    with torch.no_grad():
        exits["sst"][1].head.linear.bias[0] = float("nan")
    with pytest.raises(UserError, match="^the scores of the exit after layer 2 are not finite: the model has diverged; try a lower learning rate or clip > 0.$"):
        left(leaving("sst", "confidence", 1.0, model, exits), small_batch("sst"))


def test_the_learned_rule_needs_something_that_has_learned():
    model, exits = model_with_exits()
    with pytest.raises(UserError, match="^the exit rule 'learned' of task 'sts' needs a learned certainty, and this model has none; use confidence, entropy or patience.$"):
        LeavingEarly(model, exits, {"sts": exit_rule("learned", 0.5, "regression")})
