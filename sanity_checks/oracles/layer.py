"""The encoder layer against torch's nn.TransformerEncoderLayer, the stored reference, and its own equation while training."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from minbert.attention import attention_bias
from minbert.layer import EncoderLayer
from sanity_checks.judge import expect, same
from sanity_checks.oracles.attention import copy_attention
from sanity_checks.recorder import pattern, recorded_dropout
from sanity_checks.reference import CONFIG, filled, inputs, random, reference


def built(number: int = 0, kernel: str = "fused") -> EncoderLayer:
    """Layer `number` with the reference weights."""
    return filled(EncoderLayer(CONFIG, kernel), f"layers.{number}")  # type: ignore[return-value]


def bias() -> Tensor:
    """The reference's mask as an addition to the scores, (B, 1, 1, T)."""
    return attention_bias(inputs()[1], torch.float64)


def equals_reference() -> float:
    """Each layer turns the states before it into the states after it, as transformers' BertModel computed them; real tokens only."""
    real, worst = inputs()[1].bool(), 0.0
    for number in range(CONFIG.num_hidden_layers):
        before, after = (reference()[f"hidden.{place}"] for place in (number, number + 1))
        worst = max(worst, same(f"the output of layer {number}", built(number)(before, bias()).output[real], after[real]))
    return worst


def equals_torch() -> float:
    """torch's own encoder layer (post-norm, exact GELU) with the same weights: output, and gradient of the input."""
    ours, x, upstream = built(), random(2, 7, CONFIG.hidden_size), random(2, 7, CONFIG.hidden_size, seed=9)
    theirs = nn.TransformerEncoderLayer(CONFIG.hidden_size, CONFIG.num_attention_heads, CONFIG.intermediate_size, 0.0, "gelu", CONFIG.layer_norm_eps,
                                        batch_first=True, dtype=torch.float64)
    copy_attention(ours.attention, theirs.self_attn)
    for target, source in ((theirs.norm1, ours.attention_norm), (theirs.norm2, ours.feed_forward_norm),
                           (theirs.linear1, ours.feed_forward.expand), (theirs.linear2, ours.feed_forward.contract)):
        target.load_state_dict(source.state_dict())
    outputs = ours(x, None).output, theirs(x)
    return max(same("the output", *outputs), same("the gradient", *(torch.autograd.grad((value * upstream).sum(), x)[0] for value in outputs)))


def dropout_falls_on_the_new_branches() -> float:
    """While training, LayerNorm(x + Dropout(branch)) twice: the residual stays whole, the norm comes last, the rate is the hidden one."""
    ours, x = built(kernel="formula").train(), reference()["hidden.0"]
    with recorded_dropout() as calls:
        output = ours(x, bias()).output
    expect(len(calls) == 3, f"dropout is applied {len(calls)} times, expected 3: attention weights, attention branch, feed-forward branch")
    rates = [call.rate for call in calls]
    expected_rates = [CONFIG.attention_probs_dropout_prob, CONFIG.hidden_dropout_prob, CONFIG.hidden_dropout_prob]
    expect(rates == expected_rates, f"the dropout rates are {rates}, expected {expected_rates}")
    branch, y = _add_norm(ours, x)
    second = ours.feed_forward(y)
    z = _norm(ours.feed_forward_norm, y + pattern(second, CONFIG.hidden_dropout_prob))
    return max(same("what the first dropout of the layer is given", calls[1].given, branch),
               same("what the second dropout of the layer is given", calls[2].given, second), same("the output in train mode", output, z))


def _add_norm(layer: EncoderLayer, x: Tensor) -> tuple[Tensor, Tensor]:
    with recorded_dropout():  # so that the attention weights are dropped by the same pattern
        branch = layer.attention(x, x, bias()).output
    return branch, _norm(layer.attention_norm, x + pattern(branch, CONFIG.hidden_dropout_prob))


def _norm(norm: nn.LayerNorm, x: Tensor) -> Tensor:
    return F.layer_norm(x, (CONFIG.hidden_size,), norm.weight, norm.bias, CONFIG.layer_norm_eps)


def first_row_alone() -> float:
    """Computing position 0 alone gives row 0 of the whole."""
    x = reference()["hidden.0"]
    return same("position 0 alone", built()(x, bias(), first_only=True).output, built()(x, bias()).output[:, :1])


def input_stays_and_gradients_flow() -> None:
    """The input is left as it was, backward works, and every parameter gets a gradient."""
    ours, x = built(), reference()["hidden.0"].clone()
    ours(x, bias()).output.pow(3).sum().backward()
    expect(torch.equal(x, reference()["hidden.0"]), "the layer changed the tensor that it was given")
    for name, parameter in ours.named_parameters():
        expect(name == "attention.key.bias" or (parameter.grad is not None and parameter.grad.abs().max() > 1e-9), f"no gradient reaches {name}")


PROBES = (equals_reference, equals_torch, dropout_falls_on_the_new_branches, first_row_alone, input_stays_and_gradients_flow)
