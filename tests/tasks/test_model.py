"""The multitask model: composition, one pass for pairs, independence of batch mates, heads that know only their task's name, a frozen encoder."""

from __future__ import annotations

import copy
import math
from dataclasses import replace

import pytest
import torch
from minbert_small import SMALL
from tasks_small import DROPOUT, SETTINGS, TRIO, seeded, small_batch, small_model

from minbert.bert import Bert
from minbert.errors import UserError
from tasks.batching import Batch
from tasks.losses import task_loss
from tasks.model import MultitaskModel
from tasks.pairs import PAIR_FEATURES
from tasks.pooling import POOLINGS

CLOSE = {"atol": 1e-12, "rtol": 1e-12}


def rows_of(batch: Batch, rows: list[int], size: int = 5) -> Batch:
    tensors = {name: getattr(batch, name)[rows] for name in ("input_ids", "attention_mask", "token_type_ids")}
    return replace(batch, **tensors, indices=batch.indices[:size])


def loss_of(model: MultitaskModel, batch: Batch) -> torch.Tensor:
    return task_loss(TRIO[batch.task].kind, model(batch), batch.labels)


@pytest.mark.parametrize("pairs", ["siamese", "cross"])
@pytest.mark.parametrize("task", sorted(TRIO))
def test_forward_is_the_closure_applied_to_the_embeddings(task: str, pairs: str) -> None:
    model, batch = small_model(pairs=pairs), small_batch(task, pairs=pairs)
    assert torch.equal(model(batch), model.logits_of(batch)(model.embed(batch)))
    model.train()
    torch.manual_seed(1)
    forward = model(batch)
    torch.manual_seed(1)
    assert torch.equal(forward, model.logits_of(batch)(model.embed(batch)))


@pytest.mark.parametrize("pooling", sorted(POOLINGS))
def test_one_pass_over_stacked_pairs_equals_two_passes(pooling: str) -> None:
    model, batch = small_model(pooling=pooling, pair_features="all"), small_batch("sts")
    sentences = replace(model.settings, pairs="cross")  # no combining: each row gives its own vector
    single = MultitaskModel(model.bert, TRIO, sentences, seeded()).double().eval()
    halves = [rows_of(batch, list(rows)) for rows in (range(5), range(5, 10))]
    u, v = (single.features(half, single.embed(half)) for half in halves)
    expected = model.heads["sts"](torch.cat([u, v, (u - v).abs(), u * v], dim=-1))
    torch.testing.assert_close(model(batch), expected, **CLOSE)


@pytest.mark.parametrize("pairs", ["siamese", "cross"])
@pytest.mark.parametrize("pooling", sorted(POOLINGS))
@pytest.mark.parametrize("task", sorted(TRIO))
def test_logits_do_not_depend_on_padding_or_on_batch_mates(task: str, pooling: str, pairs: str) -> None:
    model = small_model(pooling=pooling, pairs=pairs)
    batch, padded = small_batch(task, pairs=pairs), small_batch(task, pairs=pairs, padding=3)
    logits = model(batch)
    torch.testing.assert_close(model(padded), logits, **CLOSE)
    stacked = len(batch.input_ids) == 10
    for place in range(5):
        alone = rows_of(batch, [place, place + 5] if stacked else [place], size=1)
        torch.testing.assert_close(model(alone), logits[place : place + 1], **CLOSE)


def test_swapping_the_sentences_of_a_pair_changes_nothing_exactly_when_the_features_are_symmetric() -> None:
    batch = small_batch("quora")
    swapped = rows_of(batch, [5, 6, 7, 8, 9, 0, 1, 2, 3, 4])
    for features in PAIR_FEATURES:
        model = small_model(pair_features=features)
        assert torch.allclose(model(batch), model(swapped), atol=1e-12) == ("u" not in PAIR_FEATURES[features])


@pytest.mark.parametrize("pooling", sorted(POOLINGS))
def test_the_last_layer_computes_the_first_row_alone_where_that_is_all_the_pooling_reads(pooling: str) -> None:
    model, batch, seen = small_model(pooling=pooling), small_batch("sst"), []
    hook = model.bert.layers[-1].register_forward_hook(lambda module, inputs, output: seen.append(output.output.size(1)))
    logits = model(batch)
    hook.remove()
    assert seen == [1 if pooling in ("pooler", "cls") else 7]
    whole = model.bert(batch.input_ids, batch.attention_mask, batch.token_type_ids)
    torch.testing.assert_close(logits, model.heads["sst"](POOLINGS[pooling](whole, batch.attention_mask)), **CLOSE)


def test_token_types_reach_the_encoder() -> None:
    model, batch = small_model(pairs="cross"), small_batch("sts", pairs="cross")
    flat = replace(batch, token_type_ids=torch.zeros_like(batch.token_type_ids))
    assert not torch.allclose(model(batch), model(flat), atol=1e-3)


def test_a_fresh_sentiment_model_starts_near_the_log_of_five() -> None:
    model = MultitaskModel(Bert(SMALL, generator=seeded()), TRIO, SETTINGS, seeded(5)).eval()
    assert loss_of(model, small_batch("sst", size=97)).item() == pytest.approx(math.log(5), abs=0.05)


