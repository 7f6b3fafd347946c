"""Findings: what was found about one component, as it travels from the child to the parent, to JSON and to the terminal. Loads no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

OUTCOMES = ("correct", "wrong", "not started", "raised", "not checked")
SEVERITIES = {"error": "error", "train": "train-mode error", "option": "error in a rare setting", "note": "note"}


@dataclass(frozen=True)
class Finding:
    """outcome: one of OUTCOMES; says: one sentence; severity: "" or a key of SEVERITIES; certainty and mistakes: those of the diagnosis
    ("right", "named", "either", "two", "partly", "unknown", or "" when none was made); look: what to look at; hints: a step deeper each;
    notes: choices that are also right; difference: the first thing that differs; waits_for: components that must be right first;
    printed: how many lines the code printed; prints: the first of them; seconds: how long the check took."""

    component: str
    outcome: str
    says: str = ""
    severity: str = ""
    certainty: str = ""
    mistakes: tuple[str, ...] = ()
    look: str = ""
    hints: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    difference: str = ""
    waits_for: tuple[str, ...] = ()
    printed: int = 0
    prints: tuple[str, ...] = ()
    seconds: float = 0.0


def to_dict(finding: Finding) -> dict[str, Any]:
    """The finding as JSON can hold it."""
    return asdict(finding)


def from_dict(stored: Mapping[str, Any]) -> Finding:
    """The way back; fields that this version does not know are left out. KeyError or TypeError when it is no finding."""
    known = {field.name: stored[field.name] for field in fields(Finding) if field.name in stored}
    return Finding(**{name: tuple(value) if isinstance(value, list) else value for name, value in known.items()})


def is_right(finding: Finding) -> bool:
    """Whether there is nothing to do: correct, or what this machine cannot check and nothing under work holds up."""
    return finding.outcome == "correct" or (finding.outcome == "not checked" and not finding.waits_for)
