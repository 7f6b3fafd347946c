"""Exits: where they stand, what they start from, and that the last of them is the model itself."""

from __future__ import annotations

import pytest
import torch
from exits_small import DEEP, LAYERS, model_with_exits
from minbert_small import SMALL, small_bert
from tasks_small import TRIO, seeded, small_batch, small_model

from minbert.side_by_side import SideBySide
from tasks.exits import OwnPooler, above, all_exits, depth, make_exits, walk_exits
from tasks.model import MultitaskModel
from tasks.recipe_sharing import SharingSettings
from tasks.trainable import turn_of


@pytest.mark.parametrize("task", TRIO)
@pytest.mark.parametrize("settings", [{}, {"pooling": "mean"}, {"pooling": "cls", "pair_features": "sbert"}, {"pairs": "cross"}, {"relation": "shared"}],
                         ids=["plain", "mean", "cls-sbert", "cross", "relation"])
def test_the_last_exit_is_the_model_bit_for_bit(task, settings):
    model, exits = model_with_exits(**settings)
    batch = small_batch(task, pairs=settings.get("pairs", "siamese"))
    *below, last = walk_exits(model, exits[task], batch)
    assert torch.equal(last.logits, model(batch)) and len(below) == LAYERS - 1
    assert all(each.logits.shape == last.logits.shape for each in below)


def test_exit_k_reads_the_states_after_layer_k_and_not_those_before():
    """hidden_states[0] is the embedding output: the slip is by one."""
    model, exits = model_with_exits()
    batch = small_batch("sst")
    states = model.paths.of("sst").encode(model.embed(batch), batch.attention_mask).hidden_states
    found = all_exits(model, exits["sst"], batch)
    for layer in range(1, LAYERS):
        expected = exits["sst"][layer - 1](states[layer], batch.attention_mask).logits
        torch.testing.assert_close(found[:, layer - 1], expected, rtol=0, atol=1e-12)
        assert (found[:, layer - 1] - exits["sst"][layer - 1](states[layer - 1], batch.attention_mask).logits).abs().max() > 1e-3


def test_state_names_are_those_of_the_layers_that_learn_with_them():
    model = small_model(config=DEEP)
    model.exits = make_exits(model, seed=1)
    names = [name for name, _ in model.named_parameters() if name.startswith("exits.")]
    assert len(names) == 3 * (LAYERS - 1) * 4 and "exits.sst.0.pooler.parts.0.dense.weight" in names and "exits.sts.2.head.linear.bias" in names
    assert {turn_of(name, LAYERS) for name in names if name.startswith("exits.quora.1.")} == {2}


def test_a_pooler_of_its_own_starts_as_the_encoders_and_is_nobody_elses():
    model = small_model(config=DEEP)
    exits = make_exits(model, seed=1)
    original = model.paths.of("sst").parts[0].pooler.dense
    copies = [each.pooler.parts[0].dense for task in exits.values() for each in task]
    assert all(torch.equal(each.weight, original.weight) and torch.equal(each.bias, original.bias) for each in copies)
    assert len({each.weight.data_ptr() for each in [original, *copies]}) == 1 + 3 * (LAYERS - 1)


def test_a_copy_learns_where_the_original_is_frozen():
    model = small_model(config=DEEP, fine_tune_mode="last-linear-layer")
    assert all(parameter.requires_grad for parameter in make_exits(model, seed=1).parameters())


@pytest.mark.parametrize("own_pooler, pooling", [(False, "pooler"), (True, "mean"), (True, "cls")])
def test_without_a_pooler_there_is_none(own_pooler, pooling):
    exits = make_exits(small_model(config=DEEP, pooling=pooling), 1, own_pooler)
    assert all(each.pooler is None and each.pooling == {"pooler": "cls"}.get(pooling, pooling) for task in exits.values() for each in task)


