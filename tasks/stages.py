"""Stages before the tasks: SimCSE, masked words, or both, each from where the one before it ended.

    encoder = run_stages(recipe, folder, resume, interrupt, say)        None where the recipe has none, or the tasks have begun

Each finished stage leaves its encoder in a folder of its own, encoders/STAGE, which can be named as weights anywhere.
Every generator is named after the stage, so with a stage or without one the tasks' batches come in the same order.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import torch

from minbert.bert import Bert
from minbert.errors import UserError
from minbert.mlm import MaskedWordHead
from minbert.tokenizer import Tokenizer
from minbert.weights import save_encoder
from tasks.checkpoint import State
from tasks.interrupt import Interrupt, Interrupted
from tasks.logs import cut_back
from tasks.put_to_use import put_to_use
from tasks.recipe_settings import Recipe
from tasks.run_folder import RunFolder
from tasks.seeds import named_generator, named_seed
from tasks.setup_run import build, load_encoder
from tasks.stages_loop import StageProgress, StageRun, run_loop
from tasks.stages_mlm import MlmStage
from tasks.stages_simcse import SimcseStage
from tasks.stages_state import encoder_in, load_stage, restore_stage, save_stage
from tasks.stages_texts import Ground
from tasks.start_run import begin_run

Say = Callable[[str], object]
Bar = Callable[..., Any] | None


def run_stages(recipe: Recipe, folder: RunFolder, resume: bool, interrupt: Interrupt, say: Say = print, bar: Bar = None, command: str = "train") -> Bert | None:
    """Run every stage of the recipe that is left, and return the encoder for the tasks; None without stages or once the tasks have begun.

    command: of minbert, named to whoever stops it. Raises Interrupted, with everything saved, when a signal asked for it.
    """
    if not recipe.stages.run or (resume and folder.last.exists()):
        return None
    state = load_stage(folder, recipe) if resume else None
    ground, bert = prepare(recipe, folder, state, say)
    names = list(recipe.stages.run)
    done = 0 if state is None else names.index(state["stage"]) + state["finished"]
    if state is not None:
        cut_back(folder.metrics, state["progress"]["log_bytes"])
    log_bytes = 0 if state is None else state["progress"]["log_bytes"]
    for name in names[done:]:
        run = begin(name, ground, bert, folder, None if state is None or state["finished"] else state, log_bytes)
        state = None
        try:
            run_loop(run, folder, lambda run=run: save_stage(run, folder), interrupt, say, bar)
        except Interrupted:
            save_stage(run, folder)
            say(f"Stopped after step {run.progress.step:,} of the stage {name}, everything is saved. Go on with: minbert {command} --resume {folder.path}")
            raise
        finish_stage(run, ground, folder)
        bert, log_bytes = run.stage.model.bert, run.progress.log_bytes
    return bert.eval()


def prepare(recipe: Recipe, folder: RunFolder, state: State | None, say: Say) -> tuple[Ground, Bert]:
    """What all stages stand on, and the encoder that the next one starts from.

    The whole run is built once and thrown away, on a copy: a mistake in what comes after hours of reading should be told before them.
    """
    if state is None:
        bert = load_encoder(recipe)
        parts = begin_run(recipe, folder, False, say, copy.deepcopy(bert))
    else:
        bert = encoder_of_stage(state, recipe, folder)
        parts = build(recipe, copy.deepcopy(bert), Tokenizer.from_pretrained(folder.tokenizer), cache_features=False, say=say)
    return Ground(recipe, parts.tasks, parts.splits["train"], parts.splits["dev"], parts.tokenizer, parts.device, say), bert


def encoder_of_stage(state: State, recipe: Recipe, folder: RunFolder) -> Bert:
    """The encoder in a stage's checkpoint, or, where that stage has finished, in its folder."""
    with put_to_use(str(folder.stage)):
        return load_encoder(recipe, folder.encoder(state["stage"])) if state["finished"] else encoder_in(state, recipe.model.attention)


def begin(name: str, ground: Ground, bert: Bert, folder: RunFolder, state: State | None, log_bytes: int) -> StageRun:
    """The stage `name`, ready for its next step; state: of the same stage when it was stopped. Sets torch's own generator, for dropout."""
    recipe, generator = ground.recipe, named_generator(ground.recipe.seed, f"stage.{name}.head")
    if name == "simcse":
        stage: SimcseStage | MlmStage = SimcseStage(ground, bert, generator)
    else:
        stage = MlmStage(ground, bert, generator, MaskedWordHead(bert.config, generator) if state is not None else None)
    run = StageRun(name, stage, recipe, ground.device, StageProgress(log_bytes=log_bytes))
    torch.manual_seed(named_seed(recipe.seed, f"stage.{name}.dropout"))
    if state is not None:
        with put_to_use(str(folder.stage)):
            restore_stage(state, run, str(folder.stage))
        ground.say(f"Going on after step {run.progress.step:,} of the stage {name} of {folder.path}.")
    else:
        kind = "triples" if name == "simcse" and stage.settings.triples else "texts"
        cut = f"; {stage.texts.truncated:,} of them are cut at {stage.settings.max_length} word pieces" if stage.texts.truncated else ""
        ground.say(f"Stage {name}: {run.total:,} step{'' if run.total == 1 else 's'} over {len(stage.texts):,} {kind}{cut}.")
    return run


def finish_stage(run: StageRun, ground: Ground, folder: RunFolder) -> None:
    """Leave the encoder of a stage that has come to its end, then note that it has."""
    run.optimizer.zero_grad(set_to_none=True)  # slopes of the stage are nothing to the tasks
    leave_encoder(run, ground, folder)
    save_stage(run, folder, finished=True)


def leave_encoder(run: StageRun, ground: Ground, folder: RunFolder) -> None:
    """Write encoders/STAGE: config, weights (and the head for masked words) under their released names, and the tokenizer."""
    target, bert = folder.encoder(run.name), run.stage.encoder()
    if not all(bool(tensor.isfinite().all()) for tensor in bert.state_dict().values()):
        raise UserError(f"the encoder after the stage {run.name} holds NaN or infinity; try a lower {run.name}.lr.")
    state = {name: tensor.detach().cpu().contiguous() for name, tensor in bert.state_dict().items()}
    save_encoder(target, bert.config, state, {name: tensor.detach().cpu().contiguous() for name, tensor in run.stage.released_head().items()})
    ground.tokenizer.save_pretrained(target)
    ground.say(f"The stage {run.name} is done. Its encoder: {target}")
