"""The feed-forward network: exact GELU and the oracle of two plain matrix products."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from minbert.feed_forward import FeedForward, gelu


def test_gelu_gives_the_published_values():
    values = gelu(torch.tensor([1.0, -1.0, 0.5, 0.0], dtype=torch.float64))
    assert values.tolist() == pytest.approx([0.8413447461, -0.1586552539, 0.3457312307, 0.0], abs=1e-10)


def test_gelu_equals_torch_and_not_its_tanh_approximation(generator):
    x = torch.randn(997, generator=generator, dtype=torch.float64) * 3
    torch.testing.assert_close(gelu(x), F.gelu(x), rtol=0, atol=1e-14)
    assert (gelu(x) - F.gelu(x, approximate="tanh")).abs().max() > 1e-4


def test_gelu_passes_gradcheck(generator):
    assert torch.autograd.gradcheck(gelu, torch.randn(13, generator=generator, dtype=torch.float64, requires_grad=True))


def test_network_is_widen_bend_narrow(generator):
    network = FeedForward(7, 19).double()
    x = torch.randn(2, 3, 7, generator=generator, dtype=torch.float64)
    inner = gelu(x @ network.expand.weight.T + network.expand.bias)
    torch.testing.assert_close(network(x), inner @ network.contract.weight.T + network.contract.bias, rtol=0, atol=1e-13)


def test_every_token_is_transformed_alone(generator):
    network = FeedForward(7, 19).double()
    x = torch.randn(2, 3, 7, generator=generator, dtype=torch.float64)
    torch.testing.assert_close(network(x[:, 1:2]), network(x)[:, 1:2], rtol=0, atol=1e-14)
