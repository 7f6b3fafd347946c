"""Short whole runs on the made-up course files, what they leave behind, and a run that is broken off in the middle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from small_run import small_recipe
from tasks_same import assert_same

from tasks import checkpoint
from tasks import train as train_module
from tasks.recipe_settings import Recipe
from tasks.train import Result, train


def short(data: Path, rows: int = 10, **sections: Any) -> Recipe:
    """One epoch of 5 rows a batch: 2 steps, or 4 of 20 rows; `sections` change settings."""
    training = {"epochs": 1, "clip": 1.0, "device": "cpu", **sections.pop("training", {})}
    return small_recipe(data, data={"folder": str(data), "max_length": 32, "limit": rows}, training=training, **sections)


def run(recipe: Recipe, folder: Path, **options: Any) -> Result:
    """Train, and say nothing unless asked to."""
    return train(recipe, folder, **{"say": lambda sentence: None, **options})


def lines(result: Result, kind: str) -> list[dict[str, Any]]:
    """The lines of one kind in a run's log."""
    return [line for line in map(json.loads, result.folder.metrics.read_text().splitlines()) if line["kind"] == kind]


def weights(result: Result) -> dict[str, torch.Tensor]:
    """The model as the run left it."""
    return checkpoint.load(result.folder.last)["model"]


def equal(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    """Whether two models are the same to the last bit."""
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def broken_off(recipe: Recipe, folder: Path, epoch: int | None = None, **options: Any) -> None:
    """A run that ends within its second step, or that of `epoch`, as harsh as a kill: what the step saves is never reached, so it goes on from the one before."""
    kept = train_module.UpdateStep.__call__

    def stopping(self: Any, names: Any) -> Any:
        losses, state = kept(self, names), self.parts.sampler.state_dict()
        if state["position"] == 2 and epoch in (None, state["epoch"]):
            raise KeyboardInterrupt
        return losses

    with pytest.MonkeyPatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(train_module.UpdateStep, "__call__", stopping)
        run(recipe, folder, **options)


def assert_same_end(one: Result, other: Result) -> None:
    """One comparison for all: parameters, optimizer, generators, streams, sampler, schedule, best score; and the logs, byte for byte."""
    assert_same(checkpoint.load(one.folder.last), checkpoint.load(other.folder.last))
    assert one.folder.metrics.read_bytes() == other.folder.metrics.read_bytes()
