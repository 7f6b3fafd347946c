"""Gradual unfreezing: the heads learn first, then from the top one layer more each epoch (Howard & Ruder 2018, section 3.3).

    epoch 1      heads, with what stands between encoder and heads for the tasks alone: adapters, the relational layer
    epoch 2      and layer L, with the pooler
    epoch 3      and layer L - 1
    ...
    epoch L+2    and the embeddings: everything

Random heads send random gradients down; who waits until they have learned keeps what pretraining knew.  With `unfreeze_layers` = 2 two layers
join an epoch.  Which rung pooler and adapters stand on is not said in the paper, and is ours.

A frozen layer is in eval mode: what it computes of a sentence stays the same until it learns, so epoch 1 is "last-linear-layer", to the bit.
Below the lowest part that learns no graph is built.  Moments and step counts of a tensor begin when it first has a gradient, and the epoch
alone says who learns, so a resumed run needs no memory of it.  Letters: L layers, counted from 0 in names and from 1 in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from torch import Tensor, nn

from optim.rates import ADAPTERS, EMBEDDINGS, HEADS, LAYER


def rung(name: str, depth: int) -> int | None:
    """After how many epochs, one layer each, the part called `name` joins: 0 heads, 1 layer L and pooler, ..., L + 1 embeddings; None for no part.

    >>> rung("bert.layers.11.attention.query.weight", depth=12), rung("towers.sts.layers.0.", depth=12)
    (1, 12)
    """
    if HEADS.match(name) or ADAPTERS.match(name):
        return 0
    if EMBEDDINGS.match(name):
        return depth + 1
    layer = LAYER.match(name)
    return depth - int(layer[1]) if layer else 1 if ".pooler." in name else None


class Unfreezing:
    """Who learns in which epoch.

    model: with names as tasks/paths.py has them; learning: the parameters that will learn in the end, those of the optimizer's groups, so that a
    static copy or frozen embeddings stay frozen; depth: L; layers: how many join each epoch; say: receives a sentence an epoch.
    """

    def __init__(self, model: nn.Module, learning: Iterable[Tensor], depth: int, layers: int = 1, say: Callable[[str], object] = print) -> None:
        chosen = {id(parameter) for parameter in learning}
        self._parameters = [(rung(name, depth) or 0, parameter) for name, parameter in model.named_parameters() if id(parameter) in chosen]
        self._modules = [(found, module) for name, module in model.named_modules() if (found := rung(f"{name}.", depth))]
        self.depth, self.layers, self._say = depth, layers, say

    def begin(self, epoch: int, epochs: int) -> None:
        """Let learn whose time has come, and put the others into eval mode; epoch: from 0, once the model is in train mode; epochs: of the run."""
        highest = epoch * self.layers
        for number, parameter in self._parameters:
            parameter.requires_grad_(number <= highest)
        for number, module in self._modules:
            if number > highest:
                module.training = False
        self._say(f"Epoch {epoch + 1} trains {self.words(highest)}.")
        last = (epochs - 1) * self.layers
        if epoch == 0 and last <= self.depth:
            self._say(f"Even in the last of {epochs} epochs only {self.words(last)} will learn; everything takes "
                      f"{-(-(self.depth + 1) // self.layers) + 1} epochs, or optimizer.unfreeze_layers = {-(-(self.depth + 1) // max(1, epochs - 1))}.")

    def words(self, highest: int) -> str:
        """Who learns up to that rung: "the heads and layers 11 to 12 of 12"."""
        if highest == 0:
            return "the heads alone"
        if highest > self.depth:
            return "everything"
        lowest = self.depth - highest + 1
        return f"the heads and {f'layers {lowest} to' if lowest < self.depth else 'layer'} {self.depth} of {self.depth}"
