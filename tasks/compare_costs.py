"""What a finished run cost, and what it scored, read from its folder."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from minbert.errors import UserError
from tasks.compare_counts import Counts, counts_of
from tasks.compare_rows import Run
from tasks.compare_state import read_outcome
from tasks.logs import read_lines


def facts_of(run: Run, planned: Counts) -> dict[str, Any]:
    """The run's entry in the results: seed, state, scores, overall scores, updates, examples, passes, seconds and memory; see docs/compare.md.

    state: "finished", "failed" (with its sentence) or "not run".
    """
    outcome = read_outcome(run.folder)
    facts: dict[str, Any] = {"seed": run.recipe.seed, "folder": str(run.folder.path), "state": "not run", "sentence": None}
    if outcome.sentence:
        facts |= {"state": "failed", "sentence": outcome.sentence}
    if not run.folder.results.exists():
        return facts
    epochs = [line for line in read_lines(run.folder.metrics) if line["kind"] == "epoch"]
    try:
        made = counts_of(run.recipe, steps_taken(epochs)) if run.recipe.phase else planned
        results = json.loads(run.folder.results.read_text(encoding="utf-8"))
        scores = {name: {"metric": entry["metric"], "score": entry["ours"]} for name, entry in results["tasks"].items()}
        return {**facts, "state": "finished", "sentence": None, "overall": results["overall"], "scores": scores, "updates": epochs[-1]["updates"],
                "best_epoch": max(line["epoch"] for line in epochs if line["best"]), "examples": dict(made.examples), **passes_of(made), **seconds_of(run),
                **weights_of(run), "peak_bytes": outcome.peak_bytes, "cuda_bytes": outcome.cuda_bytes, "device": outcome.device, "attempts": outcome.attempts}
    except (ValueError, LookupError, TypeError) as error:
        raise UserError(f"{run.folder.results} or {run.folder.metrics.name} beside it is not what a finished run leaves ({type(error).__name__}); "
                        "delete that run folder, and the run is made again.") from None


def steps_taken(epochs: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Phase -> the steps it came to, from the epoch lines of metrics.jsonl: one may end before its time."""
    taken: Counter[str] = Counter()
    before = 0
    for line in epochs:
        taken[line["phase"]["name"]] += line["step"] - before
        before = line["step"]
    return dict(taken)


def passes_of(counts: Counts) -> dict[str, float]:
    """What the encoder did: passes through all layers forwards, backwards, and the price of both."""
    return {"forward": sum(counts.forward.values()), "backward": sum(counts.backward.values()), "passes": counts.passes}


def weights_of(run: Run) -> dict[str, int | None]:
    """How many numbers the model of a run has, and how many of them learn; None for a run that did not write it down."""
    counts = json.loads(run.folder.environment.read_text(encoding="utf-8")).get("weights") if run.folder.environment.exists() else None
    learning = counts and counts["learning"]
    return {"parameters": counts and sum(counts.values()) - learning, "learning": learning}


def seconds_of(run: Run) -> dict[str, float]:
    """Seconds of training, stages included, and of scoring dev, summed over the epochs; of an epoch that was logged twice, the later line counts."""
    lines = read_lines(run.folder.timings)
    by_epoch = {line["epoch"]: line for line in lines if "epoch" in line}
    stages = sum(line["seconds"] for line in lines if "stage" in line)
    return {key: round(before + sum(line[key] for line in by_epoch.values()), 3) for key, before in (("train_seconds", stages), ("evaluate_seconds", 0.0))}
