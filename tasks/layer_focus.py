"""Sequential layer focus on a model: in the turn of layer k, layer k and exit k learn, nothing above runs and nothing below is differentiated.

    h_{k-1} = layers 1..k-1 of the embeddings, without a graph      h_k = layer_k(h_{k-1})      loss = loss of exit k, from h_k

Who learns in which turn is told from names, numbers counting from 0 there as everywhere in state names:

    turn k      bert.layers.{k-1}.   towers.TASK.layers.{k-1}.   exits.TASK.{k-1}.
    turn L      besides, what stands above the last layer: heads., relation., bert.pooler., towers.TASK.pooler.
    no turn     embeddings, adapters, frozen copies: they rest until stage 2

tasks/focus_plan.py makes the plan; the readings are ours.  Letters: B batch, T tokens, C model width, L layers, k one of them, from 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from minbert.bert import Bert
from minbert.errors import UserError
from minbert.side_by_side import SideBySide
from tasks.focus_plan import Visit

NUMBERED = re.compile(r"^(?:(?:bert|towers\.[^.]+)\.layers|exits\.[^.]+)\.(\d+)\.")
ABOVE_THE_LAST = re.compile(r"^(?:heads|relation|bert\.pooler|towers\.[^.]+\.pooler)\.")
RESTING = re.compile(r"^(?:(?:bert|towers\.[^.]+)\.(?:embeddings|layers\.(?P<number>\d+))|adapters)$")  # modules, for their mode
BELOW = ("eval", "train")

Named = list[tuple[str, nn.Parameter]]


def turn_of(name: str, layers: int) -> int | None:
    """The layer, 1..L, in whose turn the parameter called `name` learns; None for those that rest throughout stage 1.

    >>> turn_of("bert.layers.0.attention.query.weight", 12), turn_of("heads.sst.linear.bias", 12), turn_of("bert.embeddings.word.weight", 12)
    (1, 12, None)
    """
    if numbered := NUMBERED.match(name):
        return int(numbered[1]) + 1
    return layers if ABOVE_THE_LAST.match(name) else None


@contextmanager
def focus(model: nn.Module, layer: int, layers: int, below: str = "eval") -> Iterator[Named]:
    """The turn of `layer`: inside the block only what learns in it requires gradients; yields those parameters with their names.

    below: "eval" switches dropout off in all that rests, so that exit k learns from the very states that it will see when used; "train" leaves
    it on, as plain fine-tuning would.  Flags and modes are as before when the block ends, and no gradient survives its edges: an optimizer
    moves whatever has one, by momentum and decay even if it is zero.  What was frozen before stays so.  `UserError` for a turn without pupils.
    """
    if below not in BELOW:
        raise UserError(f"below is {below!r}, expected one of {', '.join(BELOW)}: the mode of the layers that rest.")
    learning = [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]
    pupils = [(name, parameter) for name, parameter in learning if turn_of(name, layers) == layer]
    if not pupils:
        raise UserError(f"nothing learns in the turn of layer {layer}: this model has {layers} layers, and {len(learning)} tensors that are not frozen.")
    modes = {module: module.training for module in model.modules()}
    _only(pupils, learning)
    if below == "eval":
        _rest(model, layer)
    try:
        yield pupils
    finally:
        _only(learning, learning)
        for module, mode in modes.items():
            module.training = mode


def _only(pupils: Named, learning: Named) -> None:
    chosen = {id(parameter) for _, parameter in pupils}
    for _, parameter in learning:
        parameter.requires_grad_(id(parameter) in chosen)
        parameter.grad = None  # none, not zeros


def _rest(model: nn.Module, layer: int) -> None:
    for name, module in model.named_modules():
        found = RESTING.match(name)
        if found and (found["number"] is None or int(found["number"]) + 1 != layer):
            module.eval()


def state_after(encoder: Bert | SideBySide, embeddings: Tensor, attention_mask: Tensor | None, layer: int, through: bool = False) -> Tensor:
    """h_k for k = `layer`, 1..L: embeddings (B, T, C) -> (B, T, C).  The layers above are never called.

    The layers below run without a graph, which saves their memory and their half of the backward pass.  through: let gradients pass them, on
    their way to the embeddings: for a regularizer that moves embeddings, as SMART does.  Raises `UserError` where there is no such layer.
    """
    walk = encoder.walk(embeddings, attention_mask)
    with nullcontext() if through else torch.no_grad():
        below = [next(walk, None) is not None for _ in range(layer - 1)]
    step = next(walk, None) if layer >= 1 and all(below) else None
    if step is None:
        raise UserError(f"there is no layer {layer} to stop after, expected 1 to the number of layers.")
    return step.output


def stage_one(
    model: nn.Module, layers: int, plan: Iterable[Visit], loss_of: Callable[[int], Tensor], make_optimizer: Callable[[Named], Optimizer], below: str = "eval",
) -> list[tuple[int, float]]:  # fmt: skip
    """Take every turn of `plan`; returns (layer, loss) of each step.

    loss_of: layer -> the scalar loss of its exit on the next batch; make_optimizer: a turn's parameters -> an optimizer without a past, or the
    moments of one turn would push the next.
    """
    losses = []
    for visit in plan:
        with focus(model, visit.layer, layers, below) as pupils:
            optimizer = make_optimizer(pupils)
            for _ in range(visit.steps):
                loss = loss_of(visit.layer)
                loss.backward()
                optimizer.step()
                optimizer.zero_grad(set_to_none=True)
                losses.append((visit.layer, loss.item()))
    return losses
