"""Parameter groups: which tensor is decayed, and at which rate it learns.

Each trainable tensor comes into exactly one group, with the rate of its part (optim/rates.py) and with weight decay or without.  A tensor
escapes decay if a part of its dotted name is a word of `no_decay` or ends in one after an underscore: "norm" finds embeddings.norm and
attention_norm.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from torch import Tensor

from .rates import LAYER, Rates


def names_match(name: str, word: str) -> bool:
    """Whether a dotted part of `name` is `word` or ends in "_" + word; so "bias" does not find a head called "biased"."""
    return any(part == word or part.endswith("_" + word) for part in name.split("."))


def parameter_groups(
    named_parameters: Iterable[tuple[str, Tensor]], lr: float, weight_decay: float = 0.0, no_decay: Sequence[str] = ("bias", "norm"),
    head_lr_multiplier: float = 1.0, layer_decay: float = 1.0, num_layers: int | None = None, decay_embeddings: bool = False,
    adapter_lr_multiplier: float = 1.0, layer_rates: str = "decay", embedding_lr_multiplier: float = 1.0, embedding_parts: str = "tables",
) -> list[dict[str, Any]]:  # fmt: skip
    """Sort the trainable tensors of a model into groups for AdamW: each in exactly one, frozen ones in none, a shared one under its first name.

    named_parameters: `model.named_parameters()`; layer_rates: "decay", "ulmfit" or "thirds", see optim/rates.py, and layer_decay: xi of the
    first, above 0 and at most 1; num_layers: L, counted from the names when None; decay_embeddings: give the embeddings lr * xi^L as well, one
    layer below the lowest (our proposal, no source settles it); embedding_parts: what embedding_lr_multiplier is about, "tables" or "all".
    Returns dicts with "params", "lr", "weight_decay" and "name".  Raises ValueError for a setting that no name answers to.

        optimizer = AdamW(parameter_groups(model.named_parameters(), lr=1e-5, weight_decay=0.01, layer_decay=0.95))
    """
    named, words = list(named_parameters), (no_decay,) if isinstance(no_decay, str) else tuple(no_decay)
    names = [name for name, _ in named]
    depth = _depth(names) if num_layers is None else num_layers
    rates = Rates(head_lr_multiplier, adapter_lr_multiplier, embedding_lr_multiplier, embedding_parts, layer_rates, layer_decay, decay_embeddings, depth)
    rates.check(names)
    _check_words(names, words)
    groups: dict[str, dict[str, Any]] = {}
    seen: set[int] = set()
    for name, parameter in named:
        if not parameter.requires_grad or id(parameter) in seen:
            continue
        seen.add(id(parameter))  # by identity: == on tensors compares their numbers
        part, factor = rates.of(name)
        is_decayed = not any(names_match(name, word) for word in words)
        group, decay = (part, weight_decay) if is_decayed else (part + ", no decay", 0.0)
        groups.setdefault(group, {"params": [], "lr": lr * factor, "weight_decay": decay, "name": group})["params"].append(parameter)
    # an optimizer without parameters would train without complaint and change nothing
    if not groups:
        raise ValueError(f"parameter_groups got {len(named)} parameters of which none is trainable; set requires_grad on those to be trained")
    return list(groups.values())


def _depth(names: Sequence[str]) -> int:
    """L, counted from the names: layers count from 0."""
    return max((int(match[1]) for name in names if (match := LAYER.match(name))), default=-1) + 1


def _check_words(names: Sequence[str], words: tuple[str, ...]) -> None:
    """Raise ValueError for a word that spares nothing: the list was then written for a model with other names."""
    for word in words:
        # frozen tensors count here: a list stays right when the encoder is frozen and only heads are left
        if not any(names_match(name, word) for name in names):
            parts = sorted({part for name in names for part in name.split(".")[-2:]})
            raise ValueError(f"parameter_groups got no_decay={word!r}, which matches no parameter; expected a part of a name, such as {', '.join(parts[:8])}")
