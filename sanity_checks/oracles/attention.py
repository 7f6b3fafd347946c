"""Attention against torch's own kernel, torch's MultiheadAttention, and the stored probabilities.

The mask is only ever hard (kept or hidden) and no row is hidden entirely: what a program does there is its own choice.
Letters: B batch, Q tokens that ask, T tokens that answer, H heads, D head width, C = H D.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from minbert.attention import KERNELS, MultiHeadAttention, attention_bias, formula_attention
from sanity_checks.judge import expect, same
from sanity_checks.recorder import pattern, recorded_dropout
from sanity_checks.reference import CONFIG, filled, inputs, random, reference

B, H, Q, T, D = 2, 5, 11, 7, 3
C = H * D


def operands() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Query (B, H, Q, D), key and value (B, H, T, D), and an additive mask (B, 1, 1, T) that hides three keys of the second row."""
    query, key, value = (random(B, H, rows, D, seed=seed) for seed, rows in enumerate((Q, T, T)))
    bias = torch.zeros(B, 1, 1, T, dtype=torch.float64)
    bias[1, ..., 4:] = -1e5
    return query, key, value, bias


def multi_head(kernel: str) -> MultiHeadAttention:
    """The first layer's attention with the reference weights."""
    built = MultiHeadAttention(C, H, CONFIG.attention_probs_dropout_prob, kernel)
    return filled(built, "layers.0.attention")  # type: ignore[return-value]


def formula_equals_torch() -> float:
    """softmax(Q K^T / sqrt(D) + mask) V is what torch's scaled_dot_product_attention computes, with a mask and without."""
    query, key, value, bias = operands()
    worst = 0.0
    for name, mask in (("without a mask", None), ("with a mask", bias)):
        expected = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        worst = max(worst, same(f"the output {name}", formula_attention(query, key, value, mask)[0], expected))
    return worst


def weights_sum_to_one() -> float:
    """Each query's weights over the keys sum to one, and hidden keys get nothing."""
    query, key, value, bias = operands()
    _, weights = formula_attention(query, key, value, bias)
    expect(weights[1, ..., 4:] < 1e-12, "keys that the mask hides still receive attention")
    return same("the sum of the weights over the keys", weights.sum(-1), torch.ones(B, H, Q))


def fused_equals_formula() -> float:
    """The fused kernel gives the formula's output and its gradients."""
    given = operands()
    outputs = [KERNELS[name](*given)[0] for name in ("formula", "fused")]
    upstream = random(B, H, Q, D, seed=5)
    formula, fused = ([output, *torch.autograd.grad((output * upstream).sum(), given[:3])] for output in outputs)
    return max(same(f"the fused kernel's {name}", b, a) for name, a, b in zip(("output", "slope of Q", "slope of K", "slope of V"), formula, fused))


def mask_keeps_ones_and_hides_zeros() -> None:
    """The mask at the door holds 1 for keep and 0 for hide, and becomes an addition to the scores."""
    bias = attention_bias(torch.tensor([[1, 1, 0], [1, 0, 0]]), torch.float64)
    expect(isinstance(bias, Tensor) and bias.shape == (2, 1, 1, 3), "the additive mask has not the shape (B, 1, 1, T)")
    kept = torch.tensor([[1, 1, 0], [1, 0, 0]], dtype=torch.bool)[:, None, None, :]
    expect(bias[kept] == 0, "a token with mask 1 is not kept: something is added to its score")
    expect(bias[~kept] < -1e3, "a token with mask 0 is not hidden: the number added to its score is not very negative")
    nothing_hidden = attention_bias(torch.ones(2, 3), torch.float64)
    expect(nothing_hidden is None or (nothing_hidden == 0).all(), "a mask of ones hides something")


def multi_head_equals_torch() -> float:
    """Projections, heads and output projection together are torch's nn.MultiheadAttention with the same weights, and the weights too."""
    worst, mask, x = 0.0, inputs()[1], reference()["hidden.0"]
    bias = attention_bias(mask, torch.float64)
    for kernel in KERNELS:
        ours = multi_head(kernel)
        theirs = nn.MultiheadAttention(C, H, batch_first=True, dtype=torch.float64).eval()
        copy_attention(ours, theirs)
        # Numbers to be added, (B H, T, T): for a mask of booleans torch loads half a second of symbolic algebra first.
        expected, weights = theirs(x, x, x, attn_mask=bias.expand(-1, H, mask.size(1), -1).flatten(0, 1), average_attn_weights=False)
        worst = max(worst, same(f"the {kernel} output", ours(x, x, bias).output, expected), same("the weights", ours(x, x, bias, need_weights=True).weights, weights))
    return worst


