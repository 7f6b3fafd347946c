"""The closure that regularizers get: it repeats masks exactly, leaves dropout out when asked, and costs no random number."""

from __future__ import annotations

import pytest
import torch
from tasks_small import DROPOUT, small_batch, small_model

from minbert.errors import UserError
from tasks.logits_of import without_dropout


def training_model(**settings):
    return small_model(config=DROPOUT, head_dropout=0.3, **settings).train()


@pytest.mark.parametrize("task", ["sst", "quora", "sts"])
@pytest.mark.parametrize("point", ["normalised", "output", "words"])
def test_the_same_masks_give_the_same_logits_and_use_up_no_random_number(task, point):
    model, batch = training_model(), small_batch(task)
    embeddings, logits_of = model.embed(batch, point), model.logits_of(batch, point)
    clean = logits_of(embeddings)
    before = torch.get_rng_state()
    assert torch.equal(logits_of(embeddings, masks="same"), clean) and torch.equal(logits_of(embeddings, masks="same"), clean)
    assert torch.equal(torch.get_rng_state(), before)
    assert not torch.equal(logits_of(embeddings), clean)


def test_without_dropout_the_logits_are_those_of_eval_mode_and_the_mode_comes_back():
    model, batch = training_model(), small_batch("sts")
    off = model.logits_of(batch, "normalised")(model.embed(batch, "normalised"), masks="off")
    assert model.training and model.bert.layers[0].training
    assert torch.equal(off, model.eval()(batch))


def test_a_frozen_encoder_stays_in_eval_mode():
    model = training_model(fine_tune_mode="last-linear-layer")
    with without_dropout(model):
        assert not model.heads["sst"].training
    assert model.heads["sst"].training and not model.bert.training


def test_the_mode_comes_back_after_an_error_too():
    model = training_model()
    with pytest.raises(RuntimeError), without_dropout(model):
        raise RuntimeError
    assert model.training


def test_what_cannot_be_repeated_and_what_is_no_choice_are_refused():
    model, batch = training_model(), small_batch("sst")
    with pytest.raises(UserError, match="there was none: call logits_of"):
        model.logits_of(batch)(model.embed(batch), masks="same")
    with pytest.raises(UserError, match="masks is 'on', expected one of fresh, same, off"):
        model.logits_of(batch)(model.embed(batch), masks="on")
