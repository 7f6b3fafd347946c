"""The [exits] of a recipe in words, for tasks/report_words.py."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from tasks.recipe_exits import ExitSettings

REGIMES = {"joint": "all of which learn in every step", "weighted": "all of which learn in every step, the deeper the more",
           "two-stage": "which learn after the model has, while that stands still", "alternating": "which learn in every second step, the last alone in the others"}
SMART_ON = {"all": "", "final": ", the regularizer in steps of the last exit alone", "even": ", the regularizer in every second step"}


def exit_words(section: Mapping[str, Any]) -> list[str]:
    """Heads below the last layer; nothing where there are none."""
    chosen = {**{field.name: field.default for field in dataclasses.fields(ExitSettings)}, **section}
    if chosen["train"] == "none":
        return []
    learned = ", with a learned certainty of when to leave" if chosen["lte"] else ""
    return [f"every layer has a head through which examples can leave, {REGIMES.get(chosen['train'], chosen['train'])}{SMART_ON.get(chosen['smart_on'], '')}{learned}"]
