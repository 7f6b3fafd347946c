"""results.json of a comparison: everything its tables and its chart show, computed once.

    {"first": ROW, "formula": "normalised", "formula_in_words": "...", "resamples": 10000, "rule": "...", "seeds": [...], "notes": ["..."],
     "rows": [{"row": ROW, "recipe": NAME, "changes": {KEY: VALUE}, "updates": mean, "examples": {TASK: mean},
               "forward": mean, "backward": mean, "passes": mean, of the finished runs, and before there is one as planned,
               "scores": {TASK: {"metric": "accuracy", "mean": 0.5, "deviation": 0.004 | null}}, "overall": {"mean": ..., "deviation": ...} | null,
               "published": {"scores": {TASK: ...}, "overall": 0.641, "formula": "normalised", "source": "..."} | null,
               "train_seconds": mean, "evaluate_seconds": mean, "parameters": n | null, "learning": n | null, "peak_bytes": largest | null, "cuda_bytes": largest | null,
               "against_first": as in tasks/compare_pairs.py | null, "runs": [as in tasks/compare_costs.py]}]}
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tasks.compare_costs import facts_of, passes_of
from tasks.compare_counts import Counts
from tasks.compare_notes import notes_of
from tasks.compare_pairs import RESAMPLES, against_first
from tasks.compare_rows import Row, Run
from tasks.compare_verdict import RULE, deviation
from tasks.published import PUBLISHED


def summarise(runs: Sequence[Run], planned: Mapping[Run, Counts], resamples: int = RESAMPLES) -> dict[str, Any]:
    """The contents of results.json for `runs`, finished or not. `UserError` for folders whose files do not fit together."""
    facts = {run: facts_of(run, planned[run]) for run in runs}
    rows = list({id(run.row): run.row for run in runs}.values())
    formula = rows[0].recipe.training.score
    pairs = against_first(runs, facts, formula, resamples)
    entries = [_row(row, {run: facts[run] for run in runs if run.row is row}, planned, formula, pairs.get(row.name)) for row in rows]
    return {"first": rows[0].name, "formula": formula, "formula_in_words": _in_words(entries, formula), "resamples": resamples, "rule": RULE,
            "seeds": sorted({run.recipe.seed for run in runs}), "notes": notes_of(rows, entries), "rows": entries}


def _row(row: Row, facts: Mapping[Run, dict[str, Any]], planned: Mapping[Run, Counts], formula: str, pair: dict[str, Any] | None) -> dict[str, Any]:
    done = [entry for entry in facts.values() if entry["state"] == "finished"]
    counts = planned[next(iter(facts))]
    # As planned in every run, but for phases that end early, each seed's in its own time.
    made = done or [{"updates": counts.updates, "examples": counts.examples, **passes_of(counts)}]
    published = PUBLISHED.get(row.recipe.name) if not row.changes else None
    return {
        "row": row.name, "recipe": row.recipe.name, "changes": dict(row.changes),
        "examples": {task: _mean(entry["examples"][task] for entry in made) for task in counts.examples},
        **{key: _mean(entry[key] for entry in made) for key in ("updates", "forward", "backward", "passes")},
        "scores": {task: {"metric": done[0]["scores"][task]["metric"], **spread(entry["scores"][task]["score"] for entry in done)} for task in row.recipe.tasks} if done else {},
        "overall": spread(entry["overall"][formula] for entry in done) if done else None,
        "published": vars(published) if published else None,
        **{key: statistics.fmean(entry[key] for entry in done) if done else None for key in ("train_seconds", "evaluate_seconds")},
        **{key: max((entry[key] for entry in done if entry[key] is not None), default=None) for key in ("parameters", "learning", "peak_bytes", "cuda_bytes")},
        "against_first": pair, "runs": list(facts.values()),
    }


def _mean(values: Iterable[float]) -> float:
    mean = statistics.fmean(values)
    return int(mean) if mean.is_integer() else mean


def spread(values: Iterable[float]) -> dict[str, Any]:
    """Mean and standard deviation over seeds; the deviation is None for one seed."""
    values = list(values)
    return {"mean": statistics.fmean(values), "deviation": deviation(values)}


def _in_words(entries: Sequence[dict[str, Any]], formula: str) -> str:
    from tasks.metrics import OVERALLS

    for entry in entries:
        if entry["scores"]:
            return OVERALLS[formula]({task: (score["metric"], score["mean"]) for task, score in entry["scores"].items()}).formula
    return ""
