"""From the recipe's [regularizer] to one regularizer per task, each with the divergence of its task's kind (door 3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch

from regularizers import MtDnnSettings, RDrop, Smart, SmartMtDnn, SmartSettings, divergence
from tasks.objective import Regularizer
from tasks.recipe_settings import RegularizerSettings
from tasks.registry import Task

Make = Callable[[str, RegularizerSettings, torch.Generator], Regularizer]


def _smart(kind: str, chosen: RegularizerSettings, generator: torch.Generator) -> Regularizer:
    settings = SmartSettings(chosen.epsilon, chosen.sigma, chosen.eta, chosen.steps, chosen.norm, chosen.scope, chosen.dropout)
    return Smart(divergence(kind), generator, settings)


def _smart_mt_dnn(kind: str, chosen: RegularizerSettings, generator: torch.Generator) -> Regularizer:
    return SmartMtDnn(kind, generator, MtDnnSettings(chosen.sigma, chosen.eta, chosen.epsilon, chosen.reduction))


# Name in a recipe -> (kind of task, settings, generator) -> regularizer.
REGULARIZERS: Mapping[str, Make] = {
    "smart": _smart,
    "smart-mt-dnn": _smart_mt_dnn,
    "r-drop": lambda kind, chosen, generator: RDrop(divergence(kind)),
}


def regularizers_of(chosen: RegularizerSettings, tasks: Mapping[str, Task], generator: torch.Generator) -> dict[str, Regularizer] | None:
    """Task name -> its regularizer, or None where the recipe has none; all of them draw from `generator`, and nothing else does."""
    if chosen.name == "none" or chosen.weight == 0:
        return None
    return {name: REGULARIZERS[chosen.name](task.kind, chosen, generator) for name, task in tasks.items()}
