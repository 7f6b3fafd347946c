"""Weights in and out: equal to transformers both ways, every spelling read, every damage told by name."""

from __future__ import annotations

import os
import pickle
import re

import pytest
import safetensors.torch
import torch

from minbert.bert import Bert
from minbert.config import BertConfig
from minbert.errors import UserError
from minbert.released_names import parameter_shapes, to_released
from minbert.weights import load_encoder, load_released, save_encoder

CONFIG = BertConfig(vocab_size=97, hidden_size=15, num_hidden_layers=2, num_attention_heads=3, intermediate_size=19, max_position_embeddings=23)


@pytest.fixture
def state(generator):
    return {name: torch.randn(shape, generator=generator) * 0.25 for name, shape in parameter_shapes(CONFIG).items()}


@pytest.fixture
def folder(tmp_path, state):
    save_encoder(tmp_path / "saved", CONFIG, state)
    return tmp_path / "saved"


def released(state):
    return {to_released(name): tensor for name, tensor in state.items()}


def put(folder, tensors, kind="safetensors"):
    """Replace the weights of a folder."""
    (folder / "model.safetensors").unlink(missing_ok=True)
    if kind == "safetensors":
        safetensors.torch.save_file({name: tensor.clone() for name, tensor in tensors.items()}, folder / "model.safetensors")
    else:
        torch.save(tensors, folder / "pytorch_model.bin", _use_new_zipfile_serialization=kind != "old bin")


def assert_same(got, expected, tolerance=0.0):
    assert list(got) == list(expected)
    for name, tensor in expected.items():
        assert got[name].dtype == torch.float32, name
        torch.testing.assert_close(got[name], tensor, rtol=tolerance, atol=tolerance)


def test_saved_and_loaded_is_bit_identical(folder, state):
    config, loaded = load_encoder(folder)
    assert config == CONFIG
    assert_same(loaded, state)


@pytest.fixture
def batch(generator):
    ids = torch.randint(0, 97, (5, 11), generator=generator)
    mask = torch.ones_like(ids)
    mask[1, 7:] = 0
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": ids % 2}


def assert_same_outputs(ours, theirs, batch):
    with torch.no_grad():
        a, b = ours(**batch), theirs(**batch)
    keep = batch["attention_mask"].bool()
    torch.testing.assert_close(a.last_hidden_state[keep], b.last_hidden_state[keep], rtol=0, atol=1e-5)
    torch.testing.assert_close(a.pooler_output, b.pooler_output, rtol=0, atol=1e-5)


def test_transformers_opens_what_we_save_and_computes_the_same(folder, batch):
    transformers = pytest.importorskip("transformers")
    theirs, report = transformers.AutoModel.from_pretrained(folder, output_loading_info=True)
    assert not report["missing_keys"] and not report["unexpected_keys"]
    assert_same_outputs(Bert.from_pretrained(folder), theirs.eval(), batch)


@pytest.mark.parametrize("kind", ["BertModel", "BertForMaskedLM", "BertForSequenceClassification"])
def test_we_open_what_transformers_saves_and_compute_the_same(tmp_path, batch, kind):
    transformers = pytest.importorskip("transformers")
    config = transformers.BertConfig(**{key: getattr(CONFIG, key) for key in CONFIG.__dataclass_fields__})
    torch.manual_seed(3)
    theirs = getattr(transformers, kind)(config).eval()
    theirs.save_pretrained(tmp_path)
    loaded = load_released(tmp_path, torch.Generator().manual_seed(5))
    assert any("cls." in name for name in loaded.heads) == (kind == "BertForMaskedLM")
    assert ("classifier.weight" in loaded.heads) == (kind == "BertForSequenceClassification")
    ours = Bert(loaded.config).eval()
    ours.load_state_dict(loaded.state)
    encoder = theirs if kind == "BertModel" else theirs.bert
    with torch.no_grad():
        a, b = ours(**batch).last_hidden_state, encoder(**batch).last_hidden_state
    torch.testing.assert_close(a[batch["attention_mask"].bool()], b[batch["attention_mask"].bool()], rtol=0, atol=1e-5)


