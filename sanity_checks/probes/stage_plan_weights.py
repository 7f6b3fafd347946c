"""The second half of the stage plan probe: which weights are kept, and which a stage leaves behind.

In step n the parameter is [n, 10 n] and the buffer n.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import nn

from sanity_checks.look import Look
from sanity_checks.probes.facts import refused
from sanity_checks.subjects.stage_plan import StagePlan


def _model() -> nn.Module:
    model = nn.Module()
    model.tensor = nn.Parameter(torch.zeros(2))
    model.register_buffer("counted", torch.zeros(1))
    return model


def _words(tensors: Mapping[str, torch.Tensor]) -> str:
    return ", ".join(f"{name} {' '.join(f'{number:g}' for number in tensor.flatten().tolist())}" for name, tensor in tensors.items()) or "none"


def _of(model: nn.Module) -> str:
    return _words(model.state_dict())


def look_at_weights(subject: StagePlan, look: Look) -> None:
    """Look at weights after some decisions, at what is kept, and at what is refused."""

    def run(decisions: Sequence[tuple[bool, bool]], resumed: int = 0) -> tuple[nn.Module, Any]:
        model, keeper = _model(), subject.keeper()
        for number, given in enumerate(decisions, start=1):
            with torch.no_grad():
                model.tensor.copy_(torch.tensor([number, 10 * number]))
                model.counted.fill_(number)
            keeper.follow(subject.decision(*given), model)
            if number == resumed:
                keeper, old = subject.keeper(), keeper
                keeper.load_state_dict(old.state_dict())
        return model, keeper

    look("the weights when the second of three scores is the best", lambda: _of(run([(True, False), (True, False), (False, True)])[0]))
    look("the weights when the last score is the best", lambda: _of(run([(True, False), (False, False), (True, False)])[0]))
    look("the weights when nothing is to be put back", lambda: _of(run([(True, False), (False, False)])[0]))
    look("the weights of a resumed stage", lambda: _of(run([(True, False), (False, True)], resumed=1)[0]))
    look("a best that is put back at once", lambda: _of(run([(True, False), (True, True)])[0]))
    look("the weights that are kept while scores fall", lambda: _words(run([(True, False), (False, False)])[1].state_dict()))
    look("the kept weights stay when the model moves", lambda: _stays(run([(True, False)])))
    look("the kept weights stay when what they were loaded from changes", lambda: _stays_loaded(subject), "option")
    look("the tensors of the model are the same ones afterwards", lambda: _same_tensors(subject))
    look("putting back what was never kept is refused", lambda: refused(lambda: run([(False, True)])), "option")


def _stays(ran: tuple[nn.Module, Any]) -> bool:
    model, keeper = ran
    before = {name: tensor.clone() for name, tensor in keeper.state_dict().items()}
    with torch.no_grad():
        model.tensor.add_(1)
    return bool(before) and all(torch.equal(tensor, before[name]) for name, tensor in keeper.state_dict().items())


def _stays_loaded(subject: StagePlan) -> bool:
    keeper, saved = subject.keeper(), {"tensor": torch.ones(2)}
    keeper.load_state_dict(saved)
    saved["tensor"].add_(1)
    return torch.equal(keeper.state_dict()["tensor"], torch.ones(2))


def _same_tensors(subject: StagePlan) -> bool:
    model, keeper = _model(), subject.keeper()
    before = model.tensor
    keeper.follow(subject.decision(True, True), model)
    return model.tensor is before and model.tensor.data_ptr() == before.data_ptr()
