"""BertConfig: impossible sizes are refused by name, and config.json travels both ways."""

from __future__ import annotations

import json

import pytest

from minbert.config import BertConfig
from minbert.errors import UserError


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"hidden_size": 10, "num_attention_heads": 3}, "BertConfig.hidden_size is 10, expected a multiple of num_attention_heads=3"),
        ({"num_hidden_layers": 0}, "BertConfig.num_hidden_layers is 0, expected a whole number above 0, at most 1,000"),
        ({"num_hidden_layers": 10**9}, "BertConfig.num_hidden_layers is 1000000000, expected a whole number above 0, at most 1,000"),
        ({"vocab_size": 2.5}, "BertConfig.vocab_size is 2.5, expected a whole number"),
        ({"num_attention_heads": True}, "BertConfig.num_attention_heads is True, expected a whole number"),
        ({"hidden_dropout_prob": 1.0}, "BertConfig.hidden_dropout_prob is 1.0, expected a number from 0"),
        ({"layer_norm_eps": 10**400}, "BertConfig.layer_norm_eps is 1000"),
        ({"layer_norm_eps": float("nan")}, "BertConfig.layer_norm_eps is nan, expected a number above 0"),
        ({"pad_token_id": 40000}, "BertConfig.pad_token_id is 40000, expected an id from 0 to 30521"),
        ({"hiden_size": 12}, "BertConfig has no field 'hiden_size'"),
    ],
)
def test_an_impossible_field_is_named_with_its_value_and_rule(changes, sentence):
    with pytest.raises(UserError, match=sentence.replace(".", r"\.")):
        BertConfig().replace(**changes)


def test_json_travels_both_ways():
    config = BertConfig(hidden_size=35, num_attention_heads=5, layer_norm_eps=1e-7)
    assert BertConfig.from_json(config.to_json()) == config


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "cannot be parsed"),
        ("[1]", "expected a JSON object, got list"),
        (json.dumps({"model_type": "roberta"}), "model_type is 'roberta'"),
        (json.dumps({"hidden_act": "relu"}), "hidden_act is 'relu'"),
        (json.dumps({"hidden_size": "768"}), "folder/config.json: BertConfig.hidden_size is '768'"),
    ],
)
def test_a_config_that_is_no_bert_is_refused_in_a_sentence(text, sentence):
    with pytest.raises(UserError, match=sentence):
        BertConfig.from_json(text, where="folder/config.json")


def test_keys_that_bert_does_not_use_are_ignored():
    assert BertConfig.from_json({"transformers_version": "4.0", "gradient_checkpointing": False}) == BertConfig()
