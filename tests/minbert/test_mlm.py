"""The head for masked words: equal to transformers, tied to the embeddings, and read from released files."""

from __future__ import annotations

import copy
import dataclasses
import math

import pytest
import safetensors.torch
import torch
import torch.nn.functional as F
from minbert_small import SMALL, inputs, randomise, small_bert

from minbert.bert import Bert
from minbert.errors import UserError
from minbert.mlm import COPY, RELEASED, MaskedLanguageModel
from minbert.released_names import to_released
from minbert.weights import load_released, save_encoder

IDS = [3, 17, 29]


@pytest.fixture
def model(generator):
    return randomise(MaskedLanguageModel(small_bert(generator)), generator).double().eval()


def twin_of(model):
    """The same weights in `transformers`' BertForMaskedLM."""
    transformers = pytest.importorskip("transformers")
    values = {field: getattr(model.bert.config, field) for field in model.bert.config.__dataclass_fields__}
    twin = transformers.BertForMaskedLM(transformers.BertConfig(**values)).to(model.words.dtype)  # first: loading would round to float32
    state = {"bert." + to_released(name): tensor for name, tensor in model.bert.state_dict().items() if not name.startswith("pooler")}
    state |= {theirs: model.head.state_dict()[ours] for ours, theirs in RELEASED.items()}
    state |= {COPY: model.words, "cls.predictions.decoder.bias": model.head.bias}
    twin.load_state_dict(state)
    return twin.eval()


def labels_of(ids, mask, generator):
    chosen = (torch.rand(ids.shape, generator=generator) < 0.4) & mask.bool()
    chosen[0, 0] = True
    return torch.where(chosen, (ids * 7 + 3) % 101, -100)


def test_logits_and_loss_are_those_of_transformers(model, generator):
    ids, mask, types = inputs(generator)
    labels, twin = labels_of(ids, mask, generator), twin_of(model)
    theirs = twin(ids, attention_mask=mask, token_type_ids=types, labels=labels)
    ours, keep = model(ids, mask, types), mask.bool()
    assert (ours[keep] - theirs.logits[keep]).abs().max() < 1e-10 and ours.abs().max() > 1
    assert abs(model.loss(ids, labels, mask, types) - theirs.loss) < 1e-10


def test_slopes_are_those_of_transformers_and_the_word_table_learns_from_both_ends(model, generator):
    ids, mask, types = inputs(generator)
    labels, twin = labels_of(ids, mask, generator), twin_of(model)
    model.loss(ids, labels, mask, types).backward()
    twin(ids, attention_mask=mask, token_type_ids=types, labels=labels).loss.backward()
    theirs = dict(twin.named_parameters())
    for ours, name in RELEASED.items():
        assert (dict(model.head.named_parameters())[ours].grad - theirs[name].grad).abs().max() < 1e-10, name
    table = model.words.grad
    assert (table - theirs["bert.embeddings.word_embeddings.weight"].grad).abs().max() < 1e-10
    unread = sorted(set(range(101)) - set(ids[mask.bool()].tolist()))
    assert table[unread].abs().amax(1).min() > 0  # words that no sentence holds learn through the decoder


def test_decoder_and_embedding_are_one_parameter_also_in_a_copy_and_after_loading(model):
    for each in (model, copy.deepcopy(model)):
        assert each.words is each.bert.embeddings.word.weight
        assert [name for name, value in each.named_parameters() if value.shape == (101, 15)] == ["bert.embeddings.word.weight"]
    twice = copy.deepcopy(model)
    twice.load_state_dict({name: value.clone() for name, value in model.state_dict().items()}, assign=True)
    ids = torch.tensor([IDS])
    before = twice(ids)
    with torch.no_grad():
        twice.words.mul_(2)
    assert twice.words is twice.bert.embeddings.word.weight and not torch.allclose(twice(ids), before)


def test_only_labelled_positions_count_also_where_the_word_was_left_as_it_was(model):
    ids = torch.tensor([IDS])
    logits = model(ids)
    for position in range(3):
        labels = torch.full_like(ids, -100)
        labels[0, position] = ids[0, position]  # unchanged, and still a target
        expected = F.cross_entropy(logits[0, position], ids[0, position])
        assert abs(model.loss(ids, labels) - expected) < 1e-12 and expected > 0


def test_padding_is_hidden_from_the_words(model):
    short, padded = torch.tensor([IDS]), torch.tensor([[*IDS, 55, 66]])
    labels, mask = torch.tensor([[-100, 17, -100]]), torch.tensor([[1, 1, 1, 0, 0]])
    expected = model.loss(short, labels)
    assert abs(model.loss(padded, F.pad(labels, (0, 2), value=-100), mask) - expected) < 1e-12


