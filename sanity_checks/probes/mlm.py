"""The probe of masked language modelling: the head, the scores, the loss of one chosen place and of several, its slopes, and what a file brings.

The encoder is a small one of the probe's own, in which the mask and the token types show. Letters: B batch, T tokens, C width, V words.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.facts import once, refused, untouched
from sanity_checks.subjects.mlm import Mlm

B, T, C, V, NOTHING = 2, 5, 3, 11, -100
IDS = torch.tensor([[2, 7, 4, 9, 3], [2, 8, 3, 0, 0]])
MASK, TYPES = (IDS != 0).long(), torch.tensor([[0, 0, 0, 1, 1], [0, 1, 1, 0, 0]])
LABELS = torch.tensor([[NOTHING, 7, 5, NOTHING, NOTHING], [NOTHING, 6, NOTHING, NOTHING, NOTHING]])
AXES = ("sentence", "token", "word")
PREDICTIONS = "cls.predictions."
FILE = {f"{PREDICTIONS}transform.dense.weight": (C, C), f"{PREDICTIONS}transform.dense.bias": (C,), f"{PREDICTIONS}transform.LayerNorm.weight": (C,),
        f"{PREDICTIONS}transform.LayerNorm.bias": (C,), f"{PREDICTIONS}bias": (V,)}  # fmt: skip


class Encoder(nn.Module):
    """Words, their types, and what all words that are not hidden have in common."""

    def __init__(self) -> None:
        super().__init__()
        self.config = SimpleNamespace(hidden_size=C, vocab_size=V)
        self.embeddings = nn.Module()
        self.embeddings.word = nn.Embedding(V, C).double()
        with torch.no_grad():
            self.embeddings.word.weight.copy_(numbers(V, C, seed=131))

    def forward(self, ids: Tensor, mask: Tensor | None = None, types: Tensor | None = None, **switches: Any) -> Any:
        """(B, T) -> an output with last_hidden_state (B, T, C) and pooler_output (B, C)."""
        words = self.embeddings.word(ids)  # (B, T, C)
        kept = torch.ones_like(ids) if mask is None else mask
        typed = words + (0 if types is None else 0.5 * types[..., None])
        hidden = typed + (typed * kept[..., None]).sum(1, keepdim=True) / 4  # (B, T, C)
        return SimpleNamespace(last_hidden_state=hidden, pooler_output=hidden[:, 0].tanh())


def probe(subject: Mlm, look: Look) -> None:
    """Look at the head, at the model and at files."""
    model = once(lambda: subject.build(Encoder(), C, V))
    words = numbers(V, C, seed=132)
    look("the scores of the head for one place", lambda: subject.head(model(), numbers(1, C, seed=133), words), axes=("place", "word"))
    look("the scores of the head for two sentences", lambda: subject.head(model(), numbers(B, T, C, seed=134), words), axes=AXES)
    look("the scores of the model", lambda: subject.run(model(), IDS, MASK, TYPES), axes=AXES)
    loss = lambda ids=IDS, labels=LABELS: subject.loss(model(), ids, labels, MASK, TYPES)
    one = LABELS.where(torch.arange(B * T).view(B, T) == 2, torch.tensor(NOTHING))
    look("the loss of one chosen place", lambda: loss(labels=one))
    look("the loss of three chosen places", loss)
    first = LABELS.where(LABELS == NOTHING, torch.tensor(0))
    look("the loss where the answer is word 0", lambda: loss(labels=first))
    look("labels where nothing is asked are refused or give 0", lambda: refused(lambda: _finite(loss(labels=torch.full_like(LABELS, NOTHING)))), "note")
    look("ids and labels stay as they were", lambda: untouched(lambda ids, labels: loss(ids, labels), IDS, LABELS))
    look("the words are read in and out by one table", lambda: _tied(subject))
    _slopes(model, loss, look)
    _files(subject, look, words)


def _finite(value: Tensor) -> None:
    if not bool(value.isfinite()):
        raise ValueError("not finite")


def _tied(subject: Mlm) -> bool:
    encoder = Encoder()
    model = subject.build(encoder, C, V)
    before = subject.run(model, IDS, MASK, TYPES)
    with torch.no_grad():
        encoder.embeddings.word.weight[10] += 1.0  # no text here holds word 10
    after = subject.run(model, IDS, MASK, TYPES)
    return not torch.equal(before[..., 10], after[..., 10]) and torch.equal(before[..., :10], after[..., :10])


def _slopes(model: Any, loss: Any, look: Look) -> None:
    def found() -> dict[str, Tensor | None]:
        model().zero_grad()
        loss().backward()
        return {name: parameter.grad for name, parameter in model().named_parameters()}

    slopes = once(found)
    for name, words in {"bert.embeddings.word.weight": "the word embeddings", "head.dense.weight": "the head's map", "head.norm.bias": "the head's norm", "head.bias": "the head's bias"}.items():
        look(f"the slope of the loss along {words}", lambda name=name: "no gradient" if slopes().get(name) is None else slopes()[name])


def _files(subject: Mlm, look: Look, words: Tensor) -> None:
    file = {name: numbers(*shape, seed=140 + place) for place, (name, shape) in enumerate(FILE.items())}
    bias = f"{PREDICTIONS}bias"
    other = {f"{PREDICTIONS}decoder.bias" if name == bias else name: tensor for name, tensor in file.items()}
    copy = f"{PREDICTIONS}decoder.weight"

    def told(heads: dict[str, Tensor]) -> str:
        return ", ".join(f"{name} {float(tensor.double().sum()):.3f}" for name, tensor in sorted(subject.read(heads, words).items())) or "nothing"

    look("the head that a file brings", lambda: told(file))
    look("the head that a file brings whose bias is the decoder's", lambda: told(other))
    look("the head that a file brings with a copy of the word embeddings", lambda: told(file | {copy: words.clone()}), "option")
    look("a file without a head brings none", lambda: told({}))
    look("half of a head is refused", lambda: refused(lambda: told({name: tensor for name, tensor in file.items() if "LayerNorm" not in name})), "option")
    look("a decoder that is not the word embeddings is refused", lambda: refused(lambda: told(file | {copy: words + 1})), "option")
    look("a head that holds NaN is refused", lambda: refused(lambda: told(file | {bias: torch.full((V,), torch.nan)})), "option")
    halves = once(lambda: subject.read({name: tensor.half() for name, tensor in file.items()}, words))
    look("the dtypes of a head that a file holds in half precision", lambda: ", ".join(sorted({str(tensor.dtype) for tensor in halves().values()})), "option")
