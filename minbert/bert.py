"""BERT: embeddings, L encoder layers and a pooler (Devlin et al. 2018).

    forward(ids) = encode(embed(ids)),   encode: h_0 = embeddings, h_l = layer_l(h_{l-1}),   pooled = tanh(h_L[CLS] W + b)

Letters: B batch, T tokens, C model width, H heads, L layers.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from minbert.attention import Attended, attention_bias
from minbert.config import BertConfig
from minbert.embeddings import Embeddings
from minbert.errors import UserError
from minbert.layer import EncoderLayer


@dataclass(frozen=True)
class BertOutput:
    """What the encoder returns, readable as `output.pooler_output` and as `output["pooler_output"]`."""

    last_hidden_state: Tensor  # (B, T, C); (B, 1, C) when only the first position was asked for
    pooler_output: Tensor  # (B, C)
    hidden_states: tuple[Tensor, ...]  # L + 1 tensors: the embeddings, then each layer's output; empty with keep_states=False
    attentions: tuple[Tensor, ...] | None  # L tensors (B, H, T, T) when weights were asked for

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)


class Pooler(nn.Module):
    """pooled = tanh(h[CLS] W + b): one vector for the whole sequence."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.dense = nn.Linear(width, width)

    def forward(self, hidden: Tensor) -> Tensor:
        """hidden (B, T, C) -> (B, C), from position 0 alone."""
        return torch.tanh(self.dense(hidden[:, 0]))  # (B, C); pretraining judged sentence pairs by it, so [CLS] has learned to speak for all


class Bert(nn.Module):
    """The BERT encoder, walkable layer by layer through `walk`.  attention: "fused" or "formula"; generator: draws the fresh weights."""

    def __init__(self, config: BertConfig, attention: str = "fused", generator: torch.Generator | None = None) -> None:
        super().__init__()
        self.config = config
        self.embeddings = Embeddings(config)
        self.layers = nn.ModuleList(EncoderLayer(config, attention) for _ in range(config.num_hidden_layers))
        self.pooler = Pooler(config.hidden_size)
        initialise(self, config.initializer_range, generator)

    def embed(self, input_ids: Tensor, token_type_ids: Tensor | None = None, position_ids: Tensor | None = None) -> Tensor:
        """Look the tokens up: (B, T) ids -> (B, T, C) embeddings."""
        return self.embeddings(input_ids, token_type_ids, position_ids)

    def encode(
        self,
        embeddings: Tensor,
        attention_mask: Tensor | None = None,
        first_only: bool = False,
        need_weights: bool = False,
        keep_states: bool = True,
    ) -> BertOutput:
        """Run embeddings (B, T, C) through every layer; attention_mask (B, T), 1 keeps and 0 hides, default keeps all.

        `first_only`: the last layer computes position 0 alone, with the same pooled output and gradients.  `need_weights`: return attentions.
        `keep_states=False` forgets each layer's states once the next has read them, which without gradients saves memory and time.
        """
        last, states, weights = embeddings, [embeddings], []
        for step in self.walk(embeddings, attention_mask, first_only, need_weights):
            last = step.output
            states = [*states, last] if keep_states else []  # without them a layer's memory is free as soon as the next is done
            weights.append(step.weights)
        return BertOutput(last, self.pooler(last), tuple(states), tuple(weights) if need_weights else None)

    def walk(self, hidden: Tensor, attention_mask: Tensor | None = None, first_only: bool = False, need_weights: bool = False) -> Iterator[Attended]:
        """Yield each layer's states (B, T, C) and attention weights as they are computed; whoever stops asking stops the computation."""
        _expect_mask(hidden, attention_mask)
        bias = None if attention_mask is None else attention_bias(attention_mask, _score_dtype(hidden))  # (B, 1, 1, T)
        for number, layer in enumerate(self.layers, start=1):
            step = layer(hidden, bias, first_only=first_only and number == len(self.layers), need_weights=need_weights)
            hidden = step.output
            yield step

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None = None,
        token_type_ids: Tensor | None = None,
        position_ids: Tensor | None = None,
        first_only: bool = False,
        need_weights: bool = False,
        keep_states: bool = True,
    ) -> BertOutput:
        """encode(embed(ids)): input_ids and attention_mask (B, T) -> `BertOutput`; the three switches are those of `encode`."""
        embeddings = self.embed(input_ids, token_type_ids, position_ids)  # (B, T, C)
        return self.encode(embeddings, attention_mask, first_only, need_weights, keep_states)

    @classmethod
    def from_pretrained(
        cls, name_or_folder: str | os.PathLike[str], attention: str = "fused", pooler_generator: torch.Generator | None = None, **config_changes: Any
    ) -> Bert:
        """Load `bert-base-uncased`, `minilm`, `tiny` or a folder in the `transformers` layout; ready to use, in eval mode.

        pooler_generator: draws a pooler where the file has none (else refused); other keywords change the configuration, `hidden_dropout_prob=0.0`
        for example.  Raises `UserError` as minbert/weights.py does, and for changed sizes.
        """
        from minbert.weights import load_encoder  # here, so that building an encoder needs no file code

        config, state = load_encoder(name_or_folder, pooler_generator)
        with torch.device("meta"):  # no time spent on random numbers that the file replaces at once
            bert = cls(config.for_the_same_weights(**config_changes), attention)
        bert.load_state_dict(state, assign=True)  # assign: tensors on "meta" have no memory to copy into
        return bert.eval()  # most first looks are at outputs, and dropout would make every look another

    def save_pretrained(self, folder: str | os.PathLike[str]) -> None:
        """Write `config.json` and `model.safetensors` with the released names, so that `transformers.AutoModel` opens the folder."""
        from minbert.weights import save_encoder

        save_encoder(folder, self.config, self.state_dict())


def initialise(module: nn.Module, std: float, generator: torch.Generator | None = None) -> None:
    """Fresh weights as in BERT: N(0, std^2) for matrices and tables, 0 for biases, 1 and 0 for LayerNorm; drawn from `generator`; none on "meta"."""
    for part in module.modules():
        if isinstance(part, (nn.Linear, nn.Embedding)) and not part.weight.is_meta:
            nn.init.normal_(part.weight, 0.0, std, generator=generator)  # as `transformers`; the first TensorFlow code cut the normal off at 2 std
        if isinstance(part, nn.Linear):
            nn.init.zeros_(part.bias)  # LayerNorm needs nothing: torch starts it at 1 and 0


def _score_dtype(hidden: Tensor) -> torch.dtype:
    # Autocast computes scores in half precision although the states are float32, where a float32 minimum would turn into -inf.
    device = hidden.device.type
    return torch.get_autocast_dtype(device) if torch.is_autocast_enabled(device) else hidden.dtype


def _expect_mask(hidden: Tensor, attention_mask: Tensor | None) -> None:
    if attention_mask is not None and attention_mask.shape != hidden.shape[:2]:
        got, expected = tuple(attention_mask.shape), tuple(hidden.shape[:2])
        raise UserError(f"attention_mask has shape {got}, expected {expected}: one number per token of the embeddings.")
