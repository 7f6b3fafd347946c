"""Read a run folder for its report: whatever is there is used, whatever is missing is said.

A run that was stopped early has no results, a copied one perhaps no environment; the report must open all the same.
The formats are described in tasks/run_folder.py (metrics.jsonl) and tasks/results.py (results.json).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minbert.errors import UserError

try:
    import tomllib
except ImportError:  # Python 3.10
    import tomli as tomllib


@dataclass(frozen=True)
class RunFacts:
    """Everything a report shows, as plain values; an absent file leaves its field empty and a sentence in `notes`."""

    name: str  # name of the run folder
    recipe: dict[str, Any]
    recipe_text: str
    environment: dict[str, Any]
    epochs: tuple[dict[str, Any], ...]  # the "epoch" lines of metrics.jsonl, in order
    results: dict[str, Any]
    notes: tuple[str, ...]
    stages: tuple[dict[str, Any], ...] = ()  # the "stage" lines of metrics.jsonl, in order

    @property
    def tasks(self) -> list[str]:
        """Names of the tasks, in the order of the recipe, then those that only the log or the results know."""
        seen = [*self.recipe.get("tasks", [])] if isinstance(self.recipe.get("tasks"), list) else []
        logged = [task for epoch in self.epochs for task in [*epoch.get("loss", {}), *epoch.get("dev", {})]]
        return list(dict.fromkeys([*seen, *self.results.get("tasks", {}), *logged]))

    def loss_curve(self, task: str) -> list[tuple[float, float]]:
        """(epoch, mean training loss) of one task."""
        return [(epoch["epoch"], epoch["loss"][task]) for epoch in self.epochs if epoch.get("loss", {}).get(task) is not None]

    def dev_curve(self, task: str) -> list[tuple[float, float]]:
        """(epoch, dev score) of one task."""
        return [(epoch["epoch"], epoch["dev"][task]["score"]) for epoch in self.epochs if epoch.get("dev", {}).get(task, {}).get("score") is not None]

    def result(self, task: str) -> dict[str, Any]:
        """The task's entry of results.json, or {}."""
        return self.results.get("tasks", {}).get(task, {})


def read_run(run_folder: Path) -> RunFacts:
    """Read the files of `run_folder`. Raises UserError when it is not a folder; missing or broken files become notes."""
    if not run_folder.is_dir():
        raise UserError(f"{run_folder} is not a run folder: give the folder that `minbert train` wrote (it holds recipe.toml and metrics.jsonl).")
    notes: list[str] = []
    recipe_text = _read(run_folder / "recipe.toml", notes)
    lines = list(_lines(_read(run_folder / "metrics.jsonl", notes), notes))
    return RunFacts(
        name=run_folder.resolve().name,
        recipe=_parsed(recipe_text, "recipe.toml", tomllib.loads, notes),
        recipe_text=recipe_text,
        environment=_parsed(_read(run_folder / "environment.json", notes), "environment.json", json.loads, notes),
        epochs=tuple(line for line in lines if line.get("kind") == "epoch"),
        results=_parsed(_read(run_folder / "results.json", notes), "results.json", json.loads, notes),
        notes=tuple(notes),
        stages=tuple(line for line in lines if line.get("kind") == "stage"),
    )


def _read(path: Path, notes: list[str]) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        notes.append(f"{path.name} could not be read ({error.strerror}), so its part of this report is missing.")
        return ""


def _parsed(text: str, name: str, parse: Any, notes: list[str]) -> dict[str, Any]:
    try:
        value = parse(text) if text else {}
    except (ValueError, RecursionError) as error:
        notes.append(f"{name} could not be understood ({error}), so its part of this report is missing.")
        return {}
    return value if isinstance(value, dict) else {}


def _lines(text: str, notes: list[str]) -> list[dict[str, Any]]:
    records, broken = [], 0
    for line in text.splitlines():
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            broken += 1  # a run that was killed may leave half a line
            continue
        if isinstance(record, dict):
            records.append(record)
    if broken:
        lines = "1 line of metrics.jsonl was" if broken == 1 else f"{broken} lines of metrics.jsonl were"
        notes.append(f"{lines} left out because {'it' if broken == 1 else 'they'} could not be understood.")
    return records
