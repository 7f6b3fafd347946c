"""Stages before the tasks in the report: the loss of each as a curve, and what was seen before its first step and after its last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tasks.report_sections import figure, section, table
from tasks.run_facts import RunFacts
from tasks.svg import line_chart

TITLES = {"simcse": "SimCSE", "mlm": "masked words"}
NOTE = {"simcse": "A pair of dev is scored by the cosine of its two sentences; nothing was learned from its label.",
        "mlm": "Loss and accuracy are of the words hidden in texts that were held out, of no dev or test split."}


def stages(facts: RunFacts) -> str:
    """The section "Before the tasks"; "" for a run without stages."""
    names = list(dict.fromkeys(line["stage"] for line in facts.stages))
    lines = {name: [line for line in facts.stages if line["stage"] == name] for name in names}
    curves = [line_chart(f"{_title(name)}: training loss", [(line["step"], line["loss"]) for line in lines[name] if "loss" in line], x_label="step") for name in names]
    rows = [row for name in names for row in before_and_after(name, lines[name])]
    seen = table(["stage", "step", "figure", "before", "after"], rows, numeric=(3, 4)) if rows else ""
    notes = "".join(f"<p>{NOTE[name]}</p>" for name in names if name in NOTE and rows)
    return section("Before the tasks", figure(*curves, kind="figure curves") + seen + notes) if names else ""


def before_and_after(name: str, lines: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Rows (stage, step, figure, before, after) from a stage's lines of metrics.jsonl."""
    looks = [line for line in lines if line.get("seen")]
    first, last = (looks[0]["seen"], looks[-1]["seen"]) if looks else ({}, {})
    return [[_title(name), f"{looks[-1]['step']:,} of {looks[-1]['of']:,}", f"{what}, {figure_name}", f"{value:.3f}", f"{last[what][figure_name]:.3f}"]
            for what, figures in first.items() for figure_name, value in figures.items()]


def _title(name: str) -> str:
    return TITLES.get(name, name)
