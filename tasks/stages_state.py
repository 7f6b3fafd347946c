"""A stage as one nested dict, and back: what `stage.safetensors` holds.

In the middle of a stage that is all that later numbers depend on. Once it has finished its encoder lies in a folder of its own, and what is left
to know is its name and how long the log was.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import torch

from minbert.bert import Bert
from minbert.config import BertConfig
from minbert.files import keep_on_disk
from tasks import checkpoint
from tasks.checkpoint import State, copy_tensors
from tasks.dropout_state import capture_dropout, restore_dropout
from tasks.put_to_use import put_to_use
from tasks.recipe_settings import Recipe
from tasks.run_folder import RunFolder
from tasks.run_state import expect_same_recipe, optimizer_state, plain_recipe, restore_optimizer
from tasks.stages_run import StageProgress, StageRun


def capture_stage(run: StageRun) -> State:
    """Everything needed to go on from here. Several processes call it together, since dropout's generators are gathered."""
    return {
        **_about(run), "config": run.stage.model.bert.config.to_json(), "model": dict(run.stage.model.state_dict()),
        "optimizer": optimizer_state(run.stage.model, run.optimizer), "schedule": run.schedule.state_dict(),
        "scaler": run.precision.scaler.state_dict(), "stream": run.stream.state_dict(),
        "generators": {name: generator.get_state() for name, generator in run.stage.generators.items()},
        **capture_dropout(run.device, run.world),
    }  # fmt: skip


def _about(run: StageRun) -> State:
    return {"recipe": plain_recipe(run.recipe), "stage": run.name, "finished": False, "progress": asdict(run.progress)}


def save_stage(run: StageRun, folder: RunFolder, finished: bool = False) -> None:
    """Write `stage.safetensors`, the place to resume from; finished: the encoder has been written, so its name is enough.

    Of several processes the leader writes, and all call this.
    """
    state = {**_about(run), "finished": True} if finished else capture_stage(run)
    if not run.world.leads:
        return
    if folder.metrics.exists():
        keep_on_disk(folder.metrics)  # the checkpoint counts on the log's bytes, so they must be there first
    checkpoint.save(folder.stage, state)


def load_stage(folder: RunFolder, recipe: Recipe) -> State:
    """The state in `stage.safetensors`. UserError when there is none, or one of another recipe."""
    state = checkpoint.load(folder.stage)
    with put_to_use(str(folder.stage)):
        expect_same_recipe(state["recipe"], recipe, str(folder.stage))
        if state["stage"] not in recipe.stages.run or type(state["finished"]) is not bool or type(state["progress"]["log_bytes"]) is not int:
            raise ValueError("no stage of this recipe")
    return state


def encoder_in(state: State, attention: str) -> Bert:
    """The encoder of a stage that was stopped, without looking for the pretrained weights again."""
    with torch.device("meta"):  # every number is replaced at once
        bert = Bert(BertConfig.from_json(state["config"]), attention)
    bert.load_state_dict({name.removeprefix("bert."): tensor for name, tensor in state["model"].items() if name.startswith("bert.")}, assign=True)
    return bert


def restore_stage(state: dict[str, Any], run: StageRun, where: str) -> None:
    """Put a captured state into a freshly built run of the same stage; `where` names the checkpoint in errors."""
    copy_tensors(state["model"], dict(run.stage.model.state_dict()), where)
    restore_optimizer(state["optimizer"], run.stage.model, run.optimizer, where)
    run.schedule.load_state_dict(state["schedule"])
    if run.precision.scaler.is_enabled():
        run.precision.scaler.load_state_dict(state["scaler"])
    run.stream.load_state_dict(state["stream"])
    for name, generator in run.stage.generators.items():
        generator.set_state(state["generators"][name])
    restore_dropout(state, run.device, run.recipe.seed, run.world)
    run.progress = StageProgress(**state["progress"])
