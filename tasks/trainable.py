"""Which tensors learn for a while, in words, and everything else at rest meanwhile.

    all        everything                       heads      heads., exits., certainty., relation., crossing.: what stands on the encoder
    layer k    the turn of layer k, 1..L        encoder    everything but these

Told from names, whose numbers count from 0 as everywhere in state names:

    turn k      bert.layers.{k-1}.   towers.TASK.layers.{k-1}.   exits.TASK.{k-1}.
    turn L      besides, what stands above the last layer: heads., relation., crossing., bert.pooler., towers.TASK.pooler.
    no turn     embeddings, adapters, frozen copies
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from torch import nn

from minbert.errors import UserError, nearest

NUMBERED = re.compile(r"^(?:(?:bert|towers\.[^.]+)\.layers|exits\.[^.]+)\.(\d+)\.")
HEADS = re.compile(r"^(?:heads|exits|certainty|relation|crossing)\.")
ABOVE_THE_LAST = re.compile(r"^(?:heads|relation|crossing|bert\.pooler|towers\.[^.]+\.pooler)\.")
PARTS = re.compile(r"^(?:(?:bert|towers\.[^.]+)\.(?:embeddings|layers\.\d+)|adapters)$")  # modules that have dropout of their own
LAYER = re.compile(r"layer (\d+)")
BELOW = ("eval", "train")

Named = list[tuple[str, nn.Parameter]]
WORDS: Mapping[str, Callable[[str], bool]] = {
    "all": lambda name: True, "heads": lambda name: bool(HEADS.match(name)), "encoder": lambda name: not HEADS.match(name),
}  # fmt: skip


def turn_of(name: str, layers: int) -> int | None:
    """The layer, 1..L, in whose turn the parameter called `name` learns; None for those that have no turn.

    >>> turn_of("bert.layers.0.attention.query.weight", 12), turn_of("heads.sst.linear.bias", 12), turn_of("bert.embeddings.word.weight", 12)
    (1, 12, None)
    """
    if numbered := NUMBERED.match(name):
        return int(numbered[1]) + 1
    return layers if ABOVE_THE_LAST.match(name) else None


def learners(word: str, layers: int) -> Callable[[str], bool]:
    """Which parameter names `word` means, in an encoder of L `layers`.  Raises `UserError` for a word that means nothing."""
    if layer := LAYER.fullmatch(word):
        return lambda name: turn_of(name, layers) == int(layer[1])
    if word not in WORDS:
        near = nearest(word, WORDS)
        raise UserError(f"trainable is {word!r}, expected {', '.join(WORDS)} or layer 1 to layer {layers}" + (f"; did you mean {near!r}?" if near else "."))
    return WORDS[word]


@contextmanager
def only(model: nn.Module, word: str, layers: int, below: str = "eval") -> Iterator[Named]:
    """Inside the block only what `word` means requires gradients; yields those parameters with their names.

    below: "eval" switches dropout off in every layer in which nothing learns, so that an exit learns from the very states that it will see when
    used; "train" leaves it on, as plain fine-tuning would.  Call it after `model.train()`, which would switch everything on again.

    When the block ends flags and modes are as before, and no gradient survives its edges: an optimizer moves whatever has one, by momentum and
    decay even if it is zero.  What was frozen before stays so.  Raises `UserError` when nothing would learn.
    """
    if below not in BELOW:
        raise UserError(f"below is {below!r}, expected one of {', '.join(BELOW)}: the mode of the layers that rest.")
    meant = learners(word, layers)
    unfrozen = [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]
    pupils = [(name, parameter) for name, parameter in unfrozen if meant(name)]
    if not pupils:
        raise UserError(f"nothing learns with trainable = {word!r}: this model has {layers} layers, and {len(unfrozen)} tensors that are not frozen.")
    modes = {module: module.training for module in model.modules()}
    _let_learn(pupils, unfrozen)
    if below == "eval":
        _rest(model)
    try:
        yield pupils
    finally:
        _let_learn(unfrozen, unfrozen)
        for module, mode in modes.items():
            module.training = mode


def _let_learn(pupils: Named, unfrozen: Named) -> None:
    chosen = {id(parameter) for _, parameter in pupils}
    for _, parameter in unfrozen:
        parameter.requires_grad_(id(parameter) in chosen)
        parameter.grad = None  # none, not zeros


def _rest(model: nn.Module) -> None:
    for name, module in model.named_modules():
        if PARTS.match(name) and not any(parameter.requires_grad for parameter in module.parameters()):
            module.eval()
