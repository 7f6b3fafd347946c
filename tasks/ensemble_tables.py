"""The tables of an ensemble: who was taken, what came of it, and how much of that is owed to choosing; as text, Markdown and JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from tasks.compare_tables import Table, signed
from tasks.console import NOTHING, overall_lines, score, table
from tasks.ensemble_choice import TaskEnsemble

SCORES = "Scores on dev, where both were chosen"
FLATTERED = "How much is owed to choosing: chosen on one half of dev, scored on the other; gain: ensemble minus best alone on that other half"


def tables_of(found: Mapping[str, TaskEnsemble]) -> list[Table]:
    """Scores, what of them is owed to choosing, and for each task the candidates in the order of their turns."""
    scores = [[name, each.task.metric, f"{len(each.chosen.steps) + len(each.below)}", f"{len(each.chosen.names)}", score(each.chosen.best), score(each.chosen.score)]
              for name, each in found.items()]
    guesses = [[name, f"{guess.draws}", signed(guess.best_optimism), signed(guess.optimism), signed(guess.gain), f"{guess.deviation:.4f}"]
               for name, guess in ((name, each.nested) for name, each in found.items()) if guess]
    flattered = [Table(FLATTERED, ["task", "draws", "optimism of best alone", "of ensemble", "gain", "sd over draws"], guesses)] if guesses else []
    ways = [Table(f"{name}: who was taken", ["candidate", "alone", "together", "taken"], _turns(each)) for name, each in found.items()]
    return [Table(SCORES, ["task", "metric", "candidates", "taken", "best alone", "ensemble"], scores), *flattered, *ways]


def _turns(each: TaskEnsemble) -> list[list[str]]:
    tried = [[step.name, f"{step.alone:.4f}", f"{step.together:.4f}", "yes" if step.added else "no"] for step in each.chosen.steps]
    return tried + [[name, f"{alone:.4f}", NOTHING, "below the bar"] for name, alone in each.below]


def overall(found: Mapping[str, TaskEnsemble], formula: str = "normalised") -> list[str]:
    """Both overall dev scores of the best single models ("best of each") and of the ensembles."""
    rows = {"best of each": {name: (each.task.metric, each.chosen.best) for name, each in found.items()},
            "ensembles": {name: (each.task.metric, each.chosen.score) for name, each in found.items()}}
    return [f"{title}: {line}" for title, scores in rows.items() for line in overall_lines(scores, formula)]


def as_text(found: Mapping[str, TaskEnsemble], width: int | None = None) -> str:
    """What is printed."""
    return "\n\n".join([*(f"{each.title}\n\n{table(each.head, each.rows, width)}" for each in tables_of(found)), "\n".join(overall(found))])


def as_markdown(found: Mapping[str, TaskEnsemble], command: str) -> str:
    """ensemble.md: the same tables, and the command that makes them."""
    return "\n\n".join([f"`{command}`", *(f"**{each.title}**\n\n{_grid(each)}" for each in tables_of(found)), "  \n".join(overall(found))]) + "\n"


def _grid(each: Table) -> str:
    lines: list[Sequence[str]] = [each.head, ["---", *["---:"] * (len(each.head) - 1)], *([cell.replace("|", "\\|") for cell in row] for row in each.rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def as_json(found: Mapping[str, TaskEnsemble], command: str) -> dict[str, Any]:
    """ensemble.json: every number unrounded."""
    return {"command": command, "tasks": {name: _entry(each) for name, each in found.items()}}


def _entry(each: TaskEnsemble) -> dict[str, Any]:
    estimate = each.nested and {**asdict(each.nested), "optimism": each.nested.optimism, "best_optimism": each.nested.best_optimism}
    return {"metric": each.task.metric, **{key: getattr(each.rules, key) for key in ("space", "standardise", "seed")}, "best_alone": each.chosen.best,
            "ensemble": each.chosen.score, "members": list(each.chosen.names), "path": [asdict(step) for step in each.chosen.steps],
            "below_the_bar": dict(each.below), "nested": estimate}
