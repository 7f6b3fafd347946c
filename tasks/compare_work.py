"""How far the examples of a recipe run through the encoder, forwards and backwards: what "equal compute" is told from.

    pass      one example through all L layers; the turn of layer k runs k of L forwards and 1 of L backwards, and so counts as parts of a pass
    SMART     each ascent a pass forwards, and half a one backwards (to the words, not to the weights); then the loss there, forwards and backwards
    R-Drop    a second pass both ways        a Bregman teacher    reads everything once more, forwards        fresh    a second reading of everything

Backwards counts down to the lowest layer that learns.  Heads count nothing: an exit reads one position with one matrix or two, a layer all
positions with twelve of that size.  So do adapters, and embeddings, which are looked up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from minbert.config import BertConfig
from minbert.known_weights import KNOWN
from minbert.tiny import is_tiny, tiny_config
from minbert.weights import read_config
from tasks.alternating import Alternating
from tasks.data import Split
from tasks.exit_objective import WHERE_SMART
from tasks.phase_legs import Leg, layers_back, legs_of
from tasks.recipe import Recipe
from tasks.samplers import Sampler
from tasks.setup_run import make_sampler

ONE_PRODUCT = 0.5  # of a backward pass: all of it where no weight of the layers wants a gradient, and one only passes
# Passes of a pair of encoders side by side, forwards and backwards; everywhere else an example goes through one.
PAIRS = {"multi+triple": (2, 2), "static+finetune": (2, 1)}


@dataclass(frozen=True)
class Stretch:
    """Some steps alike: sampler, whose next `steps` steps they are; passes of each example in them, forward and backward; scored, how often dev is."""

    sampler: Sampler
    steps: int
    forward: float
    backward: float
    scored: int = 1


def config_of(weights: str) -> BertConfig:
    """The shape of the encoder called `weights`, without loading or fetching it; BERT-base where there is nothing that could be asked."""
    if is_tiny(weights):
        return tiny_config()
    folder = Path(weights)
    return KNOWN[weights].config if weights in KNOWN else read_config(folder) if (folder / "config.json").is_file() else BertConfig()


def stretches(recipe: Recipe, train: Mapping[str, Split], taken: Mapping[str, int] | None = None) -> Iterator[Stretch]:
    """The whole run in order; taken: phase -> the steps that it came to in a finished run, since phases may end early: else all that they may take."""
    layers = config_of(recipe.weights).num_hidden_layers
    if recipe.phase:
        for leg in legs_of(recipe, layers, train):
            yield _of_leg(leg, leg.sampler(train), layers, taken)
        return
    sampler = make_sampler(recipe, train)
    for epoch in range(recipe.training.epochs):
        smart = _smart_share(recipe) if epoch < recipe.exits.first_stage(recipe.training.epochs) else 0.0
        yield Stretch(sampler, sampler.steps_per_epoch, *_passes(recipe, 1.0, _backward(recipe, epoch, layers), smart))


def _of_leg(leg: Leg, sampler: Sampler, layers: int, taken: Mapping[str, int] | None) -> Stretch:
    most = leg.most if taken is None else taken.get(leg.name, 0)
    # A turn is nothing but the loss of its exit: no regularizer, and no layer above it.
    smart = _smart_share(leg.recipe) if leg.phase.regularized and not leg.layer else 0.0
    return Stretch(sampler, most, *_passes(leg.recipe, (leg.layer or layers) / layers, layers_back(leg, layers) / layers, smart), scored=most // leg.length)


def _backward(recipe: Recipe, epoch: int, layers: int) -> float:
    """The share of layers that a run without phases differentiates in `epoch`, from 0."""
    if recipe.model.fine_tune_mode == "last-linear-layer" or epoch >= recipe.exits.first_stage(recipe.training.epochs):
        return 0.0
    if recipe.model.fine_tune_mode == "adapters":
        return ONE_PRODUCT
    return 1.0 if recipe.optimizer.unfreeze == "none" else min(layers, epoch * recipe.optimizer.unfreeze_layers) / layers


def _smart_share(recipe: Recipe) -> float:
    """The share of batches that are regularized."""
    if not recipe.regularizer.weight:
        return 0.0
    return Alternating(WHERE_SMART.get(recipe.exits.train, "all"), recipe.exits.smart_on).smart_share() if recipe.exits.on else 1.0


def _passes(recipe: Recipe, forward: float, backward: float, regularized: float) -> tuple[float, float]:
    """Passes of one example, forwards and backwards: of a plain step, then with all that the recipe adds."""
    ascents = {"smart": recipe.regularizer.steps, "smart-mt-dnn": 1}.get(recipe.regularizer.name, 0)
    more = (1 + ascents, backward + ONE_PRODUCT * ascents) if recipe.regularizer.name != "none" else (0, 0)
    forward += regularized * more[0] + bool(recipe.bregman.weight)
    backward += regularized * more[1]
    encoders, readings = PAIRS.get(recipe.sharing.name, (1, 1)), 2 if recipe.update.reading == "fresh" else 1
    return readings * encoders[0] * forward, readings * encoders[1] * backward
