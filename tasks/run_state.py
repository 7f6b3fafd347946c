"""A run as one nested dict, and back: what `last.safetensors` holds.

A resumed run must not differ from one that was never stopped, in any bit. So beside the weights everything goes in that
later numbers depend on: the optimizer's memory of each parameter, every generator, every stream's place, the schedule,
the sums behind the next log line. Each is stored by name, never by position.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from torch import nn
from torch.optim import Optimizer

from minbert.errors import UserError, plain
from tasks.checkpoint import State, copy_tensors
from tasks.dropout_state import capture_dropout, restore_dropout
from tasks.optimizers import capture_optimizer
from tasks.optimizers import restore_optimizer as restore_other
from tasks.progress import Progress
from tasks.recipe_settings import Recipe
from tasks.setup_run import Parts


def capture(parts: Parts, progress: Progress) -> State:
    """Everything needed to go on from here. Several processes call it together, since dropout's generators are gathered."""
    return {
        **capture_model(parts),
        "progress": progress.to_plain(),
        "optimizer": optimizer_state(parts.model, parts.optimizer),
        "schedule": parts.schedule.state_dict(),
        "scaler": parts.precision.scaler.state_dict(),
        "sampler": parts.sampler.state_dict(),
        "streams": {name: stream.state_dict() for name, stream in parts.streams.items()},
        "generators": {name: generator.get_state() for name, generator in parts.generators.items()},
        **capture_dropout(parts.device, parts.world),
        **({"teacher": parts.teacher.state_dict()} if parts.teacher else {}),
        **({"phases": parts.phases.state_dict()} if parts.phases else {}),
        **({"surgery": {"targets": parts.surgeon.targets}} if parts.surgeon.targets is not None else {}),
    }


def capture_model(parts: Parts) -> State:
    """The model alone, with what it takes to build it again: what `best.safetensors` holds, beside its score."""
    return {"recipe": plain_recipe(parts.recipe), "config": parts.model.bert.config.to_json(), "model": dict(parts.model.state_dict())}


def restore(state: State, parts: Parts, where: str) -> Progress:
    """Put a captured state into freshly built parts of the same recipe; `where` names the checkpoint in errors.

    Raises UserError when a tensor, a stream or a setting belongs to another run.
    """
    expect_same_recipe(state["recipe"], parts.recipe, where)
    copy_tensors(state["model"], dict(parts.model.state_dict()), where)
    restore_optimizer(state["optimizer"], parts.model, parts.optimizer, where, parts.recipe.optimizer.name)
    parts.schedule.load_state_dict(state["schedule"])
    if parts.precision.scaler.is_enabled():
        parts.precision.scaler.load_state_dict(state["scaler"])
    parts.sampler.load_state_dict(state["sampler"])
    for name, stream in parts.streams.items():
        stream.load_state_dict(state["streams"][name])
    for name, generator in parts.generators.items():
        generator.set_state(state["generators"][name])
    if parts.teacher:
        copy_tensors(state["teacher"], dict(parts.teacher.tensors()), where)
    if "surgery" in state:
        parts.surgeon.targets = state["surgery"]["targets"]
    restore_dropout(state, parts.device, parts.recipe.seed, parts.world)
    return Progress.from_plain(state["progress"])


def plain_recipe(recipe: Recipe) -> dict[str, Any]:
    """A recipe as JSON would give it back: dicts, lists, words and numbers."""
    return json.loads(json.dumps(dataclasses.asdict(recipe)))


def expect_same_recipe(saved: dict[str, Any], recipe: Recipe, where: str) -> None:
    """Raise UserError naming the first setting in which the checkpoint's recipe and this one differ."""
    before, now = _flat(saved), _flat(plain_recipe(recipe))
    for key in [*before, *now]:
        if before.get(key) != now.get(key):
            raise UserError(f"{where} was saved with {plain(key)} = {json.dumps(before.get(key))} and this run has {plain(key)} = {json.dumps(now.get(key))}: "
                            "resume with the recipe of then, or start a new run in another folder.")


def _flat(table: dict[str, Any], path: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in table.items():
        flat.update(_flat(value, f"{path}{key}.") if isinstance(value, dict) else {path + key: value})
    return flat


def optimizer_state(model: nn.Module, optimizer: Optimizer) -> dict[str, dict[str, Any]]:
    """What the optimizer remembers of each parameter of `model`, by name."""
    # A parameter that never had a gradient has no state, and gets none on the way back either.
    return capture_optimizer(optimizer, model.named_parameters())


def restore_optimizer(saved: dict[str, dict[str, Any]], model: nn.Module, optimizer: Optimizer, where: str, kind: str = "adamw") -> None:
    """Give the optimizer back what `optimizer_state` took, of the `kind` of tasks/optimizers.py; UserError for a name or a shape that the model does not have."""
    if kind != "adamw":
        restore_other(saved, optimizer, model.named_parameters(), kind, where)
        return
    parameters = dict(model.named_parameters())
    for name, values in saved.items():
        if name not in parameters:
            raise UserError(f"{where}: the optimizer remembers {name}, which is not part of this model; the checkpoint belongs to another recipe.")
        parameter = parameters[name]
        # The kernel that reads these does not look at shapes, and would walk past the end of one that is too short.
        if values["mean"].shape != parameter.shape or values["square"].shape != parameter.shape or type(values["step"]) is not int:
            raise UserError(f"{where}: what the optimizer remembers of {name} does not fit its shape {tuple(parameter.shape)}; "
                            "the checkpoint belongs to another recipe.")
        moments = {key: values[key].to(parameter.device, parameter.dtype) for key in ("mean", "square")}
        optimizer.state[parameter] = {"step": values["step"], **moments}