def test_a_batch_without_a_target_is_told(model):
    ids = torch.tensor([IDS])
    with pytest.raises(UserError, match="no position of this batch has a label"):
        model.loss(ids, torch.full_like(ids, -100))


def test_a_fresh_head_knows_nothing_and_is_drawn_from_its_generator():
    small = dataclasses.replace(SMALL, vocab_size=1009)
    one, other = (MaskedLanguageModel(Bert(small, generator=torch.Generator().manual_seed(3)), generator=torch.Generator().manual_seed(5)) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(one.state_dict().values(), other.state_dict().values()))
    ids = torch.arange(1, 31)[None]
    assert abs(one.eval().loss(ids, ids).item() - math.log(1009)) < 0.1


def test_saved_and_loaded_is_bit_identical_and_opens_in_transformers(model, tmp_path):
    transformers = pytest.importorskip("transformers")
    model.float().save_pretrained(tmp_path)
    again, ids = MaskedLanguageModel.from_pretrained(tmp_path), torch.tensor([IDS])
    assert all(torch.equal(a, b) for a, b in zip(model.state_dict().values(), again.state_dict().values())) and not again.training
    theirs, report = transformers.BertForMaskedLM.from_pretrained(tmp_path, output_loading_info=True)
    assert not report["missing_keys"]
    assert (theirs.eval()(ids).logits - again(ids)).abs().max() < 1e-5
    assert torch.equal(Bert.from_pretrained(tmp_path)(ids).pooler_output, model.bert(ids).pooler_output)


def test_a_file_of_transformers_is_read_with_its_head(model, tmp_path):
    twin, ids = twin_of(model), torch.tensor([IDS])
    twin.float().save_pretrained(tmp_path)
    with pytest.raises(UserError, match="has no pooler"):
        MaskedLanguageModel.from_pretrained(tmp_path)
    read = MaskedLanguageModel.from_pretrained(tmp_path, torch.Generator().manual_seed(1))
    assert (read(ids) - twin(ids).logits).abs().max() < 1e-5


def test_a_file_without_a_head_is_refused_unless_one_may_be_drawn():
    with pytest.raises(UserError, match=r"^tiny has no head for masked words \(cls\.predictions\.\*\); generator=torch\.Generator\(\) draws one"):
        MaskedLanguageModel.from_pretrained("tiny")
    assert MaskedLanguageModel.from_pretrained("tiny", torch.Generator().manual_seed(2)).head.bias.abs().max() == 0


@pytest.mark.parametrize(("change", "words"), [
    ({"cls.predictions.bias": None}, r"holds a part of a head for masked words and lacks cls\.predictions\.bias;"),
    ({"cls.predictions.bias": torch.zeros(7)}, r"cls\.predictions\.bias has shape \(7,\), expected \(101,\)"),
    ({COPY: torch.zeros(101, 15)}, r"decoder\.weight is not the word embeddings"),
    ({"cls.predictions.transform.dense.bias": torch.full((15,), float("nan"))}, r"transform\.dense\.bias"),
])
def test_a_damaged_head_is_told_by_name(change, words, model, tmp_path):
    model.float().save_pretrained(tmp_path)
    tensors = {**safetensors.torch.load_file(tmp_path / "model.safetensors"), **change}
    safetensors.torch.save_file({name: tensor for name, tensor in tensors.items() if tensor is not None}, tmp_path / "model.safetensors")
    with pytest.raises(UserError, match=words):
        MaskedLanguageModel.from_pretrained(tmp_path)


def test_a_bias_under_the_decoders_name_is_read_too(model, tmp_path):
    model.float().save_pretrained(tmp_path)
    released = load_released(tmp_path)
    heads = {name.replace("predictions.bias", "predictions.decoder.bias"): tensor for name, tensor in released.heads.items()}
    save_encoder(tmp_path / "other", released.config, released.state, heads)
    assert torch.equal(MaskedLanguageModel.from_pretrained(tmp_path / "other").head.bias, model.head.bias)


def test_a_frozen_word_table_is_a_frozen_decoder_too_and_the_rest_still_learns(model, generator):
    """They are one tensor: whoever freezes the words that are read freezes the words that are answered."""
    model.bert.embeddings.word.requires_grad_(False)
    before, ids = model.words.clone(), inputs(generator)[0]
    model.loss(ids, labels_of(ids, torch.ones_like(ids), generator)).backward()
    assert model.words.grad is None and torch.equal(model.words, before) and not any(value is model.words for value in model.parameters() if value.requires_grad)
    assert all(value.grad.abs().max() > 0 for value in model.head.parameters()) and model.bert.layers[0].attention.query.weight.grad.abs().max() > 0
