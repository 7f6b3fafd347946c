"""Attention: the formula by hand, against torch's kernels, and the invariants that a wrong version breaks."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from minbert.attention import MultiHeadAttention, attention_bias, formula_attention, fused_attention
from minbert.errors import UserError

B, H, Q, T, D = 2, 3, 5, 7, 11  # pairwise different primes: any swapped axis changes a shape or a number
C = H * D


def tensors(generator, rows=Q):
    shapes = [(B, H, rows, D), (B, H, T, D), (B, H, T, D)]
    return [torch.randn(shape, generator=generator, dtype=torch.float64, requires_grad=True) for shape in shapes]


@pytest.fixture
def bias():
    mask = torch.ones(B, T)
    mask[1, 4:] = 0
    return attention_bias(mask, torch.float64)


@pytest.fixture
def module(generator):
    attention = MultiHeadAttention(C, H, dropout=0.0).double()
    with torch.no_grad():
        for parameter in attention.parameters():
            parameter.normal_(0, 0.25, generator=generator)
    return attention


def test_two_tokens_by_hand():
    """Scores (1, 0)/sqrt(1): weights e/(e+1) and 1/(e+1), values 10 and 20 are mixed in that proportion."""
    query, key, value = torch.tensor([[[[1.0]]]]), torch.tensor([[[[1.0], [0.0]]]]), torch.tensor([[[[10.0], [20.0]]]])
    output, weights = formula_attention(query, key, value, None)
    share = math.e / (math.e + 1)
    assert weights.flatten().tolist() == pytest.approx([share, 1 - share])
    assert output.item() == pytest.approx(10 * share + 20 * (1 - share))


def test_formula_equals_the_fused_kernel_in_output_and_gradient(generator, bias):
    for mask in (None, bias):
        inputs = tensors(generator)
        outputs = [kernel(*inputs, mask)[0] for kernel in (formula_attention, fused_attention)]
        torch.testing.assert_close(outputs[0], outputs[1], rtol=0, atol=1e-12)
        upstream = torch.randn(outputs[0].shape, generator=generator, dtype=torch.float64)
        gradients = [torch.autograd.grad(output, inputs, upstream) for output in outputs]
        for ours, theirs in zip(*gradients):
            torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-12)


def test_gradients_match_finite_differences(generator, bias):
    assert torch.autograd.gradcheck(lambda q, k, v: formula_attention(q, k, v, bias)[0], tensors(generator))


def test_each_query_shares_out_exactly_one(generator, bias):
    weights = formula_attention(*tensors(generator), bias)[1]
    torch.testing.assert_close(weights.sum(-1), torch.ones(B, H, Q, dtype=torch.float64))


def test_hidden_keys_get_nothing(generator, bias):
    weights = formula_attention(*tensors(generator), bias)[1]
    assert weights[1, :, :, 4:].abs().max() == 0
    assert weights[0].min() > 0


def test_a_row_that_hides_everything_is_uniform_and_finite(generator):
    for dtype in (torch.float64, torch.float32, torch.bfloat16, torch.float16):
        empty = attention_bias(torch.zeros(B, T), dtype)
        inputs = [tensor.detach().to(dtype) * 10 for tensor in tensors(generator)]
        output, weights = formula_attention(*inputs, empty)
        assert torch.isfinite(output).all()
        if dtype is not torch.float16:  # in half precision the hiding number is small enough for scores to show beside it
            torch.testing.assert_close(weights, torch.full_like(weights, 1 / T))


def test_nothing_hidden_needs_no_bias():
    assert attention_bias(torch.ones(B, T), torch.float32) is None


def test_a_mask_of_the_wrong_rank_is_refused_in_a_sentence():
    with pytest.raises(UserError, match=r"attention_mask has shape \(2, 1, 1, 7\), expected \(B, T\)"):
        attention_bias(torch.ones(B, 1, 1, T), torch.float32)


def test_module_equals_torch_multi_head_attention(module, generator):
    oracle = nn.MultiheadAttention(C, H, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        oracle.in_proj_weight.copy_(torch.cat([module.query.weight, module.key.weight, module.value.weight]))
        oracle.in_proj_bias.copy_(torch.cat([module.query.bias, module.key.bias, module.value.bias]))
    oracle.out_proj.load_state_dict(module.output.state_dict())
    x = torch.randn(B, T, C, generator=generator, dtype=torch.float64)
    mask = torch.ones(B, T, dtype=torch.bool)
    mask[0, 3:] = False
    expected, weights = oracle(x, x, x, key_padding_mask=~mask, average_attn_weights=False)
    ours = module(x, x, attention_bias(mask, torch.float64), need_weights=True)
    torch.testing.assert_close(ours.output, expected, rtol=0, atol=1e-12)
    torch.testing.assert_close(ours.weights, weights, rtol=0, atol=1e-12)


def test_permuting_the_tokens_permutes_the_output(module, generator):
    x = torch.randn(B, T, C, generator=generator, dtype=torch.float64)
    order = torch.randperm(T, generator=generator)
    torch.testing.assert_close(module(x[:, order], x[:, order], None).output, module(x, x, None).output[:, order], rtol=0, atol=1e-12)


def test_shuffling_heads_and_output_columns_together_changes_nothing(module, generator):
    x = torch.randn(B, T, C, generator=generator, dtype=torch.float64)
    before = module(x, x, None).output
    order = torch.tensor([2, 0, 1])
    columns = torch.arange(C).view(H, D)[order].flatten()
    with torch.no_grad():
        for linear in (module.query, module.key, module.value):
            linear.weight.copy_(linear.weight[columns].clone())
            linear.bias.copy_(linear.bias[columns].clone())
        module.output.weight.copy_(module.output.weight[:, columns].clone())
    torch.testing.assert_close(module(x, x, None).output, before, rtol=0, atol=1e-12)


def test_asking_rows_can_be_fewer_than_answering_rows(module, generator):
    x = torch.randn(B, T, C, generator=generator, dtype=torch.float64)
    torch.testing.assert_close(module(x[:, :1], x, None).output, module(x, x, None).output[:, :1], rtol=0, atol=1e-12)


def test_dropout_falls_on_probabilities_in_train_mode_only(module, generator, monkeypatch):
    """The recorder sees rows that sum to one, and only while training."""
    seen = []
    monkeypatch.setattr("minbert.attention.drop", lambda x, rate: seen.append((x.sum(-1), rate)) or x)
    module.kernel, module.dropout = "formula", 0.3
    x = torch.randn(B, T, C, generator=generator, dtype=torch.float64)
    module.train()(x, x, None)
    module.eval()(x, x, None)
    assert [rate for _, rate in seen] == [0.3, 0.0]
    torch.testing.assert_close(seen[0][0], torch.ones(B, H, T, dtype=torch.float64))


@pytest.mark.parametrize("kernel", ["formula", "fused"])
def test_train_mode_draws_new_dropout_and_eval_mode_none(module, generator, kernel):
    module.kernel, module.dropout = kernel, 0.5
    x = torch.randn(B, T, C, generator=generator, dtype=torch.float64)
    assert not torch.equal(module.train()(x, x, None).output, module(x, x, None).output)
    assert torch.equal(module.eval()(x, x, None).output, module(x, x, None).output)


@pytest.mark.parametrize("kernel", ["formula", "fused"])
def test_dropout_keeps_the_expected_output(module, generator, kernel):
    """Averaged over many masks, dropped and rescaled probabilities mix to the same value."""
    module.kernel, module.dropout = kernel, 0.25
    x = torch.randn(1, T, C, generator=generator, dtype=torch.float64)
    with torch.no_grad():
        many = module.train()(x.expand(4000, -1, -1), x.expand(4000, -1, -1), None).output
    standard_error = many.std(0) / math.sqrt(4000)
    assert ((many.mean(0) - module.eval()(x, x, None).output[0]).abs() / standard_error).max() < 5


def test_inputs_stay_as_they_were(module, generator):
    x, mask = torch.randn(B, T, C, generator=generator, dtype=torch.float64), torch.ones(B, T)
    before = x.clone()
    module(x, x, attention_bias(mask, torch.float64))
    assert torch.equal(x, before) and torch.equal(mask, torch.ones(B, T))


def test_huge_scores_stay_finite():
    query = torch.full((1, 1, 2, 3), 1e4)
    output, weights = formula_attention(query, query, query, None)
    assert torch.isfinite(output).all() and torch.isfinite(weights).all()


def test_an_unknown_kernel_is_named():
    with pytest.raises(UserError, match="attention='flash' is unknown, expected one of formula, fused"):
        MultiHeadAttention(C, H, 0.0, "flash")
