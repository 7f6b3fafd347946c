"""What a reader of the table must be told before believing it: unequal updates, failures, other settings than the papers'."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from minbert.errors import UserError
from tasks.compare_rows import Row
from tasks.compare_tables import count
from tasks.published import PUBLISHED
from tasks.recipe import load_recipe
from tasks.recipe_words import written

# Settings that say where a run computes and reads, and not what it learns.
PLACES = ("seed", "data.folder", "training.device", "optimizer.backend", "training.save_every", "training.evaluate_batch_size")


def notes_of(rows: Sequence[Row], entries: Sequence[Mapping[str, Any]]) -> list[str]:
    """One sentence a point, the gravest first; [] when there is nothing to tell."""
    return [*_failures(entries), *_unequal(entries), *_other_tasks(rows), *_published(rows), *_seeds(entries), *_resumed(entries)]


def _failures(entries: Sequence[Mapping[str, Any]]) -> list[str]:
    told = [f"{entry['row']}, seed {run['seed']}, failed: {run['sentence']}" for entry in entries for run in entry["runs"] if run["state"] == "failed"]
    left = sum(run["state"] == "not run" for entry in entries for run in entry["runs"])
    return told + ([f"{left} run{'s were' if left > 1 else ' was'} not made yet; the same command makes {'them' if left > 1 else 'it'}."] if left else [])


def _unequal(entries: Sequence[Mapping[str, Any]]) -> list[str]:
    notes = []
    for what, total in (("optimizer updates", lambda entry: entry["updates"]), ("training examples", lambda entry: sum(entry["examples"].values()))):
        groups: dict[float, list[str]] = {}
        for entry in entries:
            groups.setdefault(total(entry), []).append(entry["row"])
        if len(groups) > 1:
            told = "; ".join(f"{count(number)} in {', '.join(names)}" for number, names in sorted(groups.items(), reverse=True))
            notes.append(f"Fairness: rows differ in {what} ({told}), so a difference between them need not come from the technique.")
    return notes


def _other_tasks(rows: Sequence[Row]) -> list[str]:
    others = [row.name for row in rows if set(row.recipe.tasks) != set(rows[0].recipe.tasks)]
    return [f"Other tasks than {rows[0].name} were learned in {', '.join(others)}: overall scores over different tasks do not compare."] if others else []


def _published(rows: Sequence[Row]) -> list[str]:
    shown = [row for row in rows if row.recipe.name in PUBLISHED and not row.changes]
    if not shown:
        return []
    changed = changes(shown[0])
    ours = f"; these runs have {', '.join(changed)}" if changed else ""
    sources = "; ".join(dict.fromkeys(PUBLISHED[row.recipe.name].source for row in shown))
    best = [row.name for row in shown if PUBLISHED[row.recipe.name].each_best]
    epochs = f" Scores of tasks are each of its own best epoch in {', '.join(best)}." if best else ""
    return [f"Published figures are one run each, of {sources}{ours}.{epochs} They are shown beside ours and enter no mean."]


def changes(row: Row) -> list[str]:
    """"weights minilm instead of bert-base-uncased", ... for each setting in which a row's recipe differs from the built-in one of its name."""
    from tasks.run_state import plain_recipe  # torch comes with it

    try:
        usual, now = plain_recipe(load_recipe(row.recipe.name)), plain_recipe(row.recipe)
    except UserError:
        return []  # a recipe of the user's own
    before, after = dict(_flat(usual)), dict(_flat(now))
    return [f"{key} {written(value)} instead of {written(before.get(key))}" for key, value in after.items() if before.get(key) != value and key not in PLACES]


def _flat(table: Mapping[str, Any], path: str = "") -> list[tuple[str, Any]]:
    return [pair for key, value in table.items() for pair in (_flat(value, f"{path}{key}.") if isinstance(value, dict) else [(path + key, value)])]


def _seeds(entries: Sequence[Mapping[str, Any]]) -> list[str]:
    if max(len(entry["runs"]) for entry in entries) > 1:
        return []
    return ["One seed: how much a score changes from seed to seed is unknown (shown as -); two rows alike but for the seed often differ by 0.01."]


def _resumed(entries: Sequence[Mapping[str, Any]]) -> list[str]:
    names = [f"{entry['row']}, seed {run['seed']}" for entry in entries for run in entry["runs"] if run["state"] == "finished" and run["attempts"] > 1]
    return [f"Stopped and gone on with: {'; '.join(names)}. Of an epoch that was broken off, only the time after the last start is counted."] if names else []
