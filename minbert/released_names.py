"""One table between two languages: parameter names in released BERT files, and ours, both ways.

    embeddings.LayerNorm.gamma                       embeddings.norm.weight
    bert.encoder.layer.3.attention.self.query.bias   layers.3.attention.query.bias

Letters: C model width, L layers, V vocabulary.
"""

from __future__ import annotations

import re

from minbert.config import BertConfig
from minbert.errors import UserError

# Ours -> released, one row per module; {i} counts layers from 0.  Every module has a weight, and a bias if it is no embedding table.
MODULES = {
    "embeddings.word": "embeddings.word_embeddings",
    "embeddings.position": "embeddings.position_embeddings",
    "embeddings.token_type": "embeddings.token_type_embeddings",
    "embeddings.norm": "embeddings.LayerNorm",
    "layers.{i}.attention.query": "encoder.layer.{i}.attention.self.query",
    "layers.{i}.attention.key": "encoder.layer.{i}.attention.self.key",
    "layers.{i}.attention.value": "encoder.layer.{i}.attention.self.value",
    "layers.{i}.attention.output": "encoder.layer.{i}.attention.output.dense",
    "layers.{i}.attention_norm": "encoder.layer.{i}.attention.output.LayerNorm",
    "layers.{i}.feed_forward.expand": "encoder.layer.{i}.intermediate.dense",
    "layers.{i}.feed_forward.contract": "encoder.layer.{i}.output.dense",
    "layers.{i}.feed_forward_norm": "encoder.layer.{i}.output.LayerNorm",
    "pooler.dense": "pooler.dense",
}
POOLER = ("pooler.dense.weight", "pooler.dense.bias")
ANCHOR = "embeddings.word_embeddings.weight"  # every BERT file has it; what stands in front of it is the file's prefix
OLD_ENDINGS = {"LayerNorm.gamma": "LayerNorm.weight", "LayerNorm.beta": "LayerNorm.bias"}  # as converted from TensorFlow in 2018
BUFFERS = ("embeddings.position_ids", "embeddings.token_type_ids")  # constants 0, 1, 2, ... and 0, 0, 0, ... that some versions saved
ENCODER_ROOMS = ("embeddings.", "encoder.", "pooler.")


def to_released(ours: str) -> str:
    """The released name of one of our encoder parameters; a name that is none comes back unchanged.

    >>> to_released("layers.11.feed_forward.contract.bias")
    'encoder.layer.11.output.dense.bias'
    """
    return _translate(ours, MODULES) or ours


def to_ours(released: str) -> str | None:
    """Our name of one released name without prefix, or None if it names nothing in an encoder.

    >>> to_ours("encoder.layer.11.output.dense.bias")
    'layers.11.feed_forward.contract.bias'
    """
    return _translate(released, {theirs: ours for ours, theirs in MODULES.items()})


def parameter_shapes(config: BertConfig) -> dict[str, tuple[int, ...]]:
    """Our name -> shape of every parameter, in the model's order; linear weights are (out, in)."""
    width, inner = config.hidden_size, config.intermediate_size
    tables = {"word": config.vocab_size, "position": config.max_position_embeddings, "token_type": config.type_vocab_size}
    shapes: dict[str, tuple[int, ...]] = {f"embeddings.{name}.weight": (rows, width) for name, rows in tables.items()}
    shapes |= _vectors("embeddings.norm", (width,))
    for i in range(config.num_hidden_layers):
        for name in ("query", "key", "value", "output"):
            shapes |= _vectors(f"layers.{i}.attention.{name}", (width, width))
        shapes |= _vectors(f"layers.{i}.attention_norm", (width,))
        shapes |= _vectors(f"layers.{i}.feed_forward.expand", (inner, width))
        shapes |= _vectors(f"layers.{i}.feed_forward.contract", (width, inner))
        shapes |= _vectors(f"layers.{i}.feed_forward_norm", (width,))
    return shapes | _vectors("pooler.dense", (width, width))


def strip(names: list[str], where: str) -> dict[str, str]:
    """Name as in the file -> released name without prefix and in today's spelling; buffers are left out.

    The prefix (`bert.`, `module.bert.`, `0.auto_model.`, ...) is whatever stands before embeddings.word_embeddings.weight, so none has to be
    guessed.  Names outside the prefix belong to heads and keep theirs, but for a leading `module.`.  Raises `UserError` if the file holds two encoders.
    """
    prefixes = sorted(name[: -len(ANCHOR)] for name in names if name == ANCHOR or name.endswith("." + ANCHOR))
    if len(prefixes) > 1:
        raise UserError(f"{where} holds {len(prefixes)} encoders ({', '.join(repr(p) for p in prefixes)}), expected one; save the one you want by itself.")
    prefix = prefixes[0] if prefixes else ""  # none: the sentence about what is missing comes later, with all names
    stripped: dict[str, str] = {}
    for name in names:
        short = _modern(name.removeprefix(prefix) if name.startswith(prefix) else name.removeprefix("module."))
        if short in BUFFERS:
            continue
        if short in stripped.values():  # two spellings of one weight, gamma and weight for example: which one is meant?
            raise UserError(f"{where} holds {short} twice, the second time as {name}, expected each weight once.")
        stripped[name] = short
    return stripped


def _vectors(module: str, weight: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    return {f"{module}.weight": weight, f"{module}.bias": weight[:1]}  # a bias is as long as the output


def _translate(name: str, table: dict[str, str]) -> str | None:
    module, _, ending = name.rpartition(".")
    number = re.search(r"\.(0|[1-9][0-9]*)\.", module)  # the layer, if the module stands in one
    template = module.replace(number[0], ".{i}.", 1) if number else module
    if template not in table or ending not in ("weight", "bias"):  # both by the table: a name that merely looks right is none
        return None
    translated = table[template]
    return f"{translated.replace('{i}', number[1]) if number else translated}.{ending}"


def _modern(name: str) -> str:
    for old, new in OLD_ENDINGS.items():
        if name.endswith(old):
            return name.removesuffix(old) + new
    return name
