"""The whole encoder against `transformers`, and the invariants of a BERT forward (padding, batch, order, doors)."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from minbert_small import SMALL, inputs, randomise, small_bert, transformers_twin

from minbert.bert import Bert, initialise
from minbert.config import BertConfig
from minbert.dropout import dropout
from minbert.errors import UserError
from minbert.released_names import to_released


def differences(ours, theirs):
    return [(a - b).abs().max().item() for a, b in zip(ours, theirs)]


@pytest.mark.parametrize("attention", ["formula", "fused"])
def test_encoder_equals_transformers_in_every_state_and_gradient(generator, attention):
    bert = small_bert(generator, attention=attention)
    twin = transformers_twin(bert)
    ids, mask, types = inputs(generator)
    ours, theirs = bert(ids, mask, types), twin(ids, mask, types, output_hidden_states=True)
    real = mask.bool()
    assert max(differences([state[real] for state in ours.hidden_states], [state[real] for state in theirs.hidden_states])) < 1e-12
    assert (ours.pooler_output - theirs.pooler_output).abs().max() < 1e-12
    for out, model in ((ours, bert), (theirs, twin)):
        (out.pooler_output.square().sum() + out.last_hidden_state[real].pow(3).sum()).backward()
    gradients = {to_released(name): parameter.grad for name, parameter in bert.named_parameters()}
    expected = {name: parameter.grad for name, parameter in twin.named_parameters()}
    assert set(gradients) == set(expected)
    for name, gradient in expected.items():
        torch.testing.assert_close(gradients[name], gradient, rtol=1e-9, atol=1e-11)


def test_base_size_equals_transformers_at_1e_10_in_float64_and_1e_5_in_float32(generator):
    """BERT-base, 109,482,240 copied random weights (std 0.05), a ragged batch: outputs and every gradient."""
    with torch.device("meta"):
        bert = Bert(BertConfig(hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0))
    bert = randomise(bert.to_empty(device="cpu"), generator, std=0.05).eval()  # every parameter, so that none stays empty; there are no buffers
    assert not list(bert.buffers()) and sum(parameter.numel() for parameter in bert.parameters()) == 109_482_240
    ids, mask, types = inputs(generator, rows=2, tokens=7, vocab=30522)
    for dtype, tolerance in ((torch.float32, 1e-5), (torch.float64, 1e-10)):
        bert = bert.to(dtype)
        twin = transformers_twin(bert)
        ours, theirs = bert(ids, mask, types), twin(ids, mask, types)
        assert (ours.last_hidden_state - theirs.last_hidden_state)[mask.bool()].abs().max() < tolerance
        assert (ours.pooler_output - theirs.pooler_output).abs().max() < tolerance
    for output in (ours, theirs):
        output.pooler_output.square().sum().backward()
    expected = {name: parameter.grad for name, parameter in twin.named_parameters()}
    for name, parameter in bert.named_parameters():
        theirs = expected[to_released(name)]
        assert ((parameter.grad - theirs).abs_() - 1e-8 * theirs.abs()).max() <= 1e-10, name  # as assert_close, in a third of the passes over 109 million numbers


def test_train_mode_drops_at_the_same_places_as_transformers(generator, monkeypatch):
    """With our mask in their dropouts and one seed, train mode agrees too: every dropout stands where BERT has it, none is missing."""
    monkeypatch.setattr(torch.nn.functional, "dropout", lambda x, p=0.5, training=True, inplace=False: dropout(x, p, training))
    config = SMALL.replace(hidden_dropout_prob=0.3, attention_probs_dropout_prob=0.2)
    bert = small_bert(generator, config, attention="formula")
    twin = transformers_twin(bert)
    twin.set_attn_implementation("eager")
    ids, mask, types = inputs(generator)
    states = []
    for model in (bert.train(), twin.train()):
        torch.manual_seed(7)
        states.append(model(ids, mask, types).last_hidden_state[mask.bool()])
    assert (states[0] - states[1]).abs().max() < 1e-12


def test_real_minilm_equals_transformers_on_real_sentences(minilm_folder, course_data):
    """500 SST sentences, real weights: 1e-5 at every real token."""
    from transformers import AutoModel

    from minbert.tokenizer import Tokenizer

    lines = (course_data / "ids-sst-dev.csv").read_text(encoding="utf-8").splitlines()[1:501]
    sentences = sorted((line.split("\t")[2].strip() for line in lines), key=len)  # little padding: what is padded is not compared
    bert, tokenizer = Bert.from_pretrained(minilm_folder), Tokenizer.from_pretrained(minilm_folder)
    twin = AutoModel.from_pretrained(minilm_folder).eval()
    largest = 0.0
    with torch.inference_mode():
        for start in range(0, 500, 100):
            batch = tokenizer(sentences[start : start + 100])
            ours, theirs = bert(batch.input_ids, batch.attention_mask), twin(batch.input_ids, batch.attention_mask)
            real = batch.attention_mask.bool()
            largest = max(largest, (ours.last_hidden_state - theirs.last_hidden_state)[real].abs().max().item())
            largest = max(largest, (ours.pooler_output - theirs.pooler_output).abs().max().item())
    assert largest < 1e-5


def test_forward_is_encode_of_embed(generator):
    bert = small_bert(generator)
    ids, mask, types = inputs(generator)
    whole, composed = bert(ids, mask, types), bert.encode(bert.embed(ids, types), mask)
    assert torch.equal(whole.last_hidden_state, composed.last_hidden_state)
    assert torch.equal(whole["pooler_output"], composed["pooler_output"])


def test_layers_can_be_walked_one_by_one_and_left_early(generator):
    bert = small_bert(generator)
    ids, mask, _ = inputs(generator)
    states = bert(ids, mask).hidden_states
    calls = []
    bert.layers[2].register_forward_hook(lambda *_: calls.append("third layer"))
    walk = bert.walk(bert.embed(ids), mask)
    assert torch.equal(next(walk).output, states[1]) and torch.equal(next(walk).output, states[2])
    walk.close()
    assert calls == [] and len(states) == 4


def test_first_only_gives_the_same_pooled_vector_and_gradients(generator):
    bert = small_bert(generator)
    ids, mask, types = inputs(generator)
    gradients = []
    for first_only in (False, True):
        bert.zero_grad()
        output = bert(ids, mask, types, first_only=first_only)
        output.pooler_output.pow(3).sum().backward()
        gradients.append([output.pooler_output.detach(), *(parameter.grad for parameter in bert.parameters())])
    assert output.last_hidden_state.shape == (4, 1, 15)
    for whole, first in zip(*gradients):
        torch.testing.assert_close(first, whole, rtol=0, atol=1e-11)


def test_attention_weights_can_be_asked_for(generator):
    bert = small_bert(generator)
    ids, mask, _ = inputs(generator)
    weights = bert(ids, mask, need_weights=True).attentions
    assert len(weights) == 3 and bert(ids, mask).attentions is None
    torch.testing.assert_close(weights[1].sum(-1), torch.ones(4, 5, 11, dtype=torch.float64))
    assert weights[2].masked_select((mask == 0)[:, None, None, :].expand(4, 5, 11, 11)).abs().sum() == 0


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 6), st.integers(1, 12), st.integers(0, 9), st.integers(0, 2**31))
def test_padding_never_changes_a_real_token(rows, tokens, extra, seed):
    """Any number of pads, any ids in them; also a row alone against the row in its batch, and the batch in another order."""
    generator = torch.Generator().manual_seed(seed)
    bert = small_bert(generator)
    ids, mask, types = inputs(generator, rows, tokens)
    before = bert(ids, mask, types)
    junk = torch.randint(0, 101, (rows, extra), generator=generator)
    wider = bert(torch.cat([ids, junk], 1), torch.cat([mask, torch.zeros_like(junk)], 1), torch.cat([types, junk % 2], 1))
    real = mask.bool()
    assert (wider.last_hidden_state[:, :tokens][real] - before.last_hidden_state[real]).abs().max() < 1e-10
    alone = bert(ids[:1], mask[:1], types[:1])
    assert (alone.pooler_output - before.pooler_output[:1]).abs().max() < 1e-10
    order = torch.randperm(rows, generator=generator)
    assert (bert(ids[order], mask[order], types[order]).pooler_output - before.pooler_output[order]).abs().max() < 1e-10


def test_eval_is_deterministic_and_train_is_not(generator):
    bert = small_bert(generator, SMALL.replace(hidden_dropout_prob=0.1, attention_probs_dropout_prob=0.1))
    ids, mask, _ = inputs(generator)
    assert torch.equal(bert(ids, mask).pooler_output, bert(ids, mask).pooler_output)
    bert.train()
    assert not torch.equal(bert(ids, mask).pooler_output, bert(ids, mask).pooler_output)


def test_gradients_reach_every_parameter(generator):
    bert = small_bert(generator)
    ids, mask, types = inputs(generator)
    bert(ids, mask, types).pooler_output.sum().backward()
    silent = [name for name, parameter in bert.named_parameters() if parameter.grad is None or parameter.grad.abs().sum() == 0]
    # A constant added to every key changes all scores of a query alike, and softmax ignores it: the key bias gets rounding noise at most.
    assert [name for name in silent if not name.endswith("key.bias")] == []


def test_pooler_passes_gradcheck(generator):
    pooler = small_bert(generator).pooler
    hidden = torch.randn(2, 3, 15, generator=generator, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(pooler, [hidden])


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_autocast_and_a_fully_hidden_row_stay_finite(generator, dtype):
    bert = small_bert(generator).float()
    ids, mask, _ = inputs(generator)
    mask[0] = 0
    with torch.autocast("cpu", dtype=dtype):
        output = bert(ids, mask)
    assert torch.isfinite(output.last_hidden_state).all() and torch.isfinite(output.pooler_output).all()


def test_length_one_and_the_longest_length_work(generator):
    bert = small_bert(generator)
    assert torch.isfinite(bert(torch.ones(1, 1, dtype=torch.long)).pooler_output).all()
    assert torch.isfinite(bert(torch.ones(1, 37, dtype=torch.long)).pooler_output).all()


def test_a_mask_that_does_not_fit_is_refused_in_a_sentence(generator):
    with pytest.raises(UserError, match=r"attention_mask has shape \(2, 3\), expected \(1, 5\)"):
        small_bert(generator)(torch.ones(1, 5, dtype=torch.long), torch.ones(2, 3))


def test_fresh_weights_follow_the_generator_and_the_stated_spread(generator):
    one, two = (Bert(SMALL, generator=torch.Generator().manual_seed(3)) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters()))
    wide = torch.nn.Linear(307, 311)
    initialise(wide, 0.02, generator)
    assert wide.weight.std().item() == pytest.approx(0.02, rel=0.02) and wide.bias.abs().max() == 0


def test_saved_and_loaded_encoder_is_the_same(generator, tmp_path):
    bert = small_bert(generator).float()
    bert.save_pretrained(tmp_path / "encoder")
    again = Bert.from_pretrained(tmp_path / "encoder")
    ids, mask, types = inputs(generator)
    assert torch.equal(bert(ids, mask, types).pooler_output, again(ids, mask, types).pooler_output)
    assert not again.training and again.config == bert.config
