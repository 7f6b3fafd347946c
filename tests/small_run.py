"""A course in miniature: three tasks of made-up rows in the course's own files, and a recipe that trains `tiny` on them in a second.

Sizes are chosen so that lock-step with 5 rows a batch takes 12 steps an epoch: 24 in two.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import torch

from tasks.recipe_exits import ExitSettings
from tasks.recipe_settings import (
    BregmanSettings,
    DataSettings,
    ModelSettings,
    OptimizerSettings,
    Recipe,
    RegularizerSettings,
    SamplerSettings,
    ScheduleSettings,
    TrainingSettings,
    UpdateSettings,
)
from tasks.recipe_sharing import SharingSettings
from tasks.recipe_stages import MlmSettings, SimcseSettings, StageSettings

SIZES = {"sst": 71, "quora": 67, "sts": 61}
DEV_ROWS = 13
GOOD, BAD = ["good", "great", "lovely", "fine"], ["bad", "dull", "empty", "poor"]
REST = ["the", "a", "film", "story", "dog", "boy", "was", "and", "very", "not", "today", "two"]


def write_course_files(folder: Path, seed: int = 3) -> Path:
    """Write train, dev and test files of sst, quora and sts whose labels can be learned from single words; returns `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    for split, name in [("train", "train"), ("dev", "dev"), ("test", "test-student")]:
        rows = SIZES if split == "train" else dict.fromkeys(SIZES, DEV_ROWS)
        _write(folder / f"ids-sst-{name}.csv", ["sentence", "sentiment"], [_sentence(chance) for _ in range(rows["sst"])])
        _write(folder / f"quora-{name}.csv", ["sentence1", "sentence2", "is_duplicate"], [_pair(chance, 1) for _ in range(rows["quora"])])
        _write(folder / f"sts-{name}.csv", ["sentence1", "sentence2", "similarity"], [_pair(chance, 5) for _ in range(rows["sts"])])
    return folder


def _write(path: Path, columns: list[str], rows: list[list[str]]) -> None:
    lines = ["\t".join(["", "id", *columns])]
    lines += ["\t".join([str(place), f"{path.stem}-{place}", *row]) for place, row in enumerate(rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _words(chance: random.Random, marked: list[str], count: int) -> str:
    words = chance.sample(marked, count) + chance.choices(REST, k=chance.randint(2, 17))
    chance.shuffle(words)
    return " ".join(words)


def _sentence(chance: random.Random) -> list[str]:
    label = chance.randint(0, 4)
    return [_words(chance, BAD if label < 2 else GOOD, abs(label - 2)), str(label)]


def _pair(chance: random.Random, highest: int) -> list[str]:
    label = chance.randint(0, highest)
    return [_words(chance, GOOD, 2), _words(chance, GOOD if label * 2 > highest else BAD, 2), f"{label}.0"]


def small_recipe(folder: Path, **sections: dict[str, Any]) -> Recipe:
    """Three tasks, lock-step, two epochs, linear schedule, clipping on; `sections` change settings: training={"epochs": 1}."""
    settings: dict[str, tuple[type, dict[str, Any]]] = {
        "data": (DataSettings, {"folder": str(folder), "max_length": 32}),
        "model": (ModelSettings, {}),
        "sharing": (SharingSettings, {}),
        "exits": (ExitSettings, {}),
        "sampler": (SamplerSettings, {"batch_size": 5, "window": 3}),
        "update": (UpdateSettings, {}),
        "regularizer": (RegularizerSettings, {}),
        "bregman": (BregmanSettings, {}),
        "optimizer": (OptimizerSettings, {"lr": 1e-3, "weight_decay": 0.01, "backend": "eager"}),
        "schedule": (ScheduleSettings, {"name": "linear"}),
        "training": (TrainingSettings, {"epochs": 2, "clip": 1.0, "device": "cpu"}),
        "stages": (StageSettings, {}),
        "simcse": (SimcseSettings, {}),
        "mlm": (MlmSettings, {}),
    }
    built = {name: kind(**{**values, **sections.get(name, {})}) for name, (kind, values) in settings.items()}
    tasks, seed = tuple(sections.get("tasks", ("sst", "quora", "sts"))), sections.get("seed", 11711)
    return Recipe(name="small", weights="tiny", tasks=tasks, seed=seed, phase=sections.get("phase", {}), **built)


def toy_regularizer(generator: torch.Generator) -> Any:
    """Door 3 in small: how far the logits move under noise drawn from `generator`."""
    def regularizer(logits_of: Any, embeddings: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
        noise = torch.randn(embeddings.shape, generator=generator) * 0.01
        return (logits_of(embeddings + noise) - logits).pow(2).mean()

    return regularizer