def test_heads_go_out_and_come_back_and_transformers_finds_them(tmp_path, state, generator):
    transformers = pytest.importorskip("transformers")
    heads = {
        "cls.predictions.bias": torch.randn(97, generator=generator),
        "cls.predictions.transform.dense.weight": torch.randn(15, 15, generator=generator),
        "cls.predictions.transform.dense.bias": torch.randn(15, generator=generator),
        "cls.predictions.transform.LayerNorm.weight": torch.randn(15, generator=generator),
        "cls.predictions.transform.LayerNorm.bias": torch.randn(15, generator=generator),
    }
    save_encoder(tmp_path, CONFIG, state, heads)
    loaded = load_released(tmp_path)
    assert_same(loaded.state, state)
    assert_same(dict(sorted(loaded.heads.items())), dict(sorted(heads.items())))
    theirs, report = transformers.AutoModelForMaskedLM.from_pretrained(tmp_path, output_loading_info=True)
    assert not report["missing_keys"]
    assert torch.equal(theirs.cls.predictions.bias, heads["cls.predictions.bias"])
    assert torch.equal(theirs.bert.embeddings.word_embeddings.weight, state["embeddings.word.weight"])


@pytest.mark.parametrize("kind", ["safetensors", "bin", "old bin"])
@pytest.mark.parametrize("prefix", ["", "bert.", "module.bert."])
def test_old_names_prefixes_buffers_and_formats_are_read(folder, state, kind, prefix):
    tensors = {}
    for name, tensor in released(state).items():
        old = re.sub("LayerNorm.bias$", "LayerNorm.beta", re.sub("LayerNorm.weight$", "LayerNorm.gamma", name))
        tensors[prefix + old] = tensor
    tensors[prefix + "embeddings.position_ids"] = torch.arange(23)[None]
    tensors["cls.seq_relationship.bias"] = torch.zeros(2)
    put(folder, tensors, kind)
    loaded = load_released(folder)
    assert_same(loaded.state, state)
    assert list(loaded.heads) == ["cls.seq_relationship.bias"]


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_precisions_become_float32(folder, state, dtype):
    put(folder, {name: tensor.to(dtype) for name, tensor in released(state).items()})
    assert_same(load_encoder(folder)[1], {name: tensor.to(dtype).float() for name, tensor in state.items()})


def test_safetensors_wins_over_a_pickle(folder, state):
    torch.save({}, folder / "pytorch_model.bin")
    assert_same(load_encoder(folder)[1], state)


def test_a_loaded_model_does_not_change_its_file(folder):
    before = (folder / "model.safetensors").read_bytes()
    bert = Bert.from_pretrained(folder)
    with torch.no_grad():
        for parameter in bert.parameters():
            parameter.fill_(7.0)
    assert (folder / "model.safetensors").read_bytes() == before
    bert.save_pretrained(folder)  # over the file it came from
    assert all((tensor == 7).all() for tensor in load_encoder(folder)[1].values())


def test_saving_twice_gives_the_same_bytes_and_no_litter(folder, state):
    first = (folder / "model.safetensors").read_bytes()
    save_encoder(folder, CONFIG, dict(reversed(state.items())))
    assert (folder / "model.safetensors").read_bytes() == first
    assert sorted(os.listdir(folder)) == ["config.json", "model.safetensors"]


