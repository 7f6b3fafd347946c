"""The phases of a recipe in words, for tasks/report_words.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

OF_LAYERS = "one layer after the other {order}, each from its own exit, "
# key of a phase -> its words, where the value is not the one that a plain run has
WORDS = {
    "tasks": lambda value: f"on {', '.join(value)}",
    "trainable": lambda value: "" if value == "all" else f"only {value} learning",
    "loss": lambda value: f"with exits weighed as in {value} training" if value else "",
    "lr": lambda value: f"at a rate of {value:g}" if value else "",
    "sampler": lambda value: f"with the {value} sampler" if value else "",
    "regularized": lambda value: "" if value else "without the regularizer",
    "below": lambda value: "with dropout left on in layers that rest" if value == "train" else "",
    "patience": lambda value: f"left after {value} score{'s' if value > 1 else ''} without a rise" if value else "",
    "restore": lambda value: "its last weights kept instead of its best" if value == "last" else "",
}


def phase_sentence(recipe: Mapping[str, Any]) -> str:
    """"It learns in phases: sentiment, 4 epochs on sst; then together, 6 epochs."; "" for a recipe without phases."""
    phases = recipe.get("phase", {})
    return f"It learns in phases: {'; then '.join(_words(name, table) for name, table in phases.items())}." if phases else ""


def _words(name: str, table: Mapping[str, Any]) -> str:
    order = table.get("each_layer", "")
    epochs = f"{'the price of ' if order else ''}{table['epochs']} epoch{'s' if table['epochs'] != 1 else ''}"
    more = [words for key, tell in WORDS.items() if key in table and (words := tell(table[key]))]
    return ", ".join([f"{name}, {OF_LAYERS.format(order=order) if order else ''}{epochs}", *more])
