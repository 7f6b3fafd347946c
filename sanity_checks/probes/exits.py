"""The probe of exits: what they are made of, what each says, who is asked, and how a batch shrinks as its examples leave.

Letters: B batch, R rows (B, or 2B for pairs), T tokens, C width, L layers.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.exits_leaving import leaving
from sanity_checks.probes.facts import once, rates, same
from sanity_checks.recorder import recorded_dropout
from sanity_checks.subjects.exits import LAYERS, VOCABULARY, WIDTH, ExitsOf
from sanity_checks.subjects.sizes import leaves, settle

B, T = 4, 5
IDS = 1 + torch.arange(B * T).view(B, T) * 7 % (VOCABULARY - 1)
MASK = (torch.arange(T) < torch.tensor([5, 2, 4, 3])[:, None]).long()
TASKS = ("sst", "quora")
LARGER = {"pooler.parts": 3, "head.linear": 6, "embeddings.word": 4, "norm": 2}
Built = Callable[[], nn.Module]


def probe(subject: ExitsOf, look: Look) -> None:
    """Look at the parts, at what exits say, at who is asked, then at leaving."""
    with torch.no_grad(), recorded_dropout():  # dropout that is on in eval mode then gives one answer instead of a random one
        fresh = once(lambda: subject.model())
        _parts(subject, look, fresh)
        model = once(lambda: _settled(fresh()))
        _said(subject, look, model)
        _asked(subject, look, model)
        pooled = once(lambda: _settled(subject.model("mean", tasks=("sst",))))
        look("what exit 1 says where rows are pooled by the mean", lambda: subject.walk(pooled(), "sst", IDS, MASK)[0][1], axes=("example", "class"))
        leaving(subject, look, model)


def _settled(model: nn.Module) -> nn.Module:
    settle(model, leaves(model))
    for name, weight in model.named_parameters():  # larger numbers, so that sentences differ and some exits are sure
        if name.endswith("weight"):
            weight.mul_(next((size for part, size in LARGER.items() if part in name), 1))
    return model


def _parts(subject: ExitsOf, look: Look, model: Built) -> None:
    for task in TASKS:
        look(f"how many exits {task} has below the last", lambda task=task: len(model().exits[task]))
        look(f"the sizes of the first exit of {task}", lambda task=task: ", ".join(str(tuple(each.shape)) for each in model().exits[task][0].parameters()))
    look("the number of weights that exits have for themselves", lambda: sum(each.numel() for each in {*model().exits.parameters()} - {*model().bert.parameters()}))
    poolers = lambda: [list(each.pooler.parameters()) for tasks in model().exits.values() for each in tasks]
    look("poolers start as that of the encoder", lambda: all(same(own, theirs) for each in poolers() for own, theirs in zip(each, model().bert.pooler.parameters())))
    weights = lambda: [each.head.linear.weight for each in model().exits["sst"]]
    look("heads of two exits start with different weights", lambda: not torch.equal(*weights()[:2]))
    still = once(lambda: subject.model("pooler", frozen=True, tasks=("sst",)))
    look("how many tensors of exits learn where the encoder is frozen", lambda: sum(each.requires_grad for each in still().exits.parameters()), "option")
    look("the rates of dropout of exits", lambda: ", ".join(f"{each.p:g}" for each in model().exits["sst"].modules() if isinstance(each, nn.Dropout)), "train")


def _said(subject: ExitsOf, look: Look, model: Built) -> None:
    for task in TASKS:
        found = once(lambda task=task: subject.walk(model(), task, IDS, MASK))
        for place in range(LAYERS):
            look(f"what exit {place + 1} of {task} says", lambda found=found, place=place: found()[place][1], axes=("example", "class"))
        for place in (0, LAYERS - 1):
            look(f"the features of exit {place + 1} of {task}", lambda found=found, place=place: found()[place][0], axes=("example", "feature"))
        look(f"the last exit of {task} is the model", lambda found=found, task=task: same(found()[-1][1], subject.full(model(), task, IDS, MASK)))
        look(f"what all exits of {task} say", lambda task=task: subject.every(model(), task, IDS, MASK), axes=("example", "exit"))
    moved = lambda: subject.walk(model(), "sst", IDS, MASK, None, numbers(B, T, WIDTH, seed=311))
    look("what exits say of embeddings that are given", lambda: torch.stack([each[1] for each in moved()]), "option", ("exit", "example"))
    look("padding changes what no exit says", lambda: same(*(subject.every(model(), "sst", IDS[1:2, :tokens], MASK[1:2, :tokens]) for tokens in (2, T))))


def _asked(subject: ExitsOf, look: Look, model: Built) -> None:
    for wanted in ({2}, {LAYERS}, {1, LAYERS}, set()):
        words = ", ".join(map(str, sorted(wanted))) or "none"
        walked = once(lambda wanted=wanted: _walked(subject, model(), wanted))
        look(f"who answers when {words} of the exits is asked", lambda walked=walked: walked()[0])
        look(f"the layers that are computed when {words} of the exits is asked", lambda walked=walked: walked()[1])
        if wanted:
            look(f"who gets a gradient when {words} of the exits is asked", lambda wanted=wanted: _learning(subject, model(), wanted))
    look("the rates of dropout when exits are asked", lambda: _rates(subject, model()), "train")


def _walked(subject: ExitsOf, model: nn.Module, wanted: set[int]) -> tuple[str, str]:
    """Who answers, and which layers are computed."""
    seen: list[int] = []
    hooks = [layer.register_forward_hook(lambda *_, number=number: seen.append(number)) for number, layer in enumerate(model.bert.layers, start=1)]
    try:
        found = subject.walk(model, "quora", IDS, MASK, wanted)
    finally:
        for hook in hooks:
            hook.remove()
    return ", ".join("no answer" if each is None else "an answer" for each in found), ", ".join(map(str, seen)) or "none"


def _learning(subject: ExitsOf, model: nn.Module, wanted: set[int]) -> str:
    model.zero_grad(set_to_none=True)
    with torch.set_grad_enabled(True):
        found = [each[1] for each in subject.walk(model, "quora", IDS, MASK, wanted) if each is not None]
        sum((each * numbers(*each.shape, seed=312)).sum() for each in found).backward()
    owners = {".".join(name.split(".")[:4]) for name, each in model.named_parameters() if each.grad is not None and not name.startswith("bert.embeddings")}
    model.zero_grad(set_to_none=True)
    return ", ".join(sorted({name if name.startswith("exits") else ".".join(name.split(".")[:3]) for name in owners})) or "nobody"


def _rates(subject: ExitsOf, model: nn.Module) -> str:
    model.exits.train()
    model.heads.train()
    try:
        with recorded_dropout() as calls:
            subject.walk(model, "sst", IDS, MASK, {1, 2})
    finally:
        model.eval()
    return rates(calls)