def copy_attention(ours: MultiHeadAttention, theirs: nn.MultiheadAttention) -> None:
    """Copy our four projections into torch's module, which keeps three of them in one matrix."""
    with torch.no_grad():
        three = (ours.query, ours.key, ours.value)
        theirs.in_proj_weight.copy_(torch.cat([projection.weight for projection in three]))
        theirs.in_proj_bias.copy_(torch.cat([projection.bias for projection in three]))
        theirs.out_proj.load_state_dict(ours.output.state_dict())


def weights_equal_reference() -> float:
    """The weights (B, H, T, T) are those that transformers' BertModel computed."""
    x, (_, mask, _) = reference()["hidden.0"], inputs()
    weights = multi_head("formula")(x, x, attention_bias(mask, torch.float64), need_weights=True).weights
    return same("the weights", weights, reference()["attention.0"])


def dropout_falls_on_the_weights() -> float:
    """While training, dropout is applied once, to the weights after the softmax, at the attention rate."""
    worst, (_, mask, _) = 0.0, inputs()
    x, bias, weights = reference()["hidden.0"], attention_bias(mask, torch.float64), reference()["attention.0"]
    for kernel in KERNELS:
        ours = multi_head(kernel).train()
        with recorded_dropout() as calls:
            output = ours(x, x, bias).output
        expect(calls, f"dropout is never applied in train mode (kernel {kernel})")
        expect(len(calls) == 1, f"dropout is applied {len(calls)} times, expected once")
        given = calls[0].given
        shapes = tuple(given.shape), tuple(weights.shape)
        expect(shapes[0] == shapes[1], f"dropout is applied to a tensor of shape {shapes[0]}, expected the weights {shapes[1]}")
        sums_to_one = (given >= 0) & ((given.sum(-1, keepdim=True) - 1).abs() < 1e-9)
        expect(sums_to_one, "dropout is applied to the scores before the softmax, expected the weights after it")
        expect(calls[0].rate == CONFIG.attention_probs_dropout_prob, f"the dropout rate is {calls[0].rate}, expected attention_probs_dropout_prob")
        value = ours.value(x).view(x.size(0), x.size(1), H, D).transpose(1, 2)  # (B, H, T, D)
        mixed = pattern(weights, calls[0].rate) @ value  # (B, H, T, D)
        worst = max(worst, same("the output in train mode", output, ours.output(mixed.transpose(1, 2).reshape(x.shape))))
    return worst


def eval_is_deterministic_and_train_is_not() -> None:
    """Two calls agree in eval mode and differ in train mode."""
    x = reference()["hidden.0"]
    for kernel in KERNELS:
        ours = multi_head(kernel)
        expect(torch.equal(ours(x, x, None).output, ours(x, x, None).output), "two calls in eval mode differ")
        ours.train()
        expect(not torch.equal(ours(x, x, None).output, ours(x, x, None).output), "two calls in train mode are equal: dropout does nothing")


def arguments_stay_and_gradients_flow() -> None:
    """The caller's tensors are left as they were, and gradients reach every projection."""
    _, mask, _ = inputs()
    x, bias = reference()["hidden.0"].clone(), attention_bias(mask, torch.float64)
    before = x.clone(), bias.clone()
    ours = multi_head("fused")
    ours(x, x, bias).output.square().sum().backward()
    expect(torch.equal(x, before[0]) and torch.equal(bias, before[1]), "attention changed the tensors that it was given")
    for name, parameter in ours.named_parameters():
        # A bias on the keys adds the same number to all scores of a query, which softmax ignores: its gradient is 0 in theory.
        expect(name == "key.bias" or (parameter.grad is not None and parameter.grad.abs().max() > 1e-9), f"no gradient reaches {name}")


PROBES = (formula_equals_torch, weights_sum_to_one, fused_equals_formula, mask_keeps_ones_and_hides_zeros, multi_head_equals_torch,
          weights_equal_reference, dropout_falls_on_the_weights, eval_is_deterministic_and_train_is_not, arguments_stay_and_gradients_flow)
