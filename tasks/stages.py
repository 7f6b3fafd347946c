"""Stages before the tasks: SimCSE, masked words, or both, each from where the one before it ended.

    encoder = run_stages(recipe, folder, resume, interrupt, say)        None where the recipe has none, or the tasks have begun

Each finished stage leaves its encoder in a folder of its own, encoders/STAGE, which can be named as weights anywhere.
Every generator is named after the stage, so with a stage or without one the tasks' batches come in the same order.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from torch import Tensor

from minbert.bert import Bert
from minbert.mlm import MaskedWordHead
from minbert.tokenizer import Tokenizer
from minbert.weights import save_encoder
from tasks.agreement import leaders, together
from tasks.checkpoint import State
from tasks.dropout_state import seed_dropout
from tasks.interrupt import Interrupt, Interrupted
from tasks.joining import here
from tasks.logs import cut_back
from tasks.processes import World
from tasks.put_to_use import put_to_use
from tasks.recipe_settings import Recipe
from tasks.run_folder import RunFolder
from tasks.seeds import named_generator
from tasks.setup_run import Parts, build, load_encoder
from tasks.stages_loop import log_seconds, run_loop
from tasks.stages_mlm import MlmStage
from tasks.stages_run import StageProgress, StageRun
from tasks.stages_simcse import SimcseStage
from tasks.stages_state import encoder_in, load_stage, restore_stage, save_stage
from tasks.stages_texts import Ground, expect_texts
from tasks.start_run import begin_run

Say = Callable[[str], object]
Bar = Callable[..., Any] | None


def run_stages(recipe: Recipe, folder: RunFolder, resume: bool, interrupt: Interrupt, say: Say = print, bar: Bar = None, command: str = "train") -> Bert | None:
    """Run every stage of the recipe that is left, and return the encoder for the tasks; None without stages or once the tasks have begun.

    command: of minbert, named to whoever stops it. Raises Interrupted, with everything saved, when a signal asked for it.
    """
    if not recipe.stages.run or (resume and folder.last.exists()):
        return None
    world = here()
    state, ground, bert = prepare(recipe, folder, resume, say, world)
    log_bytes = 0 if state is None else state["progress"]["log_bytes"]
    if state is not None and world.leads:
        cut_back(folder.metrics, log_bytes)
    for name in stages_left(recipe, state):
        progress = StageProgress(log_bytes=log_bytes)
        run = together(partial(begin, name, ground, bert, folder, progress, state if state is not None and state["stage"] == name else None), world)
        started = time.monotonic()
        try:
            run_loop(run, folder, partial(save_stage, run, folder), interrupt, say, bar)
        except Interrupted:
            log_seconds(run, folder, started)
            save_stage(run, folder)
            say(f"Stopped after step {run.progress.step:,} of the stage {name}, everything is saved. Go on with: minbert {command} --resume {folder.path}")
            raise
        log_seconds(run, folder, started)
        bert, log_bytes = finish_stage(run, ground, folder), run.progress.log_bytes
    return bert.eval()


def stages_left(recipe: Recipe, state: State | None) -> tuple[str, ...]:
    """The stages that are not finished, the one that was stopped first; state: what `stage.safetensors` held."""
    return recipe.stages.run if state is None else recipe.stages.run[recipe.stages.run.index(state["stage"]) + state["finished"] :]


def prepare(recipe: Recipe, folder: RunFolder, resume: bool, say: Say, world: World) -> tuple[State | None, Ground, Bert]:
    """What `stage.safetensors` holds, or None; what all stages stand on; and the encoder that the next one starts from.

    The whole run is built once and thrown away, on a copy: a mistake in what comes after hours of reading should be told before them.
    """
    state, bert = together(lambda: _resumed(recipe, folder) if resume else (None, load_encoder(recipe)), world)
    if state is None:
        parts = begin_run(recipe, folder, False, say, copy.deepcopy(bert), lambda parts: expect_texts(ground_of(parts, say)))
    else:
        stored = Tokenizer.from_pretrained(folder.tokenizer)
        parts = together(lambda: build(recipe, copy.deepcopy(bert), stored, cache_features=False, say=say, world=world), world)
    return state, ground_of(parts, say), bert


def ground_of(parts: Parts, say: Say) -> Ground:
    """What stages read of the parts of a run."""
    return Ground(parts.recipe, parts.tasks, parts.splits["train"], parts.splits["dev"], parts.tokenizer, parts.device, say, parts.world)


def _resumed(recipe: Recipe, folder: RunFolder) -> tuple[State, Bert]:
    state = load_stage(folder, recipe)
    return state, encoder_of_stage(state, recipe, folder)


def encoder_of_stage(state: State, recipe: Recipe, folder: RunFolder) -> Bert:
    """The encoder in a stage's checkpoint, or, where that stage has finished, in its folder."""
    with put_to_use(str(folder.stage)):
        return load_encoder(recipe, folder.encoder(state["stage"])) if state["finished"] else encoder_in(state, recipe.model.attention)


def begin(name: str, ground: Ground, bert: Bert, folder: RunFolder, progress: StageProgress, state: State | None) -> StageRun:
    """The stage `name`, ready for its next step; state: of the same stage when it was stopped. Sets torch's own generator, for dropout."""
    recipe, generator = ground.recipe, named_generator(ground.recipe.seed, f"stage.{name}.head")
    if name == "simcse":
        stage: SimcseStage | MlmStage = SimcseStage(ground, bert, generator)
    else:
        stage = MlmStage(ground, bert, generator, MaskedWordHead(bert.config, generator) if state is not None else None)
    run = StageRun(name, stage, ground, progress)
    seed_dropout(recipe.seed, ground.world, f"stage.{name}.dropout")
    if state is not None:
        with put_to_use(str(folder.stage)):
            restore_stage(state, run, str(folder.stage))
        ground.say(f"Going on after step {run.progress.step:,} of the stage {name} of {folder.path}.")
    else:
        kind = "triples" if name == "simcse" and stage.settings.triples else "texts"
        cut = f"; {stage.texts.truncated:,} of them are cut at {stage.settings.max_length} word pieces" if stage.texts.truncated else ""
        ground.say(f"Stage {name}: {run.total:,} step{'' if run.total == 1 else 's'} over {len(stage.texts):,} {kind}{cut}.")
    return run


def finish_stage(run: StageRun, ground: Ground, folder: RunFolder) -> Bert:
    """Leave the encoder of a stage that has come to its end, then note that it has; returns it."""
    run.optimizer.zero_grad(set_to_none=True)  # slopes of the stage are nothing to the tasks
    bert = run.stage.encoder()
    leaders(lambda: leave_encoder(bert, run, ground, folder.encoder(run.name)), run.world)
    save_stage(run, folder, finished=True)
    return bert


def leave_encoder(bert: Bert, run: StageRun, ground: Ground, target: Path) -> None:
    """Write config, weights (and the head for masked words) under their released names, and the tokenizer."""
    save_encoder(target, bert.config, _stored(bert.state_dict()), _stored(run.stage.released_head()))
    ground.tokenizer.save_pretrained(target)
    ground.say(f"The stage {run.name} is done. Its encoder: {target}")


def _stored(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.detach().cpu().contiguous() for name, tensor in state.items()}
