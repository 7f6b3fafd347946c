"""A comparison in miniature: rows of `tiny` runs on made-up course files, and the results of one written by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from small_run import small_recipe

from tasks.compare_rows import Row, Run, runs_of
from tasks.train import train

SHORT = {"epochs": 1, "clip": 1.0, "device": "cpu"}


def small_row(data: Path, name: str, **sections: Any) -> Row:
    """A row of one epoch over 20 training rows a task; `sections` as in small_run.small_recipe."""
    return Row(name, small_recipe(data, **{"data": {"folder": str(data), "max_length": 32, "limit": 20}, "training": SHORT, **sections}))


def small_runs(data: Path, out: Path, seeds: str = "1", **rows: dict[str, Any]) -> list[Run]:
    """Runs of rows called as the keywords are."""
    return runs_of([small_row(data, name, **sections) for name, sections in rows.items()], seeds, out)


def make(run: Run) -> None:
    """Train the run here, silently."""
    train(run.recipe, run.folder.path, say=lambda sentence: None)


def _row(name: str, overall: list[float], updates: int, **more: Any) -> dict[str, Any]:
    runs = [{"seed": place, "state": "finished", "sentence": None, "attempts": 1, "overall": {"normalised": value, "plain": value / 2}} for place, value in enumerate(overall)]
    both = {"mean": sum(overall) / len(overall), "deviation": 0.0123 if len(overall) > 1 else None} if overall else None
    return {"row": name, "recipe": name, "changes": {}, "updates": updates, "examples": {"sst": 1111, "sts": 2222}, "overall": both,
            "scores": {"sst": {"metric": "accuracy", **both}, "sts": {"metric": "pearson", **both}} if both else {}, "published": None,
            "forward": 3333, "backward": 1111.0, "passes": 5555.0, "train_seconds": 90.0, "evaluate_seconds": 4.5, "parameters": 4_000_000, "learning": 3_000_000, "peak_bytes": 1_230_000_000, "cuda_bytes": None, "against_first": None, "runs": runs, **more}


def results(**last: Any) -> dict[str, Any]:
    """results.json of two rows, the second better and with a published figure; `last` changes the second row."""
    found = {"difference": 0.0211, "low": 0.0102, "high": 0.0322, "not_better": 0.0004, "seed_deviation": 0.0031, "words": "better"}
    against = {"seeds": [0, 1], "overall": found, "tasks": {"sst": {**found, "words": "no difference beyond noise"}, "sts": found}}
    published = {"scores": {"sst": 0.777, "sts": 0.333}, "overall": 0.555, "formula": "normalised", "source": "a paper"}
    rows = [_row("base|line", [0.61, 0.63], 42), {**_row("gse", [0.64, 0.65], 28, against_first=against, published=published), **last}]
    return {"first": "base|line", "formula": "normalised", "formula_in_words": "(sst + (sts + 1)/2) / 2", "resamples": 10000, "rule": "the rule", "seeds": [0, 1],
            "notes": ["Fairness: something."], "rows": rows}
