"""The stored reference: one small BERT's weights, inputs and outputs as `transformers` computed them in float64.

`python -m sanity_checks.make_references` writes the files; their birth certificate (seed, versions, command, hash) lies beside them.
Sizes are pairwise different and prime where they can be, weights large, norms and biases random: at fresh initialisation swapped LayerNorms
or a tanh-GELU would hide. Letters: B batch, T tokens, C width, H heads, L layers.
"""

from __future__ import annotations

import functools
import hashlib
import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from minbert.bert import Bert
from minbert.config import BertConfig
from sanity_checks.judge import CheckFailed

FOLDER = Path(__file__).parent / "references"
CERTIFICATE = FOLDER / "certificate.json"

# Dropout rates differ, so that a rate used in the wrong place is seen; references are computed in eval mode.
CONFIG = BertConfig(vocab_size=29, hidden_size=15, num_hidden_layers=2, num_attention_heads=5, intermediate_size=17, max_position_embeddings=13,
                    type_vocab_size=2, hidden_dropout_prob=0.25, attention_probs_dropout_prob=0.375)


@functools.lru_cache(maxsize=1)
def certificate() -> dict[str, Any]:
    """The birth certificate: what made the reference, how, when, and its hash."""
    return json.loads(CERTIFICATE.read_text(encoding="utf-8"))


def reference() -> dict[str, Tensor]:
    """Name -> tensor: "weight.*" under our names, "input.*", "hidden.0".."hidden.L" (B, T, C), "attention.*" (B, H, T, T), "pooled" (B, C),
    "probe.*" and "gradient.*". `CheckFailed` when the file is not the one its certificate describes."""
    # Copies: code that changes its input in place must not change what the next probe compares with.
    return {name: value.clone() for name, value in _stored().items()}


@functools.lru_cache(maxsize=1)
def _stored() -> dict[str, Tensor]:
    path = FOLDER / "encoder.safetensors"
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != certificate()["sha256"][path.name]:
        raise CheckFailed(f"the stored reference {path.name} was changed (sha256 {found[:12]}...): restore it, or remake it with "
                          "`python -m sanity_checks.make_references`")
    return load_file(path)


def part(prefix: str) -> dict[str, Tensor]:
    """The reference weights below `prefix`, for `load_state_dict`: part("layers.0.attention") -> {"query.weight": ..., ...}."""
    start = f"weight.{prefix}." if prefix else "weight."
    return {name[len(start):]: value for name, value in reference().items() if name.startswith(start)}


def filled(module: nn.Module, prefix: str) -> nn.Module:
    """`module` in float64 and eval mode with the reference weights below `prefix`; says which parameters are missing or too many."""
    module = module.double().eval()
    wanted, found = part(prefix), module.state_dict()
    if wanted.keys() != found.keys():
        missing, extra = sorted(wanted.keys() - found.keys()), sorted(found.keys() - wanted.keys())
        raise CheckFailed(f"parameter names differ: missing {', '.join(missing) or 'none'}; unexpected {', '.join(extra) or 'none'}")
    module.load_state_dict(wanted)
    return module


def reference_bert(kernel: str = "fused") -> Bert:
    """The reference encoder, built by the code under check and filled with the stored weights."""
    return filled(Bert(CONFIG, attention=kernel), "")


def inputs() -> tuple[Tensor, Tensor, Tensor]:
    """Token ids, attention mask and token types of the reference, (B, T) each; one row is padded."""
    stored = reference()
    return stored["input.ids"], stored["input.mask"], stored["input.types"]


def generator(seed: int = 7) -> torch.Generator:
    """A generator for inputs whose exact values do not matter."""
    return torch.Generator().manual_seed(seed)


def random(*shape: int, seed: int = 7) -> Tensor:
    """Standard normal float64 numbers of the given shape, with gradients on."""
    return torch.randn(*shape, generator=generator(seed), dtype=torch.float64).requires_grad_()
