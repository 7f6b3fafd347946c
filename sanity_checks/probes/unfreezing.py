"""The unfreezing probe: after how many epochs each part joins, who learns in each epoch, and who drops out."""

from __future__ import annotations

import re

import torch
from torch import nn

from sanity_checks.look import Look
from sanity_checks.subjects.unfreezing import Unfreezing

NAMES = ("bert.embeddings.word", "bert.layers.0.part", "bert.layers.1.part", "bert.layers.2.part", "bert.pooler.dense", "towers.sst.layers.1.part", "towers.sst.pooler.dense",
         "heads.sst.linear", "relation.linear", "adapters.functions.sst.down", "static.bert.part", "bert.layers.0.still")  # fmt: skip
DEPTH, STILL, LONG = 3, NAMES[-2:], 9  # a run of 9 epochs has time for everything


def probe(subject: Unfreezing, look: Look) -> None:
    """Look at rungs, then at the epochs of a small model."""
    for name in NAMES[:-2]:
        look(f"after how many epochs {name} joins", lambda name=name: str(subject.rung(name + ".weight", DEPTH)))
    for epoch in range(6):
        look(f"who learns in epoch {epoch + 1}", lambda epoch=epoch: _learning(_begun(subject, epoch)))
    look("who learns in epoch 2 when two layers join an epoch", lambda: _learning(_begun(subject, 1, layers=2)), "option")
    look("who is in eval mode in epoch 1", lambda: _resting(_begun(subject, 0)), "train")
    look("who is in eval mode in epoch 3", lambda: _resting(_begun(subject, 2)), "train")
    look("who is in eval mode in the end", lambda: _resting(_begun(subject, 5)), "train")
    look("a run that goes on in epoch 3 is as one that came there", lambda: _learning(_begun(subject, 0, 1, 2)) == _learning(_begun(subject, 2)))
    for epochs in (5, 4, 3, 1):
        look(f"the numbers told at the start of a run of {epochs}", lambda epochs=epochs: _told(subject, 0, epochs), "option")
    look("the numbers told at the start of a run of 2 when three layers join an epoch", lambda: _told(subject, 0, 2, layers=3), "option")
    look("the numbers told in the last epoch of 3", lambda: _told(subject, 2, 3), "option")
    look("the numbers told in epoch 2 of 3 when two layers join an epoch", lambda: _told(subject, 1, 3, layers=2), "option")


def _model() -> nn.Module:
    model = nn.Module()
    for name in NAMES:
        here = model
        for part in name.split(".")[:-1]:
            if not hasattr(here, part):
                here.add_module(part, nn.Module())
            here = getattr(here, part)
        leaf = nn.Module()
        leaf.weight = nn.Parameter(torch.zeros(1))
        here.add_module(name.split(".")[-1], leaf)
    for name in STILL:
        model.get_submodule(name).requires_grad_(False)
    return model


def _begun(subject: Unfreezing, *epochs: int, layers: int = 1) -> nn.Module:
    model = _model()
    learning = [each for each in model.parameters() if each.requires_grad]
    for epoch in epochs:
        model.train()
        subject.begin(model, learning, DEPTH, layers, epoch, LONG)
    return model


def _told(subject: Unfreezing, epoch: int, epochs: int, layers: int = 1) -> str:
    # numbers alone, sentence by sentence: the words are free; a minus counts unless it stands between two of them, as in 2-3
    told = subject.begin(_model(), [], DEPTH, layers, epoch, epochs)
    return "; ".join(" ".join(re.findall(r"(?:(?<!\w)-)?\d+", sentence)) for sentence in told) or "nothing is told"


def _learning(model: nn.Module) -> str:
    return ", ".join(name for name in NAMES if model.get_submodule(name).weight.requires_grad) or "nobody"


def _resting(model: nn.Module) -> str:
    return ", ".join(name for name in NAMES if not model.get_submodule(name).training) or "nobody"
