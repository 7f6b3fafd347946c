"""Dropout's generators: torch's own, one of each process, seeded when a run starts, saved and set again with it.

Everything else that is random draws the same on every process: first weights, batches, samplers, the order of projections. Dropout must not.
Two processes with the same masks would drop the same numbers of different sentences, and a batch would be noisier than it seems.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from tasks.agreement import everyones
from tasks.processes import ALONE, World
from tasks.seeds import named_seed


def seed_dropout(seed: int, world: World = ALONE, name: str = "dropout") -> None:
    """Set torch's own generator for a run of this seed; the leader's is that of a run alone, the others have streams of their own."""
    torch.manual_seed(named_seed(seed, name if world.leads else f"{name}.process{world.rank}"))


def capture_dropout(device: torch.device, world: World = ALONE) -> dict[str, Any]:
    """What a checkpoint holds of dropout: "dropout" of the leader, and with several processes "processes". Called by all of them."""
    own = _generators(device)
    if not world.is_spread:
        return {"dropout": own}
    others = {str(rank): states for rank, states in enumerate(everyones(own, world)) if rank}
    return {"dropout": own, "processes": {"size": world.size, "dropout": others}}


def restore_dropout(state: Mapping[str, Any], device: torch.device, seed: int, world: World = ALONE) -> None:
    """Go on where `state`, a checkpoint with "progress", was taken; a process that there was not then starts a stream of its own."""
    others = state.get("processes", {}).get("dropout", {})
    saved = state["dropout"] if world.leads else others.get(str(world.rank))
    if saved is None:  # named after the step, or it would repeat the noise of the run's first steps
        seed_dropout(seed, world, f"dropout.step{state['progress']['step']}")
        return
    torch.set_rng_state(saved["cpu"])
    if device.type == "cuda" and "cuda" in saved:
        torch.cuda.set_rng_state(saved["cuda"], device)


def said_of_processes(state: Mapping[str, Any], world: World = ALONE) -> str:
    """One sentence where a run goes on with another number of processes than it was saved with, "" otherwise."""
    before = state.get("processes", {}).get("size", 1)
    if before == world.size:
        return ""
    return (f"This run was saved with {_counted(before)} and goes on with {_counted(world.size)}: the batches and the method are those it would have had, "
            "sums are rounded otherwise, and where there is dropout its noise is another from here on.")


def _counted(size: int) -> str:
    return "1 process" if size == 1 else f"{size} processes"


def _generators(device: torch.device) -> dict[str, Tensor]:
    states = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        states["cuda"] = torch.cuda.get_rng_state(device)
    return states