def test_training_one_task_gives_the_other_heads_no_gradient() -> None:
    for task in TRIO:
        model = small_model().train()
        loss_of(model, small_batch(task)).backward()
        assert all(weight.grad is not None for weight in model.bert.parameters())
        assert {name for name, head in model.heads.items() if any(weight.grad is not None for weight in head.parameters())} == {task}


def test_state_names_start_with_bert_or_heads_and_survive_a_round_trip() -> None:
    model, other, batch = small_model(seed=3), small_model(seed=8), small_batch("sts")
    expected = {f"bert.{name}" for name in model.bert.state_dict()} | {f"heads.{task}.linear.{part}" for task in TRIO for part in ("weight", "bias")}
    assert set(model.state_dict()) == expected
    assert not torch.equal(model(batch), other(batch))
    other.load_state_dict(model.state_dict())
    assert torch.equal(model(batch), other(batch))


def test_a_head_starts_from_the_seed_and_its_own_name_whatever_the_other_tasks() -> None:
    def heads(names: tuple[str, ...], seed: int = 5) -> dict[str, torch.Tensor]:
        model = MultitaskModel(Bert(SMALL, generator=seeded()), {name: TRIO[name] for name in names}, SETTINGS, seeded(seed))
        return {name: head.linear.weight for name, head in model.heads.items()}

    alone, all_three = heads(("sts",)), heads(("sst", "quora", "sts"))
    assert torch.equal(alone["sts"], all_three["sts"])
    assert not torch.equal(all_three["sts"], all_three["quora"])
    assert not torch.equal(alone["sts"], heads(("sts",), seed=6)["sts"])


def test_head_widths_follow_pair_mode_and_features() -> None:
    widths = {name: small_model(pair_features=name).heads["sts"].linear.in_features for name in PAIR_FEATURES}
    assert widths == {name: 15 * len(parts) for name, parts in PAIR_FEATURES.items()}
    assert small_model(pair_features="all").heads["sst"].linear.in_features == 15
    assert small_model(pair_features="all", pairs="cross").heads["sts"].linear.in_features == 15


def test_last_linear_layer_training_changes_the_head_and_not_one_bit_of_the_encoder() -> None:
    model = small_model(config=DROPOUT, fine_tune_mode="last-linear-layer").train()
    before = copy.deepcopy(model.state_dict())
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.1, weight_decay=0.5)
    for seed in range(3):
        optimizer.zero_grad()
        loss_of(model, small_batch("sst", seed=seed)).backward()
        optimizer.step()
    changed = {name for name, value in model.state_dict().items() if not torch.equal(value, before[name])}
    assert changed == {"heads.sst.linear.weight", "heads.sst.linear.bias"}
    assert all(weight.grad is None and not weight.requires_grad for weight in model.bert.parameters())


def test_last_linear_layer_at_bert_base_width_trains_3845_numbers() -> None:
    with torch.device("meta"):
        bert = Bert(replace(SMALL, hidden_size=768, num_attention_heads=12))
    model = MultitaskModel(bert, {"sst": TRIO["sst"]}, replace(SETTINGS, fine_tune_mode="last-linear-layer"))
    assert sum(weight.numel() for weight in model.parameters() if weight.requires_grad) == 3845


def test_a_frozen_encoder_has_no_dropout_in_train_mode_but_its_head_has() -> None:
    model, batch = small_model(config=DROPOUT, head_dropout=0.5), small_batch("sst")
    model.train().freeze_encoder()
    assert not model.bert.training and model.heads.training
    assert model.train() is model and model.heads.training and not model.bert.training
    assert torch.equal(model.features(batch, model.embed(batch)), model.eval().features(batch, model.embed(batch)))
    assert not torch.equal(model.train()(batch), model(batch))


def test_an_encoder_that_is_not_frozen_has_dropout_in_train_mode() -> None:
    model, batch = small_model(config=DROPOUT).train(), small_batch("sst")
    assert not torch.equal(model.features(batch, model.embed(batch)), model.features(batch, model.embed(batch)))


def test_gradients_reach_the_embeddings_through_a_frozen_encoder() -> None:
    model, batch = small_model(fine_tune_mode="last-linear-layer"), small_batch("sts")
    embeddings = model.embed(batch).requires_grad_()
    (gradient,) = torch.autograd.grad(model.logits_of(batch)(embeddings).sum(), embeddings)
    real = batch.attention_mask.bool()
    assert gradient[real].abs().sum() > 0 and gradient[~real].abs().max() == 0


def test_unknown_heads_and_tasks_are_named() -> None:
    with pytest.raises(UserError, match=r"task 'sts' asks for head 'linar', expected one of linear.*; did you mean linear\?"):
        MultitaskModel(Bert(SMALL), TRIO, replace(SETTINGS, heads=("sts=linar",)))
    with pytest.raises(UserError, match="the batch is of task 'sts', this model has heads for sst, quora"):
        small_model(names=("sst", "quora"))(small_batch("sts"))


def test_a_batch_encoded_for_the_other_pair_mode_is_refused() -> None:
    with pytest.raises(UserError, match="a batch of 5 'sts' examples has 5 rows, this model with pairs='siamese' expects 10"):
        small_model()(small_batch("sts", pairs="cross"))
    with pytest.raises(UserError, match="a batch of 5 'sts' examples has 10 rows, this model with pairs='cross' expects 5"):
        small_model(pairs="cross")(small_batch("sts"))