def test_each_head_draws_from_a_stream_of_its_own():
    three, one = make_exits(small_model(config=DEEP), 1), make_exits(small_model(("sst",), config=DEEP), 1)
    assert torch.equal(three["sst"][1].head.linear.weight, one["sst"][1].head.linear.weight)
    assert not torch.equal(three["sst"][0].head.linear.weight, three["sst"][1].head.linear.weight)
    model, state = small_model(config=DEEP), torch.get_rng_state()
    make_exits(model, 1)
    assert torch.equal(torch.get_rng_state(), state)


def test_exits_that_are_not_asked_cost_nothing_and_get_no_gradient():
    model, exits = model_with_exits()
    calls = []
    for each in exits["sst"]:
        each.register_forward_hook(lambda *_: calls.append(1))
    found = list(walk_exits(model, exits["sst"], small_batch("sst"), wanted={2, LAYERS}))
    assert [each is not None for each in found] == [False, True, False, True] and len(calls) == 1
    sum(each.logits.sum() for each in found if each is not None).backward()
    assert all((parameter.grad is not None) == name.startswith("1.") for name, parameter in exits["sst"].named_parameters())


@pytest.mark.parametrize("wanted, called", [({2}, 2), ({1, 3}, 3), ({LAYERS}, LAYERS), (set(), 0), (None, LAYERS)])
def test_layers_above_the_highest_exit_asked_never_run(wanted, called):
    model, exits = model_with_exits()
    calls = []
    for number, layer in enumerate(model.bert.layers, start=1):
        layer.register_forward_hook(lambda *_, number=number: calls.append(number))
    found = list(walk_exits(model, exits["sst"], small_batch("sst"), wanted))
    assert calls == list(range(1, called + 1)) and len(found) == LAYERS
    everything = list(walk_exits(model, exits["sst"], small_batch("sst")))
    assert all(each is None or torch.equal(each.logits, full.logits) for each, full in zip(found, everything))


def test_tasks_have_exits_of_their_own():
    model, exits = model_with_exits()
    all_exits(model, exits["quora"], small_batch("quora")).sum().backward()
    assert all(parameter.grad is None for name in ("sst", "sts") for parameter in exits[name].parameters())
    assert all(parameter.grad is not None for parameter in exits["quora"].parameters())


def test_a_walk_goes_on_above_any_layer():
    model, _ = model_with_exits()
    batch, path = small_batch("sst"), model.paths.of("sst")
    states = path.encode(model.embed(batch), batch.attention_mask).hidden_states
    assert above(path, 0) is path and depth(above(path, 1)) == LAYERS - 1
    for layer in range(LAYERS):
        *_, last = above(path, layer).walk(states[layer], batch.attention_mask)
        assert torch.equal(last.output, states[-1])


@pytest.mark.parametrize("sharing", [{"name": "multi+triple"}, {"name": "static+finetune"}, {"name": "cerbertus-2", "pooler": "own"}, {"adapters": "pal"}], ids=str)
@pytest.mark.parametrize("task", ["sst", "quora"])
def test_exits_stand_on_whatever_path_a_task_has(sharing, task):
    plain = small_model(config=DEEP)
    model = MultitaskModel(small_bert(seeded(), DEEP), TRIO, plain.settings, seeded(), SharingSettings(**sharing, **({"adapter_size": 12} if "adapters" in sharing else {})))
    model = model.double().eval()
    exits = make_exits(model, 1).double().eval()
    found = all_exits(model, exits[task], small_batch(task))
    assert torch.equal(found[:, -1], model(small_batch(task))) and found.shape[1] == LAYERS


def test_two_encoders_have_two_poolers():
    model, _ = model_with_exits()
    part = model.paths.of("sst").parts[0]
    both = OwnPooler(SideBySide((part, part)))
    states = torch.randn(3, 5, 2 * SMALL.hidden_size, generator=seeded(), dtype=torch.float64)
    expected = torch.cat([part.pooler(states[..., : SMALL.hidden_size]), part.pooler(states[..., SMALL.hidden_size :])], dim=-1)
    assert torch.equal(both(states), expected)
