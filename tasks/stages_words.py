"""Stages before the tasks in words, for the report of a run. A setting that a recipe does not name is taken at its default."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from tasks.recipe_stages import MlmSettings, SimcseSettings

KINDS = {"simcse": SimcseSettings, "mlm": MlmSettings}
DUPLICATES = {"grouped": "equal texts are not told apart", "negatives": "equal texts are told apart like any others", "once": "each text is taken once"}
HEADS = {"drop": "under a tanh layer that is then left out", "keep": "under a tanh layer that becomes the pooler", "none": "without a layer on top"}
SIMCSE = ("{what} is told apart from the rest of its batch of {batch_size} (SimCSE, temperature {temperature:g}, {vector} {head}{hard}; {duplicates}), {length}, "
          "learning rate {lr:g}")
MLM = "masked words of {source} are guessed ({rate:.0%} chosen, {masks} masks), {length} in batches of {batch_size}, learning rate {lr:g}{decay}"


def stage_sentence(recipe: Mapping[str, Any]) -> str:
    """What happens before the tasks, in one sentence; "" where nothing does."""
    stages = recipe.get("stages", {})
    names = [name for name in (stages.get("run", ()) if isinstance(stages, Mapping) else ()) if name in KINDS]
    words = [{"simcse": _simcse, "mlm": _mlm}[name](_filled(recipe.get(name, {}), KINDS[name])) for name in names]
    return f"Before the tasks, {'; then '.join(words)}." if words else ""


def _simcse(chosen: Mapping[str, Any]) -> str:
    supervised = bool(chosen["triples"])
    what = f"each anchor of {chosen['triples']}, brought near its positive," if supervised else f"each text of {_source(chosen)}, encoded twice,"
    hard = f", hard negatives with logit {chosen['hard_weight']:+g}" if supervised else ""
    return SIMCSE.format(**{**chosen, "what": what, "hard": hard, "vector": {"cls": "[CLS]", "mean": "the mean vector"}[chosen["pooling"]],
                            "head": HEADS[chosen["head"]], "duplicates": DUPLICATES[chosen["duplicates"]], "length": _length(chosen)})


def _mlm(chosen: Mapping[str, Any]) -> str:
    decay = "" if chosen["layer_decay"] == 1 else f", each layer at {chosen['layer_decay']:g} of the rate above it"
    return MLM.format(**{**chosen, "source": _source(chosen), "length": _length(chosen), "decay": decay})


def _source(chosen: Mapping[str, Any]) -> str:
    return ", ".join("the tasks' training texts" if each == "tasks" else str(each) for each in chosen["texts"])


def _length(chosen: Mapping[str, Any]) -> str:
    count, unit = (chosen["steps"], "step") if chosen["steps"] else (chosen["epochs"], "epoch")
    return f"{count:,} {unit}{'' if count == 1 else 's'}"


def _filled(section: Mapping[str, Any], kind: type) -> dict[str, Any]:
    return {**{field.name: field.default for field in dataclasses.fields(kind)}, **section}
