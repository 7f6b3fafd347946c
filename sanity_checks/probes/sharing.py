"""The probe of sharing: what each task owns, what it reads at the start and after its own parts have changed, and what a step of one task moves.

Letters: B batch, T tokens, C width.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import torch
from torch import Tensor, nn

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.facts import once, same
from sanity_checks.recorder import recorded_dropout
from sanity_checks.subjects.sharing import TASKS, VOCABULARY, SharingOf
from sanity_checks.subjects.sizes import leaves, settle

B, T = 2, 4
IDS, MASK = torch.arange(B * T).view(B, T) % VOCABULARY, torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0]])
SHARINGS = ("multi", "cerbertus-1", "multi+triple", "static+finetune")
Built = Callable[[], nn.Module]
TAKES_PART = re.compile(r"^(bert|static\.bert|towers\.\w+)\.(embeddings|layers\.\d+|pooler)")


def probe(subject: SharingOf, look: Look) -> None:
    """Look at every architecture: names, the start, own numbers, one step."""
    encoder = once(lambda: _settled(subject.encoder()))
    plain = once(lambda: encoder()(IDS, MASK).pooler_output)
    with recorded_dropout():  # dropout that is on in eval mode then gives one answer instead of a random one
        for name in SHARINGS:
            given = once(lambda: _settled(subject.encoder()))
            _architecture(subject, look, name, once(lambda name=name, given=given: subject.shared(name, given(), True)), plain, given)
        shared_pooler = once(lambda: subject.shared("cerbertus-1", _settled(subject.encoder()), False))
        look("the parts of cerbertus-1 with one pooler for all", lambda: _parts(shared_pooler()))


def _settled(module: nn.Module, rename: str = "") -> nn.Module:
    return settle(module, {rename + name: part for name, part in leaves(module).items()})


def _parts(shared: nn.Module) -> str:
    """Who owns what, for the first task: "bert.embeddings 2, ..." with the number of tensors."""
    found: dict[str, int] = {}
    for name, _ in shared.named_parameters():
        part = TAKES_PART.match(name)
        if part and not name.startswith(tuple(f"towers.{task}." for task in TASKS[1:])):
            found[part[0]] = found.get(part[0], 0) + 1
    return ", ".join(f"{part} {count}" for part, count in sorted(found.items()))


def _architecture(subject: SharingOf, look: Look, name: str, shared: Built, plain: Callable[[], Tensor], given: Built) -> None:
    first = TASKS[0]
    look(f"the parts of {name}", lambda: _parts(shared()))
    if name == "multi":
        look("the pooled vector of multi at the start", lambda: subject.read(shared(), first, IDS, MASK).pooler_output, axes=("sentence", "channel"))
    starts = lambda: all(same(part, plain()) for task in TASKS for part in subject.read(shared(), task, IDS, MASK).pooler_output.split(plain().size(-1), -1))
    look(f"all tasks of {name} start as plain BERT", starts)
    look(f"what a step of one task moves in {name}", lambda: _moved(subject, shared()))
    if name == "multi":
        return
    if name == "static+finetune":
        look("the static copy in train mode", lambda: _static(subject, shared()), "train", ("sentence", "channel"))
    else:
        look(f"building {name} leaves the encoder that is given as it was", lambda: (shared(), same(given()(IDS, MASK).pooler_output, plain()))[1] and not given().training)
    own = once(lambda: _settled(shared(), name))  # other numbers for each part, so that it shows who reads what
    for task in TASKS[:2]:
        look(f"the pooled vector of {task} in {name} when each part has its own numbers", lambda task=task: subject.read(own(), task, IDS, MASK).pooler_output, axes=("sentence", "channel"))
    if name == "multi+triple":
        _side_by_side(subject, look, own)


def _side_by_side(subject: SharingOf, look: Look, shared: Built) -> None:
    axes, task = ("sentence", "token", "channel"), TASKS[1]
    read = lambda **switches: subject.read(shared(), task, IDS, MASK, **switches)
    look("the embeddings of two encoders side by side", lambda: subject.embed(shared(), task, IDS), axes=axes)
    look("the states of two encoders side by side", lambda: read().last_hidden_state * MASK[..., None], axes=axes)
    look("the states of two encoders for position 0 alone", lambda: read(first_only=True).last_hidden_state, "option", axes)
    look("how many states two encoders give", lambda: len(read().hidden_states), "option")
    look("the attention weights of two encoders", lambda: torch.stack(read(weights=True).attentions).sum((0, 3)), "option")
    look("the states of two encoders layer by layer", lambda: torch.stack(subject.steps(shared(), task, IDS, MASK)) * MASK[..., None], axes=("layer", *axes))
    look("the width of two encoders", lambda: subject.width(shared(), task))


def _moved(subject: SharingOf, shared: nn.Module) -> str:
    """The owners whose weights a step of the second task would move: those with a gradient at all, be it 0."""
    shared.zero_grad()
    pooled = subject.read(shared, TASKS[1], IDS, MASK).pooler_output
    (pooled * numbers(*pooled.shape, seed=171)).sum().backward()
    owners = {TAKES_PART.match(name)[0] for name, each in shared.named_parameters() if each.grad is not None}  # type: ignore[index]
    shared.zero_grad()
    return ", ".join(sorted(owners)) or "nothing"


def _static(subject: SharingOf, shared: nn.Module) -> Tensor:
    shared.train()
    try:
        pooled = subject.read(shared, TASKS[0], IDS, MASK).pooler_output
    finally:
        shared.eval()
    return pooled[:, pooled.size(1) // 2 :]
