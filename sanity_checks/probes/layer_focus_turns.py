"""The second half of the layer focus probe: who learns and who rests in a turn, what is as before afterwards, and several turns in a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from sanity_checks.look import Look
from sanity_checks.probes.facts import once, refused
from sanity_checks.probes.small_exits import LAYERS, NAMES, STILL, L, Pushing, SmallExits
from sanity_checks.subjects.layer_focus import LayerFocus

ALL = (*NAMES, STILL)
TURNS = ((2, 2), (1, 1), (2, 1))  # layer 2 twice: what the first of its turns remembers must not push the second


def look_at_turns(subject: LayerFocus, look: Look) -> None:
    """Look into blocks, behind them, and at turns in a row."""
    for word in ("layer 1", "layer 2", f"layer {L}", "all", "heads", "encoder"):
        level = "error" if word.startswith("layer") else "option"
        look(f"who learns with {word}", lambda word=word: _inside(subject, word, _learning), level)
    look("who is handed to the optimizer of layer 2", lambda: _inside(subject, "layer 2", lambda model, named: _words(name for name, _ in named)))
    for below in ("eval", "train"):
        look(f"who drops out in the turn of layer 2 with below = {below}", lambda below=below: _inside(subject, "layer 2", _dropping, below),
             "train" if below == "eval" else "option")  # fmt: skip
    look("who has a gradient when a turn begins", lambda: _inside(subject, "layer 2", _gradients, old=True))
    _afterwards(subject, look)
    look("a turn in which nothing could learn is refused", lambda: refused(lambda: _inside(subject, "layer 9", _learning)), "option")
    _row(subject, look)


def _words(names: Any) -> str:
    return ", ".join(sorted({name.rpartition(".")[0] if name.endswith((".weight", ".bias")) else name for name in names})) or "nobody"


def _learning(model: nn.Module, named: object = None) -> str:
    return _words(name for name, parameter in model.named_parameters() if parameter.requires_grad)


def _gradients(model: nn.Module, named: object = None) -> str:
    return _words(name for name, parameter in model.named_parameters() if parameter.grad is not None)


def _dropping(model: nn.Module, named: object = None) -> str:
    return _words(name for name in ALL if model.get_submodule(name + ".dropout").training)


def _inside(subject: LayerFocus, word: str, see: Callable[[nn.Module, Any], str], below: str = "eval", old: bool = False) -> str:
    """What `see` finds inside the block; old: with gradients left over from before."""
    model = SmallExits()
    if old:
        model.loss(model.embedded(), 1).backward()
    with subject.only(model, word, L, below) as named:
        return see(model, named)


def _afterwards(subject: LayerFocus, look: Look) -> None:
    def left(breaks: bool = False) -> SmallExits:
        model = SmallExits()
        model.bert.layers[0].eval()  # somebody else's choice, which a turn must not undo
        try:
            with subject.only(model, "layer 2", L, "eval"):
                model.loss(next(model.bert.walk(model.embedded())).output, 2).backward()
                if breaks:
                    raise KeyError("an interruption")
        except KeyError:
            pass
        return model

    found = once(left)
    look("who learns after a turn", lambda: _learning(found()))
    look("who drops out after a turn", lambda: _dropping(found()), "train")
    look("who has a gradient after a turn", lambda: _gradients(found()))
    look("who learns after a turn that was interrupted", lambda: _learning(left(breaks=True)), "option")


def _row(subject: LayerFocus, look: Look) -> None:
    ran = once(lambda: _run(subject, TURNS))
    look("the layers whose exits gave a loss", lambda: " ".join(map(str, ran()["asked"])))
    look("the layers of the losses that are returned", lambda: " ".join(str(layer) for layer, _ in ran()["losses"]))
    look("the losses of three turns", lambda: torch.tensor([loss for _, loss in ran()["losses"]], dtype=torch.float64), axes=("step",))
    look("how many optimizers three turns have", lambda: ran()["optimizers"])
    look("who moved in three turns", lambda: _words(ran()["moved"]))
    for name in LAYERS[:2]:
        look(f"the weights of {name} after three turns", lambda name=name: ran()["model"].get_submodule(name).weight)
    look("who moves in the turn of layer 1 when one optimizer knows all", lambda: _words(_run(subject, ((2, 1), (1, 2)), shared=True)["last"]))
    look("layer 3 and its exit move in their turn, and what is above", lambda: _words(_run(subject, ((L, 1),))["moved"]))
    look("who drops out while the loss of layer 2 is computed with below = train", lambda: _run(subject, ((2, 1),), below="train")["dropping"], "option")


def _run(subject: LayerFocus, turns: Sequence[tuple[int, int]], below: str = "eval", shared: bool = False) -> dict[str, Any]:
    """Turns on a fresh model; shared: one optimizer of all parameters in every turn.  moved: in all turns; last: since the last turn began."""
    model, asked, made, noted = SmallExits(), [], [], {}
    one = Pushing(model.parameters())
    values = lambda: [(name, parameter.detach().clone()) for name, parameter in parameters]
    parameters = list(model.named_parameters())
    before = values()

    def loss_of(layer: int) -> Tensor:
        asked.append(layer)
        noted["dropping"] = _dropping(model)
        steps = [step.output for step in model.bert.walk(model.embedded())]
        return model.loss(steps[layer - 1], layer)

    def optimizer(named: Any) -> Pushing:
        made.append(1)
        noted["start"] = values()
        return one if shared else Pushing(parameter for _, parameter in named)

    losses = subject.stage_one(model, L, turns, loss_of, optimizer, below)
    changed = lambda then: [name for (name, value), (_, old) in zip(values(), then) if not torch.equal(value, old)]
    return {"model": model, "losses": losses, "asked": asked, "optimizers": len(made), "moved": changed(before), "last": changed(noted["start"]), **noted}
