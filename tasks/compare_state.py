"""How far one run of a comparison has come, told from its folder alone: so the same command, given again, does what is left."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from minbert.errors import UserError
from minbert.files import write_text
from tasks.compare_rows import Run
from tasks.recipe import load_recipe
from tasks.run_folder import RunFolder

FINISHED, HALF, BEGUN, MISSING = "finished", "half", "begun", "missing"


@dataclass(frozen=True)
class Outcome:
    """What only the process of a run knows; compare.json in the run folder.

    sentence: why the run failed, or None; attempts: how often it was started; peak_bytes: most memory of the whole process, torch included, or
    None where it had no process of its own; cuda_bytes: most memory of its tensors on a CUDA device, or None; device: where it computed.
    """

    sentence: str | None = None
    attempts: int = 0
    peak_bytes: int | None = None
    cuda_bytes: int | None = None
    device: str = ""
    stopped_by: int | None = None  # the signal that asked it to stop


def state_of(run: Run) -> str:
    """FINISHED, HALF (there is a checkpoint), BEGUN (only logs) or MISSING. `UserError` when the folder holds a run of another recipe."""
    folder = run.folder
    if not folder.recipe.exists():
        return MISSING
    expect_same(run)
    if folder.results.exists():
        return FINISHED
    return HALF if folder.last.exists() or folder.stage.exists() else BEGUN


def expect_same(run: Run) -> None:
    """`UserError` naming the first setting in which the run in the folder and `run` differ."""
    from tasks.run_state import expect_same_recipe, plain_recipe  # torch comes with it

    try:
        expect_same_recipe(plain_recipe(load_recipe(run.folder.recipe)), run.recipe, str(run.folder.recipe))
    except UserError as error:
        raise UserError(f"{str(error).partition(': resume')[0].rstrip('.')}; compare in another folder with --out, or give the settings of then.") from None


def clear(folder: RunFolder) -> None:
    """Take away what a run left that was ended before its first checkpoint, of which nothing can be used: its logs and its best model."""
    for left in (folder.metrics, folder.timings, folder.table, folder.best, folder.stopped):
        left.unlink(missing_ok=True)


def drop_checkpoints(folder: RunFolder) -> None:
    """Delete what a finished run could be gone on with or asked again: two files, 1.7 GB at BERT-base size, and the encoders of stages."""
    for checkpoint in (folder.last, folder.best, folder.stage):
        checkpoint.unlink(missing_ok=True)
    shutil.rmtree(folder.path / "encoders", ignore_errors=True)


def outcome_path(folder: RunFolder) -> Path:
    """compare.json, beside the files that every run has."""
    return folder.path / "compare.json"


def read_outcome(folder: RunFolder) -> Outcome:
    """The stored outcome, or an empty one. `UserError` when the file is not what `write_outcome` wrote."""
    path = outcome_path(folder)
    if not path.exists():
        return Outcome()
    try:
        return Outcome(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise UserError(f"{path} is not what minbert compare wrote; delete it, and the run's memory will be shown as unknown.") from None


def write_outcome(folder: RunFolder, **values: Any) -> Outcome:
    """Store what one attempt came to: counted on top of earlier attempts, with the larger memory of them."""
    before = read_outcome(folder)
    for name in ("peak_bytes", "cuda_bytes"):
        known = [number for number in (getattr(before, name), values.get(name)) if number is not None]
        values[name] = max(known, default=None)
    outcome = Outcome(**{"device": before.device, **values, "attempts": before.attempts + 1})
    write_text(outcome_path(folder), json.dumps(asdict(outcome), indent=1) + "\n")
    return outcome
