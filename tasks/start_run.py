"""The two ways a run begins: from pretrained weights in an empty folder, or from the checkpoint of a run that was stopped."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from minbert.bert import Bert
from minbert.config import BertConfig
from minbert.files import keep_on_disk, write_text
from minbert.tokenizer import Tokenizer
from tasks import checkpoint
from tasks.agreement import together
from tasks.checkpoint import State
from tasks.dropout_state import said_of_processes, seed_dropout
from tasks.environment import describe_environment
from tasks.joining import here
from tasks.logs import cut_back
from tasks.phase_legs import plan_in_words
from tasks.phases import Phases, expect_phases
from tasks.processes import World, silent
from tasks.progress import Progress
from tasks.put_to_use import put_to_use
from tasks.recipe import to_toml
from tasks.recipe_settings import Recipe
from tasks.run_folder import RunFolder
from tasks.run_state import capture, expect_same_recipe, restore
from tasks.setup_run import Parts, build
from tasks.weight_counts import weight_counts, weights_in_words

TOWER = re.compile(r"(towers\.[^.]+\.)")


def start_or_resume(recipe: Recipe, folder: RunFolder, resume: bool, cache_features: bool, say: Callable[[str], object],
                    pretrained: Bert | None = None) -> tuple[Parts, Progress]:
    """The parts of the run, ready for the next step, and how far it has come; torch's own generator is set for dropout.

    pretrained: the encoder that stages before the tasks have just come to, from which the tasks start whether those were resumed or not.
    """
    if resume and pretrained is None:
        return resume_run(recipe, folder, cache_features, say)
    parts, progress = start_run(recipe, folder, cache_features, say) if pretrained is None else start_after_stages(recipe, folder, cache_features, pretrained)
    if recipe.phase:
        parts = Phases(parts).enter(parts)
        say(plan_in_words(parts.phases.legs, parts.phases.layers))
    return parts, progress


def start_after_stages(recipe: Recipe, folder: RunFolder, cache_features: bool, pretrained: Bert) -> tuple[Parts, Progress]:
    """Build the parts around the encoder of the last stage. What there was to say and to write was said and written before the first."""
    parts = build(recipe, pretrained, Tokenizer.from_pretrained(folder.tokenizer), cache_features=cache_features, say=silent, world=here())
    seed_dropout(recipe.seed, parts.world)
    return parts, Progress(log_bytes=folder.metrics.stat().st_size if folder.metrics.exists() else 0)


def start_run(recipe: Recipe, folder: RunFolder, cache_features: bool, say: Callable[[str], object]) -> tuple[Parts, Progress]:
    """Build the parts and write recipe, environment and tokenizer. Raises UserError when the folder already holds a run."""
    parts = begin_run(recipe, folder, cache_features, say)
    seed_dropout(recipe.seed, parts.world)
    return parts, Progress()


def begin_run(recipe: Recipe, folder: RunFolder, cache_features: bool, say: Callable[[str], object], encoder: Bert | None = None,
              expect: Callable[[Parts], object] = lambda parts: None) -> Parts:
    """The parts of a new run, in a folder that is then described; encoder: instead of `recipe.weights`; expect: a last look before anything is written."""
    is_new, world = not folder.path.exists(), here()

    def made() -> Parts:
        if world.leads:
            folder.expect_free()
        expect_phases(parts := build(recipe, encoder, cache_features=cache_features, say=say, world=world))
        expect(parts)
        return parts

    try:
        parts = together(made, world)
    except BaseException:
        if is_new and world.leads and folder.path.exists():
            folder.path.rmdir()  # made a moment ago and still empty: a run that never began leaves nothing behind
        raise
    if not recipe.sharing.is_plain:
        say(weights_in_words(weight_counts(parts.model)))
    together(lambda: describe_run(recipe, folder, parts) if world.leads else None, world)
    return parts


def describe_run(recipe: Recipe, folder: RunFolder, parts: Parts) -> None:
    """Write recipe, environment and tokenizer."""
    write_text(folder.recipe, to_toml(recipe))
    write_text(folder.environment, json.dumps({**describe_environment(parts.device), "weights": weight_counts(parts.model)}, indent=1) + "\n")
    parts.tokenizer.save_pretrained(folder.tokenizer)


def resume_run(recipe: Recipe, folder: RunFolder, cache_features: bool, say: Callable[[str], object]) -> tuple[Parts, Progress]:
    """Build the parts around the checkpoint's weights and cut the log back to where it was then."""
    world = here()
    state, parts, progress = together(lambda: _around_checkpoint(recipe, folder, cache_features, say, world), world)
    if world.leads:
        cut_back(folder.metrics, progress.log_bytes)
        folder.stopped.unlink(missing_ok=True)
    say(f"Going on after step {progress.step} of {folder.path}.")
    if changed := said_of_processes(state, world):
        say(changed)
    return parts, progress


def _around_checkpoint(recipe: Recipe, folder: RunFolder, cache_features: bool, say: Callable[[str], object], world: World) -> tuple[State, Parts, Progress]:
    state = checkpoint.load(folder.last)
    with put_to_use(str(folder.last)):
        expect_same_recipe(state["recipe"], recipe, str(folder.last))
        encoder = encoder_of(state, recipe, str(folder.last))
    parts = build(recipe, encoder, Tokenizer.from_pretrained(folder.tokenizer), cache_features=cache_features, say=say, world=world)
    with put_to_use(str(folder.last)):
        if recipe.phase:
            parts = Phases(parts).go_on(parts, state["phases"])
        return state, parts, restore(state, parts, str(folder.last))


def encoder_of(state: checkpoint.State, recipe: Recipe, where: str) -> Bert:
    """An encoder out of the checkpoint at `where`, without looking for the pretrained weights again. UserError for weights not of its config.

    Where tasks have layers of their own it is that of one task: whole, so that the model can be built from it, and every tensor is copied later.
    """
    with torch.device("meta"):  # every number is replaced at once
        bert = Bert(BertConfig.from_json(state["config"]), recipe.model.attention)
    weights = whole_encoder(state["model"])
    checkpoint.expect_alike(weights, dict(bert.state_dict(prefix="bert.")), where)  # here, since from now on the encoder is what it would be compared with
    bert.load_state_dict({name.removeprefix("bert."): tensor for name, tensor in weights.items()}, assign=True)
    return bert


def whole_encoder(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The tensors of one plain BERT by their names in `multi`, "bert.": what all tasks share, completed by the tower of one of them."""
    towers = [match[1] for name in weights if (match := TOWER.match(name))]
    own = {f"bert.{name.removeprefix(towers[0])}": tensor for name, tensor in weights.items() if towers and name.startswith(towers[0])}
    return own | {name: tensor for name, tensor in weights.items() if name.startswith("bert.")}


def save(parts: Parts, progress: Progress, folder: RunFolder) -> None:
    """Write `last.safetensors`, the place to resume from; of several processes the leader writes, and all call this."""
    state = capture(parts, progress)
    if not parts.world.leads:
        return
    if folder.metrics.exists():
        keep_on_disk(folder.metrics)  # the checkpoint counts on the log's bytes, so they must be there first
    checkpoint.save(folder.last, state)
