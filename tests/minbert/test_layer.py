"""The encoder layer against torch's own, and what each of its parts must not do."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from minbert_small import SMALL, randomise
from torch import nn

from minbert.attention import attention_bias
from minbert.layer import EncoderLayer, add_norm

B, T, C = 2, 7, 15


@pytest.fixture
def layer(generator):
    return randomise(EncoderLayer(SMALL), generator).double().eval()


@pytest.fixture
def hidden(generator):
    return torch.randn(B, T, C, generator=generator, dtype=torch.float64, requires_grad=True)


@pytest.fixture
def bias():
    mask = torch.ones(B, T)
    mask[0, 5:] = 0
    return attention_bias(mask, torch.float64)


def test_layer_equals_torch_transformer_encoder_layer_in_output_and_gradient(layer, hidden, generator):
    oracle = nn.TransformerEncoderLayer(C, 5, 23, dropout=0.0, activation="gelu", layer_norm_eps=1e-12, batch_first=True, dtype=torch.float64)
    attention = layer.attention
    with torch.no_grad():
        oracle.self_attn.in_proj_weight.copy_(torch.cat([attention.query.weight, attention.key.weight, attention.value.weight]))
        oracle.self_attn.in_proj_bias.copy_(torch.cat([attention.query.bias, attention.key.bias, attention.value.bias]))
    pairs = [
        (oracle.self_attn.out_proj, attention.output),
        (oracle.linear1, layer.feed_forward.expand),
        (oracle.linear2, layer.feed_forward.contract),
        (oracle.norm1, layer.attention_norm),
        (oracle.norm2, layer.feed_forward_norm),
    ]
    for theirs, ours in pairs:
        theirs.load_state_dict(ours.state_dict())
    upstream = torch.randn(B, T, C, generator=generator, dtype=torch.float64)
    expected, output = oracle(hidden), layer(hidden, None).output
    torch.testing.assert_close(output, expected, rtol=0, atol=1e-12)
    ours, theirs = (torch.autograd.grad(out, [hidden], upstream)[0] for out in (output, expected))
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-11)
    output, expected = layer(hidden, None).output, oracle(hidden)
    ours, theirs = (torch.autograd.grad(o, [p.weight for _, p in zip(range(5), modules)], upstream) for o, modules in
                    ((output, [pair[1] for pair in pairs]), (expected, [pair[0] for pair in pairs])))
    for a, b in zip(ours, theirs):
        torch.testing.assert_close(a, b, rtol=0, atol=1e-11)


def test_gradcheck(layer, hidden, bias):
    assert torch.autograd.gradcheck(lambda x: layer(x, bias).output, [hidden])


def test_first_only_equals_the_first_row_in_output_and_gradient(layer, hidden, bias):
    whole, first = layer(hidden, bias).output[:, :1], layer(hidden, bias, first_only=True).output
    torch.testing.assert_close(first, whole, rtol=0, atol=1e-13)
    variables = [hidden, *layer.parameters()]
    for ours, theirs in zip(*(torch.autograd.grad(out.square().sum(), variables) for out in (first, whole))):
        torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-12)


def test_output_of_every_token_is_normalised(layer, hidden):
    plain = (layer(hidden, None).output - layer.feed_forward_norm.bias) / layer.feed_forward_norm.weight
    assert plain.mean(-1).abs().max() < 1e-12
    torch.testing.assert_close(plain.var(-1, unbiased=False), torch.ones(B, T, dtype=torch.float64), rtol=0, atol=1e-9)


def test_only_the_branch_is_dropped_and_the_norm_comes_last(generator):
    """A non-affine recorder in place of dropout sees the branch alone, and nothing follows the norm."""
    residual, branch = (torch.randn(B, T, C, generator=generator, dtype=torch.float64) for _ in range(2))
    norm = randomise(nn.LayerNorm(C), generator).double()
    seen = []

    class Recorder(nn.Module):
        def forward(self, x):
            seen.append(x)
            return x.clamp(min=0)

    output = add_norm(residual, branch, Recorder(), norm)
    assert torch.equal(seen[0], branch)
    expected = F.layer_norm(residual + branch.clamp(min=0), (C,), norm.weight, norm.bias, norm.eps)
    torch.testing.assert_close(output, expected, rtol=0, atol=1e-13)


def test_each_dropout_is_called_once_with_its_own_branch(layer, hidden):
    calls = []
    for name in ("attention_dropout", "feed_forward_dropout"):
        getattr(layer, name).register_forward_hook(lambda module, args, output, name=name: calls.append((name, args[0])))
    layer(hidden, None)
    assert [name for name, _ in calls] == ["attention_dropout", "feed_forward_dropout"]
    torch.testing.assert_close(calls[0][1], layer.attention(hidden, hidden, None).output, rtol=0, atol=1e-13)


def test_the_second_residual_starts_at_the_first_add_norm(layer, hidden):
    y = F.layer_norm(hidden + layer.attention(hidden, hidden, None).output, (C,), layer.attention_norm.weight, layer.attention_norm.bias, 1e-12)
    z = F.layer_norm(y + layer.feed_forward(y), (C,), layer.feed_forward_norm.weight, layer.feed_forward_norm.bias, 1e-12)
    torch.testing.assert_close(layer(hidden, None).output, z, rtol=0, atol=1e-12)


def test_the_input_stays_as_it_was(layer, hidden):
    before = hidden.detach().clone()
    layer(hidden, None)
    assert torch.equal(hidden, before)
