"""Cached features: training heads on them is the same training, number for number."""

from __future__ import annotations

import copy
from functools import partial

import pytest
import torch
from tasks_small import DROPOUT, TRIO, small_model, small_split

from minbert.errors import UserError
from tasks.batching import collate
from tasks.evaluate import evaluate
from tasks.features import CachedModel, precompute_features
from tasks.model import MultitaskModel
from tasks.objective import make_objective
from tasks.updates import UPDATES


def frozen(**settings: object) -> MultitaskModel:
    return small_model(config=DROPOUT, fine_tune_mode="last-linear-layer", head_dropout=0.4, **settings)


def cached(model: MultitaskModel, batch_size: int = 4) -> CachedModel:
    return CachedModel(model, {task: precompute_features(model, small_split(task), batch_size) for task in TRIO})


@pytest.mark.parametrize("pooling", ["pooler", "mean"])
def test_logits_from_the_same_batch_are_equal_bit_for_bit(pooling: str) -> None:
    model = frozen(pooling=pooling)
    table = cached(model, batch_size=13)
    for task in TRIO:
        split = small_split(task)
        batch = collate(split, sorted(range(13), key=lambda place: -split.lengths[place]))  # the one batch that the features came from
        assert torch.equal(table(batch), model(batch))


def train(model: MultitaskModel, source: MultitaskModel | CachedModel) -> dict[str, torch.Tensor]:
    torch.manual_seed(7)
    source.train()
    batches = {task: iter([collate(small_split(task), places) for places in ([0, 3, 12], [7, 1, 2], [4, 4, 5], [11])]) for task in TRIO}
    optimizer = torch.optim.AdamW(model.heads.parameters(), lr=0.01)
    objective = make_objective(source, lambda task: next(batches[task]))
    for _ in range(4):
        UPDATES["separate"]({task: partial(objective, task) for task in TRIO}, optimizer.step, optimizer.zero_grad)
    return model.state_dict()


def test_training_on_cached_features_is_the_same_training() -> None:
    plain, model = frozen(), frozen()
    before = copy.deepcopy(model.state_dict())
    slow, fast = train(plain, plain), train(model, cached(model))
    torch.testing.assert_close(fast, slow, atol=1e-12, rtol=0)
    changed = {name for name in fast if not torch.equal(fast[name], before[name])}
    assert changed == {name for name in fast if name.startswith("heads.")}
    assert all(weight.grad is None for weight in model.bert.parameters())


def test_the_encoder_runs_once_per_example_and_then_never_again() -> None:
    model, rows = frozen(), []
    model.bert.pooler.register_forward_hook(lambda module, inputs, output: rows.append(len(output)))
    batches = []
    precompute_features(model, small_split("sst"), 4, progress=lambda chunks: (batches.append(len(chunk)) or chunk for chunk in chunks))
    assert batches == [4, 4, 4, 1] == rows
    rows.clear()
    table = cached(model)
    assert sum(rows) == 13 + 26 + 26
    train(model, table)
    assert sum(rows) == 65


def test_features_are_made_without_dropout_and_leave_the_mode_alone() -> None:
    model = frozen()
    still = precompute_features(model, small_split("sts"), 5)
    model.train()
    assert torch.equal(precompute_features(model, small_split("sts"), 5), still)
    assert model.heads.training and not model.bert.training and still.shape == (13, 30) and not still.requires_grad
    model.eval().heads["sts"](still).sum().backward()  # they may be used directly: tensors of inference mode could not
    assert model.heads["sts"].linear.weight.grad is not None


@pytest.mark.parametrize("task", sorted(TRIO))
def test_evaluation_works_on_either_model(task: str) -> None:
    model, split = frozen(), small_split(task)
    ours, plain = (evaluate(each, split, TRIO[task], 5) for each in (cached(model), model))
    torch.testing.assert_close(ours.logits, plain.logits, atol=1e-6, rtol=1e-6)
    assert ours.score == pytest.approx(plain.score, abs=1e-6)


def test_an_encoder_that_learns_is_refused() -> None:
    with pytest.raises(UserError, match="features can be cached only for a frozen encoder"):
        precompute_features(small_model(), small_split("sst"))


def test_a_split_without_features_is_told() -> None:
    model = frozen()
    table = CachedModel(model, {"sst": precompute_features(model, small_split("sst"))})
    with pytest.raises(UserError, match="no features of task 'sts' are stored, only of sst"):
        table(collate(small_split("sts"), [0]))
