"""Parameter groups: each trainable tensor in exactly one, biases and norms spared from decay, rates by layer and for heads."""

from __future__ import annotations

import torch
from torch import Tensor

from optim import parameter_groups
from sanity_checks.judge import expect
from sanity_checks.reference import CONFIG, part

RATE, DECAY, LAYER_DECAY, HEAD = 1.0, 0.01, 0.5, 10.0


def named() -> list[tuple[str, Tensor]]:
    """The reference encoder's tensors under the names that training uses, and one head."""
    tensors = {f"bert.{name}": value for name, value in part("").items()}
    tensors |= {"heads.mood.linear.weight": torch.zeros(5, 3), "heads.mood.linear.bias": torch.zeros(5)}
    return [(name, value.clone().requires_grad_()) for name, value in tensors.items()]


def settings_of(groups: list[dict[str, object]], parameters: list[tuple[str, Tensor]]) -> dict[str, tuple[float, float]]:
    """Name -> (rate, decay) as the groups give them."""
    found = {id(parameter): (group["lr"], group["weight_decay"]) for group in groups for parameter in group["params"]}
    return {name: found[id(parameter)] for name, parameter in parameters if id(parameter) in found}


def every_tensor_in_one_group() -> None:
    """Every trainable tensor is in exactly one group, a frozen one in none."""
    parameters = named()
    parameters[0][1].requires_grad_(False)
    grouped = [id(parameter) for group in parameter_groups(parameters, RATE, DECAY) for parameter in group["params"]]
    expect(len(grouped) == len(set(grouped)), "a tensor is in two groups")
    expect(set(grouped) == {id(parameter) for _, parameter in parameters[1:]}, "the groups do not hold exactly the trainable tensors")


def biases_and_norms_do_not_decay() -> None:
    """Decay spares biases and both weights of every LayerNorm, and nothing else."""
    parameters = named()
    for name, (_, decay) in settings_of(parameter_groups(parameters, RATE, DECAY), parameters).items():
        spared = name.endswith("bias") or "norm.weight" in name
        expect(decay == (0.0 if spared else DECAY), f"{name} decays by {decay}, expected {0.0 if spared else DECAY}")


def rates_follow_layers_and_heads() -> None:
    """The top layer learns at the base rate, each layer below at layer_decay times the one above, heads at their multiple."""
    parameters = named()
    groups = parameter_groups(parameters, RATE, DECAY, head_lr_multiplier=HEAD, layer_decay=LAYER_DECAY)
    top = CONFIG.num_hidden_layers - 1
    expected = {"heads.": HEAD * RATE, "bert.pooler.": RATE, "bert.embeddings.": RATE}
    expected |= {f"bert.layers.{top - below}.": RATE * LAYER_DECAY**below for below in range(top + 1)}
    for name, (rate, _) in settings_of(groups, parameters).items():
        wanted = next(value for start, value in expected.items() if name.startswith(start))
        expect(abs(rate - wanted) < 1e-12, f"{name} learns at {rate}, expected {wanted}")


PROBES = (every_tensor_in_one_group, biases_and_norms_do_not_decay, rates_follow_layers_and_heads)
