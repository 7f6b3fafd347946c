"""Parameter groups: which tensor is decayed, and at which rate it learns.

    layer i of L    lr * xi^(L - 1 - i)       xi = layer_decay; the top layer learns at lr, the layer below at xi lr, ...  (Sun et al. 2019)
    heads           lr * head_lr_multiplier   and what several heads share, the relational layer
    adapters        lr * adapter_lr_multiplier
    all else        lr                        embeddings and pooler, as in SerBERTus; Sun et al. leave them open

Parts are told apart by name: "bert.layers.3.attention.query.weight" is of layer 3, "heads.sst.weight" of the heads.  "towers.sst.layers.3." is
layer 3 too, as high in the stack as the shared one would be: a tower makes nothing deeper.  A tensor escapes decay if a part of its dotted
name is a word of `no_decay` or ends in one after an underscore: "norm" finds embeddings.norm and attention_norm.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from torch import Tensor

LAYER = re.compile(r"^(?:bert|towers\.[^.]+)\.layers\.(\d+)\.")
EMBEDDINGS = re.compile(r"^(?:bert|towers\.[^.]+)\.embeddings\.")
HEADS, ADAPTERS = ("heads.", "relation."), ("adapters.",)
Multipliers = dict[str, tuple[tuple[str, ...], float]]  # part -> what its names start with, and its factor


def names_match(name: str, word: str) -> bool:
    """Whether a dotted part of `name` is `word` or ends in "_" + word; so "bias" does not find a head called "biased"."""
    return any(part == word or part.endswith("_" + word) for part in name.split("."))


def parameter_groups(
    named_parameters: Iterable[tuple[str, Tensor]], lr: float, weight_decay: float = 0.0, no_decay: Sequence[str] = ("bias", "norm"),
    head_lr_multiplier: float = 1.0, layer_decay: float = 1.0, num_layers: int | None = None, decay_embeddings: bool = False,
    adapter_lr_multiplier: float = 1.0,
) -> list[dict[str, Any]]:  # fmt: skip
    """Sort the trainable tensors of a model into groups for AdamW: each in exactly one, frozen ones in none, a shared one under its first name.

    named_parameters: `model.named_parameters()`; layer_decay: xi, above 0 and at most 1; num_layers: L, counted from the names when None;
    decay_embeddings: give the embeddings lr * xi^L as well, one layer below the lowest (our proposal, no source settles it).
    Returns dicts with "params", "lr", "weight_decay" and "name".  Raises ValueError for a setting that no name answers to.

        optimizer = AdamW(parameter_groups(model.named_parameters(), lr=1e-5, weight_decay=0.01, layer_decay=0.95))
    """
    named, words = list(named_parameters), (no_decay,) if isinstance(no_decay, str) else tuple(no_decay)
    layers = [int(match[1]) for name, _ in named if (match := LAYER.match(name))]
    depth = max(layers, default=-1) + 1 if num_layers is None else num_layers  # layers count from 0
    _check_rates(named, layers, depth, layer_decay)
    multipliers = {"head": (HEADS, head_lr_multiplier), "adapter": (ADAPTERS, adapter_lr_multiplier)}
    _check_multipliers(named, multipliers)
    _check_words(named, words)
    groups: dict[str, dict[str, Any]] = {}
    seen: set[int] = set()
    for name, parameter in named:
        if not parameter.requires_grad or id(parameter) in seen:
            continue
        seen.add(id(parameter))  # by identity: == on tensors compares their numbers
        part, factor = _part_and_factor(name, multipliers, layer_decay, depth, decay_embeddings)
        is_decayed = not any(names_match(name, word) for word in words)
        group, decay = (part, weight_decay) if is_decayed else (part + ", no decay", 0.0)
        groups.setdefault(group, {"params": [], "lr": lr * factor, "weight_decay": decay, "name": group})["params"].append(parameter)
    # an optimizer without parameters would train without complaint and change nothing
    if not groups:
        raise ValueError(f"parameter_groups got {len(named)} parameters of which none is trainable; set requires_grad on those to be trained")
    return list(groups.values())


def _part_and_factor(name: str, multipliers: Multipliers, layer_decay: float, depth: int, decay_embeddings: bool) -> tuple[str, float]:
    """The part of the model that `name` belongs to, and what its rate is multiplied by; parts that share the base rate share a group."""
    for part, (prefixes, factor) in multipliers.items():
        if name.startswith(prefixes):
            return f"{part}s", factor
    layer = LAYER.match(name)
    if layer and layer_decay != 1:  # with xi = 1 all layers share one group, and one call of a fast kernel
        return f"layer {layer[1]}", layer_decay ** (depth - 1 - int(layer[1]))
    if EMBEDDINGS.match(name) and decay_embeddings and layer_decay != 1:
        return "embeddings", layer_decay**depth
    return "encoder", 1.0


def _some(named: list[tuple[str, Tensor]]) -> str:
    return ", ".join(name for name, _ in named[:2]) or "no names"


def _check_rates(named: list[tuple[str, Tensor]], layers: list[int], depth: int, layer_decay: float) -> None:
    """Raise ValueError for a decay out of range, or meant for layers that are not there."""
    if not 0 < layer_decay <= 1:
        raise ValueError(f"parameter_groups got layer_decay={layer_decay!r}, expected a factor above 0 and at most 1; try 0.95")
    if layer_decay != 1 and not layers:
        raise ValueError(f"parameter_groups got layer_decay={layer_decay!r} but no name starts with 'bert.layers.', only such as {_some(named)}; use 1.0")
    if layer_decay != 1 and depth <= max(layers):
        raise ValueError(f"parameter_groups got num_layers={depth} but the names go up to layer {max(layers)}; leave num_layers out to count them")


def _check_multipliers(named: list[tuple[str, Tensor]], multipliers: Multipliers) -> None:
    """Raise ValueError for a multiplier out of range, or of a part that is not there."""
    for part, (prefixes, factor) in multipliers.items():
        given = f"parameter_groups got {part}_lr_multiplier={factor!r}"
        if not factor > 0:
            raise ValueError(f"{given}, expected a factor above 0; freeze {part}s by requires_grad")
        if factor != 1 and not any(name.startswith(prefixes) for name, _ in named):
            raise ValueError(f"{given} but no name starts with '{part}s.', only such as {_some(named)}; use 1.0")


def _check_words(named: list[tuple[str, Tensor]], words: tuple[str, ...]) -> None:
    """Raise ValueError for a word that spares nothing: the list was then written for a model with other names."""
    for word in words:
        # frozen tensors count here: a list stays right when the encoder is frozen and only heads are left
        if not any(names_match(name, word) for name, _ in named):
            parts = sorted({part for name, _ in named for part in name.split(".")[-2:]})
            raise ValueError(f"parameter_groups got no_decay={word!r}, which matches no parameter; expected a part of a name, such as {', '.join(parts[:8])}")
