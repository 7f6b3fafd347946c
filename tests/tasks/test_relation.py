"""The relational layer: what its features say, who moves it, and who goes past it."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
import torch
from minbert_small import randomise
from tasks_small import TRIO, seeded, small_batch, small_model, small_split

from minbert.errors import UserError
from optim import AdamW
from optim.task_gradients import presence, take_gradients
from tasks.cosine_heads import cosine
from tasks.features import CachedModel, precompute_features
from tasks.relation import RelationalLayer, direction, relational_features


def vectors(seed: int = 3) -> tuple[torch.Tensor, torch.Tensor]:
    u, v = torch.randn(2, 5, 7, generator=seeded(seed), dtype=torch.float64)
    return u, v


def related(**settings: object):
    model = small_model(relation="shared", **settings)
    randomise(model.relation, seeded(7))
    return model


def test_the_last_block_sums_to_the_cosine_and_the_third_is_the_distance() -> None:
    u, v = vectors()
    blocks = relational_features(u, v).split(7, -1)
    assert torch.equal(blocks[0], u) and torch.equal(blocks[1], v) and torch.equal(blocks[2], (u - v).abs())
    torch.testing.assert_close(blocks[3].sum(-1), cosine(u, v), rtol=0, atol=1e-12)


def test_equal_sentences_have_distance_0_and_cosine_1() -> None:
    u, _ = vectors()
    distance, directions = relational_features(u, u).split(7, -1)[2:]
    assert distance.abs().max() == 0
    torch.testing.assert_close(directions.sum(-1), torch.ones(5, dtype=torch.float64), rtol=0, atol=1e-12)


def test_a_vector_of_zeros_has_no_direction_and_no_slope() -> None:
    """An epsilon under the root would be finite too, with a slope of 1/epsilon."""
    zeros = torch.zeros(2, 7, dtype=torch.float64, requires_grad=True)
    features = relational_features(zeros, torch.ones(2, 7, dtype=torch.float64))
    assert features.isfinite().all() and features[:, 21:].abs().max() == 0
    (slope,) = torch.autograd.grad(direction(zeros).sum(), zeros)
    assert slope.abs().max() == 0
    torch.testing.assert_close(direction(torch.full((1, 4), 1e-9)), torch.full((1, 4), 0.5))  # short is not zero


def test_the_order_of_the_sentences_matters_unless_the_first_two_blocks_are_tied() -> None:
    layer = randomise(RelationalLayer(7, 0.0), seeded()).double()
    u, v = vectors()
    assert not torch.allclose(layer(relational_features(u, v)), layer(relational_features(v, u)))
    with torch.no_grad():
        layer.linear.weight[:, :7] = layer.linear.weight[:, 7:14]
    torch.testing.assert_close(layer(relational_features(u, v)), layer(relational_features(v, u)), rtol=0, atol=1e-12)


def test_it_is_the_formula_between_features_and_head() -> None:
    model, batch = related(), small_batch("sts")
    features = model.features(batch, model.embed(batch))
    hidden = torch.nn.functional.leaky_relu(features @ model.relation.linear.weight.T + model.relation.linear.bias, 0.01)
    assert features.shape == (5, 60) and (hidden < 0).any()
    torch.testing.assert_close(model(batch), (hidden @ model.heads["sts"].linear.weight.T + model.heads["sts"].linear.bias)[:, 0], rtol=0, atol=1e-12)
    assert [name for name in model.state_dict() if "relation" in name] == ["relation.linear.weight", "relation.linear.bias"]


def test_sentiment_goes_past_it_and_starts_as_without_it() -> None:
    model, plain = related(), small_model()
    fresh = small_model(relation="shared")
    assert torch.equal(fresh(small_batch("sst")), plain(small_batch("sst"))) and model.heads["sst"].linear.in_features == 15
    model(small_batch("sst")).sum().backward()
    assert model.relation.linear.weight.grad is None


def test_a_step_of_one_pair_task_moves_the_layer_and_not_the_head_of_the_other() -> None:
    model, batch = related(), small_batch("quora")
    before = copy.deepcopy(model.state_dict())
    optimizer = AdamW(model.parameters(), lr=0.1, weight_decay=0.1)
    model.loss(batch, model(batch)).backward()
    optimizer.step()
    moved = {name for name, tensor in model.state_dict().items() if not torch.equal(tensor, before[name])}
    assert {"relation.linear.weight", "relation.linear.bias", "heads.quora.linear.weight"} <= moved
    assert not [name for name in moved if name.startswith(("heads.sts", "heads.sst"))]


def test_gradient_surgery_sees_it_as_shared_by_the_tasks_of_pairs() -> None:
    model, gradients = related(), []
    parameters = dict(model.named_parameters())
    for task in TRIO:
        batch = small_batch(task)
        model.loss(batch, model(batch)).backward()
        gradients.append(take_gradients(list(parameters.values())))
    used = dict(zip(parameters, presence(gradients).tolist()))
    assert used["relation.linear.weight"] == [False, True, True] and used["heads.sts.linear.weight"] == [False, False, True]
    assert used["bert.pooler.dense.weight"] == [True, True, True]


def test_under_a_frozen_encoder_it_still_learns_and_cached_features_lie_below_it() -> None:
    model = related(fine_tune_mode="last-linear-layer")
    assert {name.split(".")[0] for name, parameter in model.named_parameters() if parameter.requires_grad} == {"relation", "heads"}
    split = small_split("sts")
    cached = CachedModel(model, {"sts": precompute_features(model, split)})
    batch = small_batch("sts")
    features = model.features(batch, model.embed(batch))
    stored = replace(batch, indices=tuple(range(5)))
    cached.table["sts"][:5] = features
    before = cached(stored)
    torch.testing.assert_close(before, model(batch), rtol=0, atol=1e-12)
    randomise(model.relation, seeded(9))
    assert not torch.allclose(cached(stored), before)


def test_without_a_task_of_pairs_it_is_refused() -> None:
    with pytest.raises(UserError, match=r'^model\.relation = "shared" is a layer for tasks about pairs of sentences, and no task of this run is; try model\.relation = "none"\.$'):
        small_model(names=("sst",), relation="shared")


def test_the_features_pass_the_heads_dropout_before_the_layer() -> None:
    layer, features = randomise(RelationalLayer(7, 0.5), seeded()).double().train(), torch.ones(1, 28, dtype=torch.float64)
    torch.manual_seed(3)
    found = layer(features)
    torch.manual_seed(3)
    dropped = torch.nn.functional.dropout(features, 0.5)
    assert 0 < (dropped == 0).sum() < 28
    torch.testing.assert_close(found, torch.nn.functional.leaky_relu(layer.linear(dropped)), rtol=0, atol=1e-12)
