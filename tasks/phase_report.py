"""Phases in the report: what was trained when, and why each was left."""

from __future__ import annotations

from tasks.report_sections import section, table
from tasks.run_facts import RunFacts

WHY = {"plateau": "the score stopped rising", "budget": "its epochs were over", "": ""}


def phases(facts: RunFacts) -> str:
    """The section "Phases", one row an epoch; "" for a run without phases."""
    told = [(epoch, epoch["phase"]) for epoch in facts.epochs if "phase" in epoch]
    rows = [[str(epoch["epoch"]), f"{epoch['step']:,}", phase["name"], f"{phase['score']:.4f}",
             WHY[phase["why"]] + ("; the best weights of it were put back" if phase["put_back"] else "")] for epoch, phase in told]
    return section("Phases", table(["epoch", "step", "phase", "score of its tasks", "left, because"], rows, numeric=(0, 1, 3))) if rows else ""
