"""At which rate each part of a model learns: what the common rate is multiplied by, told from a tensor's name.

    layers        decay     xi^(L - 1 - i)         xi = layer_decay; 1 at the top, xi below it, ...              (Sun et al. 2019)
                  ulmfit    2.6^-(L - 1 - i)       each layer 1/2.6 of the one above, the embeddings below all   (Howard & Ruder 2018)
                  thirds    1/2.6, 1, 2.6          lower, middle and upper third of the layers                   (the code of Sun et al.)
    heads         head_lr_multiplier               exits, and what stands below heads: the relational layer, cross-attention
    adapters      adapter_lr_multiplier
    embeddings    embedding_lr_multiplier          of the word and position tables, or of everything below the first layer
    all else      1                                with the embeddings, where nothing above moves them

Parts are told apart by name: "bert.layers.3.attention.query.weight" is of layer 3, "heads.sst.weight" of the heads.  "towers.sst.layers.3." is
layer 3 too, as high in the stack as the shared one would be: a tower makes nothing deeper.  Letters: L layers, i from 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

LAYER = re.compile(r"^(?:bert|towers\.[^.]+)\.layers\.(\d+)\.")
EMBEDDINGS = re.compile(r"^(?:bert|towers\.[^.]+)\.embeddings\.")
HEADS, ADAPTERS = re.compile(r"^(?:heads|exits|certainty|relation|crossing)\."), re.compile(r"^adapters\.")
# "tables" is what has a row per word and per position; SerBERTus names these two and leaves the segment table and the LayerNorm open.
EMBEDDING_PARTS = {"tables": re.compile(EMBEDDINGS.pattern + r"(?:word|position)\."), "all": EMBEDDINGS}
RATIO = 2.6


def decay(layer: int, depth: int, xi: float) -> float:
    """The factor of `layer` of L: xi for each layer above it.  The embeddings ask as layer -1, one below the lowest; so in all three."""
    return xi ** (depth - 1 - layer)


def ulmfit(layer: int, depth: int, xi: float) -> float:
    """`decay` with the ratio of ULMFiT; xi plays no part."""
    return decay(layer, depth, 1 / RATIO)


def thirds(layer: int, depth: int, xi: float) -> float:
    """1/2.6, 1 or 2.6 for the lower, middle and upper third; where L is no multiple of 3 the lower ones are larger.  xi plays no part."""
    return RATIO ** (3 * layer // depth - 1)


LAYER_RATES: dict[str, Callable[[int, int, float], float]] = {"decay": decay, "ulmfit": ulmfit, "thirds": thirds}


@dataclass(frozen=True)
class Rates:
    """What to multiply the rate by.  head, adapter, embedding: factors above 0; embedding_parts: "tables" or "all"; depth: L.

    decay_embeddings: with "decay", give the embeddings xi^L, one layer below the lowest (our proposal: Sun et al. leave it open).
    """

    head: float = 1.0
    adapter: float = 1.0
    embedding: float = 1.0
    embedding_parts: str = "tables"
    layers: str = "decay"
    layer_decay: float = 1.0
    decay_embeddings: bool = False
    depth: int = 0

    @property
    def differ(self) -> bool:
        """Whether the layers learn at different rates; where not, all share one group, and one call of a fast kernel."""
        return self.layers != "decay" or self.layer_decay != 1

    def of(self, name: str) -> tuple[str, float]:
        """The part of the model that `name` belongs to, and its factor; parts that learn at the common rate are one, "encoder"."""
        for part, pattern, factor in (("heads", HEADS, self.head), ("adapters", ADAPTERS, self.adapter)):
            if pattern.match(name):
                return part, factor
        layer = LAYER.match(name)
        if layer and self.differ:
            return f"layer {layer[1]}", self._of_layer(int(layer[1]))
        if EMBEDDINGS.match(name):
            return self._of_embeddings(name)
        return "encoder", 1.0

    def _of_layer(self, layer: int) -> float:
        return LAYER_RATES[self.layers](layer, self.depth, self.layer_decay)

    def _of_embeddings(self, name: str) -> tuple[str, float]:
        is_below = self.layers == "ulmfit" or (self.layers == "decay" and self.decay_embeddings and self.differ)
        is_multiplied = self.embedding != 1 and bool(EMBEDDING_PARTS[self.embedding_parts].match(name))
        part = ("embeddings" if is_below else "encoder") if not is_multiplied else "embedding tables" if self.embedding_parts == "tables" else "embeddings"
        return part, (self._of_layer(-1) if is_below else 1.0) * (self.embedding if is_multiplied else 1.0)

    def check(self, names: Sequence[str]) -> None:
        """Raise ValueError for a factor out of range, or meant for parts that none of `names` belongs to."""
        _check_word("layer_rates", self.layers, LAYER_RATES)
        _check_word("embedding_parts", self.embedding_parts, EMBEDDING_PARTS)
        self._check_layers(names)
        for part, pattern, factor in (("head", HEADS, self.head), ("adapter", ADAPTERS, self.adapter), ("bert.embedding", EMBEDDINGS, self.embedding)):
            given = f"parameter_groups got {part.removeprefix('bert.')}_lr_multiplier={factor!r}"
            if not factor > 0:
                raise ValueError(f"{given}, expected a factor above 0; freeze {part.removeprefix('bert.')}s by requires_grad")
            if factor != 1 and not any(map(pattern.match, names)):
                raise ValueError(f"{given} but no name starts with '{part}s.', only such as {_some(names)}; use 1.0")

    def _check_layers(self, names: Sequence[str]) -> None:
        layers = [int(match[1]) for name in names if (match := LAYER.match(name))]
        setting, plain = (f"layer_decay={self.layer_decay!r}", "1.0") if self.layers == "decay" else (f"layer_rates={self.layers!r}", "'decay'")
        if not 0 < self.layer_decay <= 1:
            raise ValueError(f"parameter_groups got layer_decay={self.layer_decay!r}, expected a factor above 0 and at most 1; try 0.95")
        if self.differ and not layers:
            raise ValueError(f"parameter_groups got {setting} but no name starts with 'bert.layers.', only such as {_some(names)}; use {plain}")
        if self.differ and self.depth <= max(layers):
            raise ValueError(f"parameter_groups got num_layers={self.depth} but the names go up to layer {max(layers)}; leave num_layers out to count them")
        if self.layers == "thirds" and self.depth < 3:
            raise ValueError(f"parameter_groups got layer_rates='thirds', and {self.depth} layers have no three thirds; use 'ulmfit' or 'decay'")


def _check_word(setting: str, value: str, table: dict) -> None:
    if value not in table:
        raise ValueError(f"parameter_groups got {setting}={value!r}, expected one of {', '.join(map(repr, table))}")


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:2]) or "no names"
