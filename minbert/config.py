"""The numbers that define one BERT: sizes, dropout rates and the LayerNorm constant (Devlin et al. 2018, section 3)."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from minbert.errors import UserError, first_line, shown

# Sizes and the largest ever meant: a damaged file that asks for a billion layers is told so, instead of filling the memory.
LARGEST = {
    "vocab_size": 10**8, "hidden_size": 10**6, "num_hidden_layers": 10**3, "num_attention_heads": 10**6, "intermediate_size": 10**7,
    "max_position_embeddings": 10**7, "type_vocab_size": 10**5,
}
RATES = ("hidden_dropout_prob", "attention_probs_dropout_prob")

# What a config.json must say, where it says anything: other values mean a model that is not the one built here.
FIXED = {"model_type": "bert", "hidden_act": "gelu", "position_embedding_type": "absolute", "is_decoder": False}


@dataclass(frozen=True)
class BertConfig:
    """The sizes of one BERT, under the names that released `config.json` files use; the defaults are BERT-base uncased.

    Letters used everywhere: V = vocab_size, C = hidden_size, L = num_hidden_layers, H = num_attention_heads, D = C / H.
    Raises `UserError` naming the field, its value and the rule when a value is impossible.
    """

    vocab_size: int = 30522  # V: word pieces
    hidden_size: int = 768  # C: width of every token vector
    num_hidden_layers: int = 12  # L: encoder layers
    num_attention_heads: int = 12  # H: heads, each C / H wide
    intermediate_size: int = 3072  # width inside the feed-forward network, usually 4 C
    max_position_embeddings: int = 512  # longest sequence that has learned positions
    type_vocab_size: int = 2  # segments: sentence A is 0, sentence B is 1
    layer_norm_eps: float = 1e-12  # added to the variance, inside the square root
    hidden_dropout_prob: float = 0.1  # dropout on embeddings and sub-layer outputs
    attention_probs_dropout_prob: float = 0.1  # dropout on attention probabilities
    initializer_range: float = 0.02  # standard deviation of fresh weights
    pad_token_id: int = 0  # the id whose embedding fills the end of short rows

    def __post_init__(self) -> None:
        for name, largest in LARGEST.items():
            self._expect(name, _is_whole(getattr(self, name)) and 0 < getattr(self, name) <= largest, f"a whole number above 0, at most {largest:,}")
        for name in RATES:
            self._expect(name, _is_number(getattr(self, name)) and 0 <= getattr(self, name) < 1, "a number from 0 up to, not including, 1")
        for name in ("layer_norm_eps", "initializer_range"):
            self._expect(name, _is_number(getattr(self, name)) and getattr(self, name) > 0, "a number above 0")
        pad = self.pad_token_id
        self._expect("pad_token_id", _is_whole(pad) and 0 <= pad < self.vocab_size, f"an id from 0 to {self.vocab_size - 1}")
        divides = self.hidden_size % self.num_attention_heads == 0
        self._expect("hidden_size", divides, f"a multiple of num_attention_heads={self.num_attention_heads}, so that all heads are equally wide")

    def _expect(self, name: str, holds: bool, rule: str) -> None:
        if not holds:
            raise UserError(f"BertConfig.{name} is {shown(getattr(self, name))}, expected {rule}.")

    @property
    def head_size(self) -> int:
        """D = C / H, the width of one attention head."""
        return self.hidden_size // self.num_attention_heads

    def replace(self, **changes: Any) -> BertConfig:
        """Return a copy with some fields changed; an unknown field is a `UserError`."""
        known = {field.name for field in dataclasses.fields(self)}
        unknown = sorted(set(changes) - known)
        if unknown:
            raise UserError(f"BertConfig has no field {unknown[0]!r}; its fields are {', '.join(sorted(known))}.")
        return dataclasses.replace(self, **changes)

    def for_the_same_weights(self, **changes: Any) -> BertConfig:
        """As `replace`, for a model whose weights exist already: a size that would change is a `UserError`, rates and ranges are free."""
        changed = self.replace(**changes)
        for name in LARGEST:
            # The number of heads too: every shape would fit, and every output would be wrong.
            if getattr(changed, name) != getattr(self, name):
                raise UserError(f"{name} is {getattr(self, name)} in the weights, which cannot be loaded with {name}={getattr(changed, name)}; build Bert(config) afresh.")
        return changed

    def to_json(self) -> str:
        """Return the text of a `config.json` that `transformers` opens as a BertModel."""
        released = {"architectures": ["BertModel"], **FIXED, **dataclasses.asdict(self)}
        return json.dumps(released, indent=2, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, source: str | Mapping[str, Any], where: str = "config.json") -> BertConfig:
        """Read the text (or the parsed mapping) of a `config.json`; keys that BERT does not use are ignored.

        Raises `UserError` when the text is no JSON object or describes something that is not a BERT encoder with exact GELU.
        """
        values = _parse(source, where) if isinstance(source, str) else source
        for key, expected in FIXED.items():
            if values.get(key, expected) != expected:
                raise UserError(f"{where}: {key} is {shown(values[key])}, but minbert builds BERT encoders with {key} = {expected!r} only.")
        known = {field.name for field in dataclasses.fields(cls)}
        try:
            return cls(**{key: value for key, value in values.items() if key in known})
        except UserError as error:
            raise UserError(f"{where}: {error}") from None


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)  # True is an int in Python, but never a size


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= sys.float_info.max


def _parse(text: str, where: str) -> dict[str, Any]:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError: JSON that is none, or a whole number of thousands of digits
        raise UserError(f"{where}: expected a JSON object, but it cannot be parsed ({first_line(error)}).") from None
    if not isinstance(values, dict):
        raise UserError(f"{where}: expected a JSON object, got {type(values).__name__}.")
    return values
