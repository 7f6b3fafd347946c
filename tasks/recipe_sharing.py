"""[sharing]: what each task has for itself in the encoder, and what stands beside its layers; built by tasks/paths.py."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tasks.recipe_rules import Rule, check_fields, choice, setting, whole

# Names of minbert/sharing.py; of the towers those that somebody measured or a recipe takes, any other number of layers will do as well.
SHARINGS = ("multi", "cerbertus-1", "cerbertus-2", "cerbertus-3", "cerbertus-4", "cerbertus-6", "triple", "multi+triple", "static+finetune")
ADAPTERS = ("none", "pal", "pal-code", "low-rank", "top")
ADAPTER_HEADS = {"pal": 12, "pal-code": 6, "top": 12}  # each must get an equal part of the adapter's width
TOWERS = re.compile(r"cerbertus-(0|[1-9]\d{0,2})")


def own_layers(name: str) -> int | None:
    """K of "cerbertus-K"; None for every other name."""
    tower = TOWERS.fullmatch(name)
    return int(tower[1]) if tower else None


def _sharing(value: Any) -> str:
    if not isinstance(value, str) or (value not in SHARINGS and own_layers(value) is None):
        raise ValueError
    return value


@dataclass(frozen=True)
class SharingSettings:
    """[sharing]: one encoder for all tasks, one each, or something between; the default is one for all."""

    name: str = setting("multi", Rule("multi, cerbertus-K (the top K layers once per task), triple, multi+triple or static+finetune", _sharing, SHARINGS),
                        "multi, cerbertus-K, triple, multi+triple or static+finetune: see docs/sharing.md")
    pooler: str = setting("own", choice("own", "shared"), "cerbertus-K only: a pooler for each task, or one for all; the paper leaves it open")
    adapters: str = setting("none", choice(*ADAPTERS), "beside the layers, for each task its own: see docs/pals.md")
    adapter_size: int = setting(0, whole(0, 4096, note="0 = the adapter's own width"), "width of the adapters; 0 = their own, 204 or 100")

    def __post_init__(self) -> None:
        check_fields(self, "sharing")

    @property
    def is_plain(self) -> bool:
        """Whether every task reads with one and the same BERT, as without this section."""
        return self.name == "multi" and self.adapters == "none"
