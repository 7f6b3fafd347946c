"""Rates, freezing, dropout and extra rows of a recipe in words, for tasks/report_words.py; nothing for what a plain recipe has.

A setting that an older run's recipe does not name is taken at its default.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from tasks.recipe_rates import OptimizerSettings, ScheduleSettings

Section = Mapping[str, Any]

SCHEDULES = {"constant": "constant",
             "linear": "rising over the first {warmup:.0%} of the steps, then falling in a straight line to 0",
             "slanted-triangular": "rising from 1/32 over the first {warmup:.0%} of the steps, then falling in a straight line to 1/32 again"}
LAYER_RATES = {"decay": "each layer of the encoder at {layer_decay:g} times the rate of the layer above",
               "ulmfit": "each layer of the encoder at 1/2.6 of the rate of the layer above, the embeddings below all",
               "thirds": "the lower third of the layers at 1/2.6 of the rate, the upper at 2.6 times"}
EMBEDDING_PARTS = {"tables": "word and position tables", "all": "embeddings"}
UNFREEZING = {"none": "", "gradual": "the heads learn alone in the first epoch, and from the top {layers} in each later one (gradual unfreezing)"}


def schedule_words(section: Section) -> str:
    """How the rate moves over the run."""
    chosen = _filled(section, ScheduleSettings)
    return SCHEDULES.get(str(chosen["name"]), str(chosen["name"])).format(**chosen)


def rate_words(section: Section) -> list[str]:
    """Which parts of the model learn at a rate of their own, and from when on."""
    chosen = _filled(section, OptimizerSettings)
    found = []
    if chosen["layer_rates"] != "decay" or chosen["layer_decay"] != 1:
        found.append(LAYER_RATES.get(chosen["layer_rates"], str(chosen["layer_rates"])).format(**chosen) + (", embeddings included" if chosen["decay_embeddings"] else ""))
    if chosen["adapter_lr_multiplier"] != 1:
        found.append(f"adapters at {chosen['adapter_lr_multiplier']:g} times the rate")
    if chosen["embedding_lr_multiplier"] != 1:
        parts, factor = EMBEDDING_PARTS.get(chosen["embedding_parts"], str(chosen["embedding_parts"])), chosen["embedding_lr_multiplier"]
        found.append(f"{parts} at {factor:g} times the rate" if factor else f"{parts} frozen")
    layers = "one layer more" if chosen["unfreeze_layers"] == 1 else f"{chosen['unfreeze_layers']} layers more"
    found.append(UNFREEZING.get(chosen["unfreeze"], str(chosen["unfreeze"])).format(layers=layers))
    return [words for words in found if words]


def dropout_words(model: Section) -> list[str]:
    """The dropout rate before the heads, and those of single tasks."""
    if "head_dropout" not in model:
        return []
    own = [" for ".join(str(pair).partition("=")[2::-2]) for pair in model.get("head_dropouts", ())]
    return [f"dropout before a head is {model['head_dropout']}" + (f", but {' and '.join(own)}" if own else "")]


def extra_words(tables: Section) -> list[str]:
    """Whose rows join which task's."""
    found = []
    for name, table in tables.items():
        if isinstance(table, Mapping):
            labels = table.get("map")
            how = f", labels mapped as {labels}" if isinstance(labels, str) else ", labels mapped by a table of its own" if labels else ""
            found.append(f"rows of {table.get('file', name)} join those of {table.get('task', 'a task')}{how}")
    return found


def _filled(section: Section, kind: type) -> dict[str, Any]:
    return {**{field.name: field.default for field in dataclasses.fields(kind)}, **section}
