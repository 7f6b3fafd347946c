"""Words for what learns: which names they mean, and what rests meanwhile."""

from __future__ import annotations

import pytest
import torch
from focus_small import NOISY, Exits, L, batch

from minbert.errors import UserError
from optim import AdamW
from tasks.stage_plan import Stage
from tasks.trainable import only


def learning_names(word: str) -> set[str]:
    with only(Exits(), word, L) as pupils:
        return {name for name, _ in pupils}


def test_words_mean_what_they_say_and_heads_and_encoder_are_everything():
    every = {name for name, _ in Exits().named_parameters()}
    assert learning_names("all") == learning_names(Stage("any", steps=1).trainable) == every
    assert learning_names("heads") == {name for name in every if name.startswith(("heads.", "exits."))}
    assert learning_names("encoder") == every - learning_names("heads")
    turns = [learning_names(f"layer {layer}") for layer in range(1, L + 1)]
    resting = {name for name in every if name.startswith("bert.embeddings.")}
    assert set.union(*turns) == every - resting and sum(map(len, turns)) == len(every - resting)  # one turn each, none twice


@pytest.mark.parametrize("word", ["heads", "encoder", "layer 1", "layer 3"])
def test_a_step_moves_what_learns_and_nothing_else(word):
    model, (ids, mask, labels) = Exits(NOISY).train(), batch()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    with only(model, word, L) as pupils:
        optimizer = AdamW([parameter for _, parameter in pupils], lr=1e-2, weight_decay=0.1)
        sum(model.losses(ids, mask, labels)).backward()
        optimizer.step()
        own = {name for name, parameter in pupils if parameter.grad is not None}
    moved = {name for name, tensor in model.state_dict().items() if not torch.equal(tensor, before[name])}
    assert moved == own <= learning_names(word) and moved


def test_dropout_is_off_exactly_where_nothing_learns():
    def modes(word: str) -> list[bool]:
        model = Exits(NOISY).train()
        with only(model, word, L):
            return [model.bert.embeddings.dropout.training, *(layer.attention_dropout.training for layer in model.bert.layers)]

    assert {word: modes(word) for word in ("all", "encoder", "heads", "layer 2")} == {
        "all": [True] * 4, "encoder": [True] * 4, "heads": [False] * 4, "layer 2": [False, False, True, False],
    }  # fmt: skip


def test_an_evaluated_model_is_not_put_into_train_mode():
    model = Exits(NOISY).eval()
    with only(model, "layer 2", L):
        assert not any(module.training for module in model.modules())


@pytest.mark.parametrize(("word", "message"), [
    ("head", "trainable is 'head', expected all, heads, encoder or layer 1 to layer 3; did you mean 'heads'"),
    ("layer two", "trainable is 'layer two'"), ("layer 9", "nothing learns with trainable = 'layer 9'"),
])
def test_words_without_a_meaning_are_refused(word, message):
    with pytest.raises(UserError, match=message), only(Exits(), word, L):
        pass