QUERY = "encoder.layer.1.attention.self.query"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda t: t.pop(f"{QUERY}.bias"), f"lacks {QUERY}.bias, expected all 39 weights of a BERT of 2 layers; is config.json the right one?"),
        (lambda t: [t.pop(k) for k in list(t) if "layer.1." in k], f"lacks {QUERY}.weight, {QUERY}.bias, encoder.layer.1.attention.self.key.weight and 13"),
        (lambda t: t.pop("embeddings.word_embeddings.weight"), "lacks embeddings.word_embeddings.weight, expected all 39 weights"),
        (lambda t: t.update({"encoder.layer.2.output.dense.bias": t[f"{QUERY}.bias"]}), "unexpected weights encoder.layer.2.output.dense.bias, expected a B"),
        (lambda t: t.update({f"{QUERY}.scale": t[f"{QUERY}.bias"]}), f"unexpected weights {QUERY}.scale, expected those of a BERT encoder"),
        (lambda t: t.update({"pooler.den\n.bias": torch.zeros(15)}), r"unexpected weights 'pooler.den\n.bias', expected those of a BERT encoder"),
        (lambda t: t.update({f"{QUERY}.bias": torch.zeros(17)}), f"{QUERY}.bias has shape (17,), expected (15,) by its config"),
        (lambda t: t.update({f"{QUERY}.bias": torch.zeros(15).int()}), f"{QUERY}.bias is stored as int32, expected one of float32, float16, bfloat16, float64"),
        (lambda t: t[f"{QUERY}.bias"][3:5].fill_(float("nan")), f"{QUERY}.bias holds 2 numbers that are NaN or infinite, expected none"),
        (lambda t: t[f"{QUERY}.bias"][3].fill_(float("-inf")), f"{QUERY}.bias holds 1 numbers that are NaN or infinite"),
        (lambda t: t.pop("pooler.dense.weight"), "lacks pooler.dense.weight, expected all"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["safetensors", "bin"])
def test_damage_is_told_by_the_name_in_the_file(folder, state, change, sentence, kind):
    tensors = released(state)
    change(tensors)
    put(folder, tensors, kind)
    with pytest.raises(UserError, match=re.escape(sentence)) as failure:
        load_encoder(folder)
    assert str(folder) in str(failure.value) and "\n" not in str(failure.value)


def test_a_missing_pooler_is_refused_unless_a_generator_draws_one(folder, state):
    put(folder, {name: tensor for name, tensor in released(state).items() if not name.startswith("pooler.")})
    with pytest.raises(UserError, match=r"has no pooler \(pooler\.dense\.weight, pooler\.dense\.bias\); pooler_generator=torch\.Generator\(\) draws"):
        load_encoder(folder)
    drawn = [load_encoder(folder, torch.Generator().manual_seed(seed))[1]["pooler.dense.weight"] for seed in (3, 3, 5)]
    assert torch.equal(drawn[0], drawn[1]) and not torch.equal(drawn[0], drawn[2])
    assert torch.equal(Bert.from_pretrained(folder, pooler_generator=torch.Generator().manual_seed(3)).pooler.dense.weight, drawn[0])
    with pytest.raises(UserError, match="has no pooler"):
        Bert.from_pretrained(folder)
    assert drawn[0].std() == pytest.approx(CONFIG.initializer_range, rel=0.2)


def test_the_generator_leaves_a_pooler_alone_that_is_there(folder, state):
    assert_same(load_encoder(folder, torch.Generator())[1], state)


class Malicious:
    """Asks the reader of a pickle to run a command."""

    def __reduce__(self):
        return os.system, ("touch owned",)


@pytest.mark.parametrize("kind", ["zip", "old", "bare"])
def test_a_malicious_pickle_is_refused_and_runs_nothing(folder, tmp_path, monkeypatch, kind):
    monkeypatch.chdir(tmp_path)
    (folder / "model.safetensors").unlink()
    content = {"embeddings.word_embeddings.weight": Malicious()}
    if kind == "bare":
        (folder / "pytorch_model.bin").write_bytes(pickle.dumps(content))
    else:
        torch.save(content, folder / "pytorch_model.bin", _use_new_zipfile_serialization=kind == "zip")
    with pytest.raises(UserError, match=r"pytorch_model\.bin is refused: it holds something else than tensors, which could run code \(.*\); use safeten") as f:
        load_encoder(folder)
    assert "\n" not in str(f.value) and not (tmp_path / "owned").exists()


