"""The run folder: one folder holds everything a training run was and produced.

    recipe.toml                what was asked for, complete
    environment.json           what it ran on
    tokenizer/                 how text becomes ids
    metrics.jsonl              what happened, one JSON object a line (below)
    metrics.csv                the same as a table, one row an epoch
    timings.jsonl              how long it took; apart, because time is the one thing no two runs share
    results.json               per task our dev score beside the baselines, confusion, worst mistakes (tasks/results.py)
    predictions/               the course's files, from the best checkpoint
    checkpoints/last.safetensors, checkpoints/best.safetensors
    checkpoints/stage.safetensors, encoders/STAGE/   only where stages run before the tasks: how far they are, and what they came to
    curves.png, confusion-TASK.png, report.html
    stopped.json               only if the loss or a gradient stopped being a number: which rows did it

Lines of metrics.jsonl, told apart by "kind"; NAME is a task:

    {"kind": "train", "epoch": 1, "step": 50, "updates": 150, "rate": 1e-05, "gradient_norm": 3.1 | null,
     "loss": {NAME: mean since the line before}}
    {"kind": "epoch", "epoch": 1, "step": 755, "updates": 2265, "loss": {NAME: mean of the epoch},
     "dev": {NAME: {"metric": "accuracy", "score": 0.49, "confusion": [[...]] | null}},
     "overall": 0.61, "score": "normalised", "best": true}      with phases: "phase": {"name", "score", "action", "why", "put_back"}

    {"kind": "stage", "stage": "simcse", "step": 50, "of": 640, "rate": 3e-05, "gradient_norm": 2.1, "loss": mean since the line before}
    {"kind": "stage", "stage": "simcse", "step": 640, "of": 640, "seen": {"sts": {"pearson": 0.7, "spearman": 0.69}}}

Two runs of one recipe write the same bytes; a run that was stopped and resumed writes them too.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from minbert.errors import UserError


@dataclass(frozen=True)
class RunFolder:
    """Names the files of one run.

    path: the folder. Nothing is made until something is written.
    """

    path: Path

    @property
    def recipe(self) -> Path:
        """recipe.toml, the complete recipe."""
        return self.path / "recipe.toml"

    @property
    def environment(self) -> Path:
        """environment.json, versions and machine."""
        return self.path / "environment.json"

    @property
    def metrics(self) -> Path:
        """metrics.jsonl, the log described at the top of this file."""
        return self.path / "metrics.jsonl"

    @property
    def table(self) -> Path:
        """metrics.csv, one row an epoch."""
        return self.path / "metrics.csv"

    @property
    def timings(self) -> Path:
        """timings.jsonl, seconds for each epoch's training and evaluation."""
        return self.path / "timings.jsonl"

    @property
    def results(self) -> Path:
        """results.json, what the finished run knows about each task."""
        return self.path / "results.json"

    @property
    def tokenizer(self) -> Path:
        """The folder of the tokenizer, so that the run can be used where its pretrained weights are not."""
        return self.path / "tokenizer"

    @property
    def predictions(self) -> Path:
        """The folder of prediction files."""
        return self.path / "predictions"

    @property
    def last(self) -> Path:
        """The checkpoint to resume from."""
        return self.path / "checkpoints" / "last.safetensors"

    @property
    def best(self) -> Path:
        """The model with the best overall dev score so far."""
        return self.path / "checkpoints" / "best.safetensors"

    @property
    def stage(self) -> Path:
        """The checkpoint of the stages before the tasks: which one, and how far."""
        return self.path / "checkpoints" / "stage.safetensors"

    def encoder(self, stage: str) -> Path:
        """The folder with the encoder that a finished stage leaves, to be named as weights."""
        return self.path / "encoders" / stage

    @property
    def stopped(self) -> Path:
        """stopped.json, the rows of a batch whose loss or gradient was not finite."""
        return self.path / "stopped.json"

    def expect_free(self) -> None:
        """Make the folder for a new run. Raises UserError when it already holds one, so nothing is overwritten."""
        for sign in (self.last, self.metrics, self.best, self.stage):
            if sign.exists():
                raise UserError(f"{self.path} already holds a run ({sign.name}): go on with `minbert train --resume "
                                f"{self.path}`, or give another folder with --run-folder.")
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"cannot make the run folder {self.path}: {error.strerror or error}; give another with --run-folder.") from error
