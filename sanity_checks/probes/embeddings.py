"""The embeddings probe: one token first, then three, then sentences; then given token types and positions, gradients and dropout.

Padding (id 0) is left out of every comparison: what stands there is never read, so that it may be embedded in any way.
Letters: B batch, T tokens, C width.
"""

from __future__ import annotations

import functools

import torch
from torch import Tensor, nn

from sanity_checks.look import Look
from sanity_checks.probes.facts import Slopes, fresh, given, kept, rates, refused, same, sizes_of_gradients, slopes, untouched
from sanity_checks.recorder import Dropped, recorded_dropout
from sanity_checks.subjects.embeddings import Embedded
from sanity_checks.subjects.sizes import Sizes, settle

SIZES = Sizes()
AXES = ("sentence", "token", "channel")
# (2, 7): a word twice in each sentence, and padding; no id is larger than the smallest table, so that ids in the wrong table give numbers to compare
IDS = torch.tensor([[5, 12, 3, 10, 7, 3, 11], [5, 2, 9, 2, 0, 0, 0]])
TYPES = torch.tensor([[0, 0, 0, 1, 1, 1, 1], [0, 1, 1, 0, 0, 0, 0]])
SMALL = {"one token": [[2]], "three tokens": [[2, 7, 4]], "two equal tokens": [[3, 3]]}


def probe(subject: Embedded, look: Look) -> None:
    """Look at the embeddings, small inputs first."""
    raw, subject = subject, fresh(subject, "embed", "typed", "placed", "undropped")
    module = subject.build(SIZES)
    module = settle(module, subject.parts(module))
    with recorded_dropout():  # dropout that is on in eval mode then gives one answer instead of a random one
        for words, ids in SMALL.items():
            look(f"the embedding of {words}", functools.partial(subject.embed, module, torch.tensor(ids)), axes=AXES)
        look("the embedding of two sentences with padding", lambda: _real(subject.embed(module, IDS)), axes=AXES)
        _given(subject, look, module)
    _invariants(subject, look, module)
    look("the ids stay as they were", lambda: untouched(functools.partial(raw.embed, module), IDS.clone()))
    _gradients(subject, look, module)
    _dropout(subject, look, module)


def _real(embedded: object) -> object:
    return kept(embedded, (IDS != 0).long())


def _given(subject: Embedded, look: Look, module: nn.Module) -> None:
    if subject.typed:
        look("the embedding with token types given", lambda: _real(subject.typed(module, IDS, TYPES)), axes=AXES)
    if subject.placed:
        look("the embedding with positions given", lambda: _real(subject.placed(module, IDS, torch.arange(7).flip(0) + 4)), axes=AXES)
        each = torch.stack([torch.arange(7) + 2, torch.arange(7) * 2 % 11])  # (2, 7)
        look("the embedding with positions given for each sentence", lambda: _real(subject.placed(module, IDS, each)), axes=AXES)
    if subject.undropped:
        look("the embedding before dropout", lambda: _real(subject.undropped(module, IDS)), axes=AXES)


def _invariants(subject: Embedded, look: Look, module: nn.Module) -> None:
    run = functools.partial(subject.embed, module)
    look("one sentence alone gives what it gives in a batch", lambda: same(run(IDS[:1]), run(IDS)[:1]))
    look("tokens that come later change nothing", lambda: same(run(IDS[:1, :4]), run(IDS[:1])[:, :4]))
    look("two calls in eval mode agree", lambda: same(run(IDS), run(IDS)))
    look("a sentence longer than the position table is refused", lambda: refused(lambda: run(torch.ones(1, SIZES.positions + 1, dtype=torch.int64))))


def _gradients(subject: Embedded, look: Look, module: nn.Module) -> None:
    @functools.cache
    def found() -> Slopes:
        return slopes(subject.parts(module), lambda: subject.embed(module, IDS), 9, (IDS != 0).long())

    names = ("word.weight", "position.weight", "token_type.weight", "norm.weight", "norm.bias")
    sizes_of_gradients(look, list(names), found)


def _dropout(subject: Embedded, look: Look, module: nn.Module) -> None:
    module = module.train()
    look("two calls in train mode differ", lambda: not same(subject.embed(module, IDS), subject.embed(module, IDS)), "train")

    @functools.cache
    def recorded() -> tuple[Tensor, list[Dropped]]:
        with recorded_dropout() as calls:
            return subject.embed(module, IDS), calls

    look("how often dropout is applied", lambda: str(len(recorded()[1])), "train")
    look("the dropout rate", lambda: rates(recorded()[1]), "train")
    look("what dropout is given", lambda: given(recorded()[1], 0, (IDS != 0).long()), "train", AXES)
    look("the embedding in train mode", lambda: _real(recorded()[0]), "train", AXES)
    if subject.undropped:
        with recorded_dropout():
            look("the embedding before dropout, in train mode", lambda: _real(subject.undropped(module, IDS)), "train", AXES)