@pytest.mark.parametrize("kind", ["safetensors", "bin", "old bin"])
@pytest.mark.parametrize("part", [0.0, 0.001, 0.02, 0.5, 0.98])
def test_a_truncated_file_is_told(folder, state, kind, part):
    put(folder, released(state), kind)
    path = next(path for path in folder.iterdir() if path.name != "config.json")
    body = path.read_bytes()
    path.write_bytes(body[: int(len(body) * part)])
    with pytest.raises(UserError, match=rf"{path.name} is (no readable|refused)") as failure:
        load_encoder(folder)
    assert "\n" not in str(failure.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [([torch.zeros(2)], "holds a list, expected a dictionary of names and tensors."), ({"epoch": 3}, "entry 'epoch' is int, expected a name and a tensor"),
     ({"a": torch.ones(2).to_sparse()}, "entry 'a' is sparse or without its numbers, expected a plain tensor"),
     ({"a": torch.ones(2, device="meta")}, "entry 'a' is sparse or without its numbers, expected a plain tensor")],
)
def test_a_pickle_of_something_else_is_told(folder, content, sentence):
    put(folder, content, "bin")
    with pytest.raises(UserError, match=re.escape(sentence)):
        load_encoder(folder)


def test_folders_without_what_is_needed_are_told(folder):
    (folder / "model.safetensors").unlink()
    with pytest.raises(UserError, match=r"holds no weights, expected model\.safetensors or pytorch_model\.bin\."):
        load_encoder(folder)
    (folder / "model.safetensors.index.json").write_text("{}")
    with pytest.raises(UserError, match=r"holds weights in several shards \(model\.safetensors\.index\.json\), expected one file; open it in transformers"):
        load_encoder(folder)
    (folder / "config.json").write_bytes(b"\xff")
    with pytest.raises(UserError, match=r"config\.json cannot be read \(.*\), expected JSON in UTF-8\."):
        load_encoder(folder)
    (folder / "config.json").unlink()
    with pytest.raises(UserError, match=r"holds no config\.json, expected one that describes the BERT in it\."):
        load_encoder(folder)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda s: s.pop("pooler.dense.bias"), "the encoder to save lacks pooler.dense.bias"),
        (lambda s: s.update(surprise=torch.zeros(2)), "the encoder to save holds unexpected weights surprise"),
        (lambda s: s.update({"embeddings.word.weight": torch.zeros(97, 13)}), "embeddings.word.weight has shape (97, 13), expected (97, 15)"),
        (lambda s: s["pooler.dense.bias"].fill_(float("inf")), "the encoder to save: pooler.dense.bias holds 15 numbers that are NaN or infinite"),
    ],
)
def test_nothing_is_written_of_a_state_that_could_not_be_read(tmp_path, state, change, sentence):
    change(state)
    with pytest.raises(UserError, match=re.escape(sentence)):
        save_encoder(tmp_path / "new", CONFIG, state)
    assert not (tmp_path / "new").exists()


def test_minilm_equals_transformers(minilm_folder):
    transformers = pytest.importorskip("transformers")
    ids = torch.tensor([[101, 7592, 15756, 2897, 2005, 17953, 2361, 102], [101, 7592, 2088, 102, 0, 0, 0, 0]])
    theirs = transformers.AutoModel.from_pretrained(minilm_folder).eval()
    assert_same_outputs(Bert.from_pretrained("minilm"), theirs, {"input_ids": ids, "attention_mask": (ids != 0).long(), "token_type_ids": ids * 0})


@pytest.mark.parametrize("changes", [{"num_hidden_layers": 1}, {"num_attention_heads": 1}, {"vocab_size": 7}])
def test_a_size_that_the_weights_do_not_have_is_refused(folder, changes):
    (name, value), = changes.items()
    with pytest.raises(UserError, match=rf"{name} is {getattr(CONFIG, name)} in the weights, which cannot be loaded with {name}={value}; build Bert\(config\) afresh\."):
        Bert.from_pretrained(folder, **changes)


def test_rates_may_be_changed_and_sizes_said_again(folder):
    assert Bert.from_pretrained(folder, hidden_dropout_prob=0.5, num_hidden_layers=CONFIG.num_hidden_layers).config.hidden_dropout_prob == 0.5
