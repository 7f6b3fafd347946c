"""A trained model out of a run folder, with all that is needed to feed it; the pretrained weights are not looked for again."""

from __future__ import annotations

import os.path
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from minbert.errors import UserError
from minbert.tokenizer import Tokenizer
from tasks import checkpoint
from tasks.checkpoint import copy_tensors
from tasks.console import progress_bar
from tasks.data import Split, read_examples, read_split
from tasks.devices import choose_device
from tasks.encoding import EncodedSplit, encode_split
from tasks.evaluate import Evaluation, evaluate
from tasks.exit_model import make_model
from tasks.model import MultitaskModel
from tasks.put_to_use import put_to_use
from tasks.recipe import Override, Recipe, recipe_from_table
from tasks.recipe_tasks import tasks_of
from tasks.recipe_words import written
from tasks.recipe_writing import toml_value
from tasks.registry import PRACTICE_FOLDER, Task
from tasks.run_folder import RunFolder
from tasks.start_run import encoder_of

CHECKPOINTS = ("best", "last")


@dataclass(frozen=True)
class LoadedRun:
    """A run that is ready to answer: its folder, recipe, tasks, tokenizer, and the model on its device."""

    folder: RunFolder
    recipe: Recipe
    tasks: dict[str, Task]
    tokenizer: Tokenizer
    model: MultitaskModel
    device: torch.device

    @property
    def data_folder(self) -> Path:
        """Where the files of the tasks are looked for."""
        return Path(self.recipe.data.folder) if self.recipe.data.folder else PRACTICE_FOLDER

    def read(self, task: Task, split: str, path: Path | None = None) -> Split:
        """Read a split of a task from its own file; or `path`, whose labels are not looked at. `UserError` as the readers raise it."""
        if path is not None:
            return read_examples(path, task, split_has_labels=False)
        return read_split(self.data_folder, task, split, split_has_labels=split != "test")

    def encode(self, task: Task, rows: Split) -> EncodedSplit:
        """Token ids of the rows, cut and paired as in training."""
        return encode_split(rows, self.tokenizer, task, self.recipe.data.max_length, self.recipe.model.pairs, self.recipe.data.truncation,
                            self.recipe.model.evaluate_order == "averaged")

    def evaluate(self, task: Task, encoded: EncodedSplit, model: nn.Module | None = None) -> Evaluation:
        """Answers for every row; with a score where the rows have labels.  model: answers instead of the run's own, one that leaves early for instance."""
        return evaluate(model or self.model, encoded, task, self.recipe.training.evaluate_batch_size, self.device,
                        progress=lambda batches: progress_bar(batches, desc=task.name, leave=False))


def load_run(path: Path, which: str = "best", device: str = "auto", data: str | None = None) -> LoadedRun:
    """Load the checkpoint `which` ("best" or "last") of the run at `path`; `data` replaces the folder of data files.

    Raises `UserError` when it is no run folder, has no such checkpoint yet, or the checkpoint is damaged.
    """
    folder = RunFolder(path)
    file = {"best": folder.best, "last": folder.last}[which]
    if not os.path.isfile(file):
        there = "it has no checkpoint yet" if os.path.isfile(folder.recipe) else "it is no run folder"
        raise UserError(f"{written(str(path))} holds no {which} checkpoint, {there}; expected a folder in which minbert train has finished an epoch, "
                        "such as runs/practice.")
    chosen, overrides = choose_device(device), [] if data is None else [data_override(data)]
    state = checkpoint.load(file)
    with put_to_use(str(file)):
        recipe = recipe_from_table(state["recipe"], str(file), overrides)
        tasks = tasks_of(recipe)
        model = make_model(recipe, encoder_of(state, recipe, str(file)), tasks)
        copy_tensors(state["model"], dict(model.state_dict()), str(file))
    return LoadedRun(folder, recipe, tasks, Tokenizer.from_pretrained(folder.tokenizer), model.to(chosen).eval(), chosen)


def data_override(data: str) -> Override:
    """The folder of data files as a change to the recipe; `UserError` when there is no such folder."""
    if not os.path.isdir(data):
        raise UserError(f"--data: there is no folder {written(data)}; expected the folder that holds the data files, such as ids-sst-train.csv.")
    return Override("data.folder", toml_value(str(Path(data).absolute())), "--data")
