"""The name table: both ways, every spelling found in the wild, against transformers' own names and shapes."""

from __future__ import annotations

import pytest

from minbert.bert import Bert
from minbert.config import BertConfig
from minbert.errors import UserError
from minbert.released_names import parameter_shapes, strip, to_ours, to_released

CONFIG = BertConfig(vocab_size=97, hidden_size=15, num_hidden_layers=13, num_attention_heads=3, intermediate_size=19, max_position_embeddings=23)


def test_the_table_names_exactly_the_parameters_of_transformers_with_their_shapes():
    transformers = pytest.importorskip("transformers")
    config = transformers.BertConfig(**{key: getattr(CONFIG, key) for key in CONFIG.__dataclass_fields__})
    theirs = {name: tuple(tensor.shape) for name, tensor in transformers.BertModel(config).named_parameters()}
    assert {to_released(name): shape for name, shape in parameter_shapes(CONFIG).items()} == theirs


def test_the_table_names_exactly_our_parameters_with_their_shapes():
    ours = {name: tuple(tensor.shape) for name, tensor in Bert(CONFIG).state_dict().items()}
    assert list(parameter_shapes(CONFIG).items()) == list(ours.items())


def test_there_and_back_is_the_same_name():
    assert all(to_ours(to_released(name)) == name for name in parameter_shapes(CONFIG))
    assert len({to_released(name) for name in parameter_shapes(CONFIG)}) == len(parameter_shapes(CONFIG))


@pytest.mark.parametrize(
    "foreign",
    ["encoder.layer.0.attention.self.distance_embedding.weight", "encoder.layer.01.output.dense.weight", "encoder.layer.x.output.dense.bias",
     "encoder.layer.2.output.dense.scale", "pooler.weight", "weight", ""],
)  # fmt: skip
def test_what_is_no_parameter_has_no_name(foreign):
    assert to_ours(foreign) is None


@pytest.mark.parametrize("prefix", ["", "bert.", "module.bert.", "model.", "0.auto_model."])
def test_the_prefix_is_found_in_the_file(prefix):
    names = ["embeddings.word_embeddings.weight", "encoder.layer.0.output.LayerNorm.gamma", "embeddings.LayerNorm.beta", "embeddings.position_ids"]
    outside = ["cls.predictions.transform.LayerNorm.beta", "module.classifier.bias"] if prefix else ["cls.predictions.bias"]
    stripped = strip([prefix + name for name in names] + outside, "file")
    assert [stripped[prefix + name] for name in names[:3]] == [names[0], "encoder.layer.0.output.LayerNorm.weight", "embeddings.LayerNorm.bias"]
    assert [stripped[name] for name in outside] == (["cls.predictions.transform.LayerNorm.bias", "classifier.bias"] if prefix else outside)
    assert len(stripped) == 3 + len(outside)  # the buffer is gone


def test_two_encoders_in_one_file_are_told():
    with pytest.raises(UserError, match=r"file holds 2 encoders \('passage\.', 'query\.'\), expected one; save the one you want by itself\."):
        strip(["query.embeddings.word_embeddings.weight", "passage.embeddings.word_embeddings.weight"], "file")


def test_one_weight_under_two_spellings_is_told():
    names = ["embeddings.word_embeddings.weight", "embeddings.LayerNorm.weight", "embeddings.LayerNorm.gamma"]
    with pytest.raises(UserError, match=r"file holds embeddings\.LayerNorm\.weight twice, the second time as embeddings\.LayerNorm\.gamma"):
        strip(names, "file")
