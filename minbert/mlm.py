"""Masked language modelling: which word stood here? What BERT was first trained for (Devlin et al. 2018, section 3.1).

    logits = LayerNorm(GELU(h W + b)) E^T + c,      E the word embeddings: the same table reads words in and out
    loss = mean over the chosen positions of  -log softmax(logits)[the word that stood there]

Which positions are chosen is the business of tasks/masking.py. Letters: B batch, T tokens, C model width, V vocabulary, M chosen positions.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from minbert.bert import Bert, initialise
from minbert.config import BertConfig
from minbert.errors import UserError
from minbert.weight_files import expect_usable
from minbert.weights import load_released, save_encoder

IGNORED = -100  # the label of positions that were not chosen, as everywhere in torch
RELEASED = {  # ours -> the name in released files
    "dense.weight": "cls.predictions.transform.dense.weight", "dense.bias": "cls.predictions.transform.dense.bias",
    "norm.weight": "cls.predictions.transform.LayerNorm.weight", "norm.bias": "cls.predictions.transform.LayerNorm.bias",
    "bias": "cls.predictions.bias",
}  # fmt: skip
COPY = "cls.predictions.decoder.weight"  # some files hold the embeddings a second time under this name


class MaskedWordHead(nn.Module):
    """From hidden states to one score per word. It owns no decoder matrix: the caller lends it the word embeddings, so they cannot drift apart."""

    def __init__(self, config: BertConfig, generator: torch.Generator | None = None) -> None:
        super().__init__()
        self.dense = nn.Linear(config.hidden_size, config.hidden_size)
        self.norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.bias = nn.Parameter(torch.zeros(config.vocab_size))  # how frequent each word is, before anything is read
        initialise(self, config.initializer_range, generator)

    def forward(self, hidden: Tensor, words: Tensor) -> Tensor:
        """hidden (..., C) and the word embeddings (V, C) -> logits (..., V)."""
        return F.linear(self.norm(F.gelu(self.dense(hidden))), words, self.bias)  # (..., C) -> (..., V)


class MaskedLanguageModel(nn.Module):
    """An encoder and its head. After further training `.bert` goes on to the tasks, and the head stays behind."""

    def __init__(self, bert: Bert, head: MaskedWordHead | None = None, generator: torch.Generator | None = None) -> None:
        super().__init__()
        self.bert = bert
        self.head = head or MaskedWordHead(bert.config, generator)

    @property
    def words(self) -> Tensor:
        """The word embeddings (V, C), which are also the decoder."""
        return self.bert.embeddings.word.weight

    def forward(self, input_ids: Tensor, attention_mask: Tensor | None = None, token_type_ids: Tensor | None = None) -> Tensor:
        """input_ids (B, T) -> logits (B, T, V)."""
        return self.head(self.bert(input_ids, attention_mask, token_type_ids, keep_states=False).last_hidden_state, self.words)

    def loss(self, input_ids: Tensor, labels: Tensor, attention_mask: Tensor | None = None, token_type_ids: Tensor | None = None) -> Tensor:
        """The mean over positions whose label (B, T) is not -100, a scalar; `UserError` when there is none, since their mean would be NaN."""
        chosen = labels != IGNORED  # (B, T)
        if not chosen.any():
            raise UserError("no position of this batch has a label, expected at least one; tasks/masking.py chooses one in every text with a word.")
        hidden = self.bert(input_ids, attention_mask, token_type_ids, keep_states=False).last_hidden_state[chosen]  # (B, T, C) -> (M, C)
        # Only chosen positions meet the decoder: a seventh of the largest product of the whole model.
        return F.cross_entropy(self.head(hidden, self.words), labels[chosen])  # (M, V) -> ()

    @classmethod
    def from_pretrained(cls, name_or_folder: str | os.PathLike[str], generator: torch.Generator | None = None) -> MaskedLanguageModel:
        """Load encoder and head of `bert-base-uncased` or a folder, in eval mode.

        generator: draws the parts that a file does not have (`minilm` has no head, files of masked-word models no pooler); without one such
        a file is refused, because a new head needs thousands of steps to learn what the released one knows.
        """
        released = load_released(name_or_folder, generator)
        model = cls(Bert(released.config, generator=torch.Generator()), generator=generator or torch.Generator())
        model.bert.load_state_dict(released.state)
        state = head_state(released.heads, released.state["embeddings.word.weight"], str(name_or_folder))
        if state:
            _load(model.head, state, str(name_or_folder))
        elif generator is None:
            raise UserError(f"{name_or_folder} has no head for masked words (cls.predictions.*); generator=torch.Generator() draws one, to be trained.")
        return model.eval()

    def save_pretrained(self, folder: str | os.PathLike[str]) -> None:
        """Write encoder and head under their released names: `transformers.BertForMaskedLM`, `Bert` and this class open the folder."""
        state = self.head.state_dict()
        save_encoder(folder, self.bert.config, self.bert.state_dict(), {theirs: state[ours] for ours, theirs in RELEASED.items()})


def head_state(heads: Mapping[str, Tensor], words: Tensor, where: str) -> dict[str, Tensor]:
    """The head's tensors by our names, float32, out of a file's heads; {} if it has none, `UserError` for half of one or an untied decoder."""
    renamed = {"cls.predictions.bias": heads["cls.predictions.decoder.bias"]} if "cls.predictions.decoder.bias" in heads else {}
    found = {ours: tensor for ours, theirs in RELEASED.items() if (tensor := {**renamed, **heads}.get(theirs)) is not None}
    missing = [theirs for ours, theirs in RELEASED.items() if ours not in found]
    if found and missing:
        raise UserError(f"{where} holds a part of a head for masked words and lacks {', '.join(missing)}; expected all of it, or nothing.")
    if found and COPY in heads and not torch.equal(heads[COPY].float(), words.float()):
        raise UserError(f"{where}: {COPY} is not the word embeddings, expected one table for both; such a model cannot be read.")
    expect_usable(found, where, spelling=RELEASED.__getitem__)
    return {ours: tensor.float() for ours, tensor in found.items()}


def _load(head: MaskedWordHead, state: Mapping[str, Tensor], where: str) -> None:
    for name, expected in head.state_dict().items():
        if state[name].shape != expected.shape:
            raise UserError(f"{where}: {RELEASED[name]} has shape {tuple(state[name].shape)}, expected {tuple(expected.shape)} by its config.")
    head.load_state_dict(state)
