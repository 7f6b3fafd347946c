"""The encoder of one task as a plain BERT, for `transformers` and for the next run: what can leave its run, and in a sentence what cannot."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from minbert.errors import UserError, nearest
from tasks.recipe_words import tip, written

if TYPE_CHECKING:
    from minbert.bert import Bert
    from tasks.load_run import LoadedRun

PARTS = ("own", "companion")


def plain_encoder(run: LoadedRun, task: str | None = None, part: str = "own") -> Bert:
    """What `task` reads sentences with, as one BERT; part: "own", or the "companion" beside it that some sharings have.

    task may be None where all tasks have the same encoder.  Raises `UserError` for adapters, which no plain BERT has a place for, and for a
    task or a part that is not there.
    """
    sharing, names = run.recipe.sharing, list(run.tasks)
    if sharing.adapters != "none":
        raise UserError(f'the layers of {run.folder.path} have adapters beside them (sharing.adapters = "{sharing.adapters}"), for which a plain BERT has no place; '
                        "use the run as it is: minbert predict, or tasks.load_run.load_run in Python.")
    if task is not None and task not in names:
        raise UserError(tip(f"--task is {written(task)}, but the run {run.folder.path} was trained on {', '.join(names)}", nearest(task, names), "choose one of those"))
    parts = {name: dict(zip(PARTS, run.model.paths.of(name).parts)) for name in names}
    if part not in parts[names[0]]:
        raise UserError(f'there is no {part} encoder in {run.folder.path} (sharing.name = "{sharing.name}"), expected {" or ".join(parts[names[0]])}.')
    different = {tuple(map(id, each[part].parameters())) for each in parts.values()}
    if task is None and len(different) > 1:
        raise UserError(f'each task of {run.folder.path} has an encoder of its own (sharing.name = "{sharing.name}"): say which with --task, one of {", ".join(names)}.')
    return parts[task or names[0]][part]


def export(run: LoadedRun, folder: Path, task: str | None = None, part: str = "own") -> str:
    """Write config.json, model.safetensors and the tokenizer's files to `folder`, new or empty; returns the sentence that says so."""
    if os.path.exists(folder) and not (os.path.isdir(folder) and not os.listdir(folder)):
        raise UserError(f"{folder} is there already and not an empty folder; give a new one, so that nothing is overwritten.")
    bert = plain_encoder(run, task, part)
    bert.save_pretrained(folder)
    run.tokenizer.save_pretrained(folder)
    whose = f"of task {task}" if task else "of all tasks"
    count = len(run.model.paths.of(task or next(iter(run.tasks))).parts)
    beside = f"; heads read {count} encoders side by side, and this is the {part} one" if count > 1 else ""
    return f"{folder}: the encoder {whose}, {len(bert.layers)} layers, {bert.config.hidden_size} wide, with its tokenizer and without heads{beside}."
