"""The groups probe: which rate and which decay every tensor gets, under each setting; the slanted triangle; and what a schedule leaves of ratios.

Letters: L layers.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from sanity_checks.look import Look
from sanity_checks.probes.facts import once
from sanity_checks.subjects.groups import Groups

NAMES = ("bert.embeddings.word.weight", "bert.embeddings.position.weight", "bert.embeddings.token_type.weight", "bert.embeddings.norm.weight",
         "bert.layers.0.attention.query.weight", "bert.layers.1.attention.query.weight", "towers.sst.layers.2.attention.query.weight",
         "bert.layers.1.attention.query.bias", "bert.layers.1.attention_norm.weight", "bert.layers.1.attention_norm.bias", "bert.pooler.dense.weight",
         "towers.sst.layers.3.attention.query.weight", "towers.sst.pooler.dense.weight", "heads.sst.linear.weight", "heads.sst.linear.bias",
         "heads.biased.linear.weight", "relation.linear.weight", "adapters.functions.sst.down.weight")  # fmt: skip
SETTINGS: dict[str, tuple[dict[str, Any], str]] = {  # words -> settings, how bad a difference is
    "with nothing else set": ({}, "error"),
    "with a factor for heads": ({"head_lr_multiplier": 10.0}, "error"),
    "with a factor for adapters": ({"adapter_lr_multiplier": 7.0}, "error"),
    "with layer decay": ({"layer_decay": 0.5}, "error"),
    "with layer decay of a deeper stack": ({"layer_decay": 0.5, "num_layers": 6}, "option"),
    "with layer decay that includes the embeddings": ({"layer_decay": 0.5, "decay_embeddings": True}, "option"),
    "with the rates of ULMFiT": ({"layer_rates": "ulmfit"}, "option"),
    "with the rates of thirds": ({"layer_rates": "thirds"}, "option"),
    "with a factor for word and position tables": ({"embedding_lr_multiplier": 0.2}, "option"),
    "with a factor for all embeddings": ({"embedding_lr_multiplier": 0.2, "embedding_parts": "all"}, "option"),
    "with factors for heads, layers and embeddings": ({"head_lr_multiplier": 10.0, "layer_decay": 0.5, "decay_embeddings": True, "embedding_lr_multiplier": 0.2}, "option"),
}
RATE, DECAY = 2.0, 0.25


def probe(subject: Groups, look: Look) -> None:
    """Look at groups, then at schedules."""
    for words, (settings, level) in SETTINGS.items():
        found = once(lambda settings=settings: _told(subject, **settings))
        look(f"the rate of each tensor {words}", lambda found=found: found()[:, 0], level, ("tensor",))
        look(f"the decay of each tensor {words}", lambda found=found: found()[:, 1], level, ("tensor",))
        look(f"the names of the groups {words}", lambda settings=settings: _names(subject, **settings), "option")
    look("the decay of each tensor when one word spares some", lambda: _told(subject, no_decay="bias")[:, 1], "option", ("tensor",))
    look("the decay of each tensor when norms are to decay too", lambda: _told(subject, no_decay=("bias",))[:, 1], "option", ("tensor",))
    look("how often each of three tensors is in a group, the first frozen, the third under two names", lambda: _counted(subject)[0])
    look("the decay of a tensor under two names", lambda: _counted(subject)[1])
    for words, (total, warmup) in {"of ten updates, three to climb": (10, 0.3), "too short to climb": (4, 0.1), "whose climb is no whole number": (13, 0.29)}.items():
        look(f"the slanted triangle {words}", lambda total=total, warmup=warmup: torch.tensor([float(subject.slanted(t, total, warmup)) for t in range(total + 3)]), "option", ("update",))
    look("the rates of three groups by a schedule", lambda: torch.tensor(subject.rates((0.8, 0.5, 3.0), 6), dtype=torch.float64), axes=("update", "group"))


def _named() -> list[tuple[str, Tensor]]:
    return [(name, torch.zeros(1, requires_grad=True)) for name in NAMES]


def _told(subject: Groups, **settings: Any) -> Tensor:
    """(rate, decay) of each of NAMES, -1 for a tensor that is in no group."""
    named = _named()
    found = {id(each): (group["lr"], group["weight_decay"]) for group in subject.groups(named, RATE, DECAY, **settings) for each in group["params"]}
    return torch.tensor([found.get(id(each), (-1.0, -1.0)) for _, each in named], dtype=torch.float64)


def _names(subject: Groups, **settings: Any) -> str:
    return "; ".join(f"{group['name']} {len(group['params'])}" for group in subject.groups(_named(), RATE, DECAY, **settings))


def _counted(subject: Groups) -> tuple[Tensor, float]:
    frozen, plain, shared = torch.zeros(1), torch.zeros(1, requires_grad=True), torch.zeros(1, requires_grad=True)
    named = [("bert.pooler.dense.weight", frozen), ("bert.pooler.dense.bias", plain), ("heads.a.norm.weight", shared), ("heads.b.weight", shared)]
    held = [(id(each), group["weight_decay"]) for group in subject.groups(named, RATE, DECAY) for each in group["params"]]
    counts = [float(sum(which == id(each) for which, _ in held)) for each in (frozen, plain, shared)]
    return torch.tensor(counts), next(decay for which, decay in held if which == id(shared))
