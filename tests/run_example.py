"""A finished run folder in miniature, written by hand: what the report and the pictures are tested on."""

from __future__ import annotations

import json
from pathlib import Path

RECIPE = """name = "little"
description = "A run made up for the tests."
weights = "tiny"
tasks = ["mood", "match", "near"]
seed = 11711

[model]
fine_tune_mode = "full-model"
pairs = "siamese"
pair_features = "concat"

[sampler]
name = "lock-step"
batch_size = 7

[update]
name = "separate"

[optimizer]
form = "course"
lr = 3e-5

[schedule]
name = "linear"
warmup = 0.1

[training]
epochs = 2
"""
NASTY = "<b>Not bad</b> & \"odd\" </td>\x00 https://example.org/x.js"


def _wrong(label: float, prediction: float, confidence: float | None, *texts: str) -> dict[str, object]:
    return {"id": "a17", "texts": list(texts), "label": label, "prediction": prediction, "confidence": confidence}


RESULTS = {
    "overall": {"normalised": 0.7123, "plain": 0.6789},
    "tasks": {
        "mood": {"metric": "accuracy", "majority": 0.211, "bag_of_words": 0.433, "ours": 0.655, "labels": ["sour", "flat", "sweet"],
                 "confusion": [[11, 2, 0], [3, 13, 1], [0, 5, 17]], "points": None, "wrong": [_wrong(2, 0, 0.987, NASTY)]},
        "match": {"metric": "accuracy", "majority": 0.611, "bag_of_words": 0.622, "ours": 0.599, "labels": ["0", "1"],
                  "confusion": [[19, 23], [29, 31]], "points": None, "wrong": [_wrong(0, 1, 0.876, "The dog ran.", "The boy ran.")]},
        "near": {"metric": "pearson", "majority": 0.0, "bag_of_words": None, "ours": 0.777, "labels": [], "confusion": None,
                 "points": [[0.0, 0.4], [2.5, 2.25], [5.0, 4.1]], "wrong": [_wrong(5.0, 2.25, None, "One.", "Two.")]},
    },
}


def epoch_line(number: int) -> dict[str, object]:
    """The "epoch" line of metrics.jsonl for epoch `number`."""
    losses, scores = {"mood": 1.5 / number, "match": 0.7 / number, "near": 2.0 / number}, {"mood": 0.3, "match": 0.5, "near": 0.6}
    dev = {task: {"metric": "accuracy", "score": score + number / 20, "confusion": None} for task, score in scores.items()}
    return {"kind": "epoch", "epoch": number, "step": 31 * number, "updates": 93 * number, "loss": losses, "dev": dev,
            "overall": 0.5 + number / 10, "score": "normalised", "best": True}


def write_example(folder: Path) -> Path:
    """Fill `folder` with the example run and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "recipe.toml").write_text(RECIPE, encoding="utf-8")
    (folder / "environment.json").write_text(json.dumps({"python": "3.11.9", "cpu": {"threads": 2}, "packages": ["a", "b"]}), encoding="utf-8")
    train_line = {"kind": "train", "epoch": 1, "step": 5, "loss": {"mood": 9.0}}
    (folder / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in (epoch_line(1), train_line, epoch_line(2))), encoding="utf-8")
    (folder / "results.json").write_text(json.dumps(RESULTS), encoding="utf-8")
    return folder
