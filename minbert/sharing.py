"""Who owns which layer: one encoder for all tasks, one for each, and everything between ("SerBERTus", a CS224N report).

    multi             one BERT, K heads
    cerbertus-k       embeddings and the lowest L - k layers shared; the top k layers, and by default the pooler, once per task
    triple            a whole BERT for each task
    multi+triple      the head reads [pooled by the task's own ; pooled by the shared]
    static+finetune   the head reads [pooled by the fine-tuned ; pooled by a frozen copy]

All copies start from the same pretrained weights, so at the start every tower computes what plain BERT does.  Copying a layer costs memory,
not time: a sentence of one task still walks L layers.  Letters: B batch, T tokens, C model width, L layers, k own layers, K tasks.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from dataclasses import dataclass

from torch import nn

from minbert.bert import Bert
from minbert.borrowed import Elsewhere, borrowed
from minbert.errors import UserError, nearest
from minbert.side_by_side import SideBySide

COMPANIONS = ("none", "shared", "static")


@dataclass(frozen=True)
class Sharing:
    """What each task has for itself; the rest is shared.  Raises `UserError` for values that mean nothing."""

    own_layers: int = 0  # k: the top k layers, 0 to L
    own_pooler: bool = False
    own_embeddings: bool = False
    companion: str = "none"  # the encoder whose states stand beside the task's: none, the shared one, or a static copy

    def __post_init__(self) -> None:
        if isinstance(self.own_layers, bool) or not isinstance(self.own_layers, int) or self.own_layers < 0:
            raise UserError(f"own_layers is {self.own_layers!r}, expected a whole number from 0 to the number of layers.")
        if self.companion not in COMPANIONS:
            raise UserError(f"companion is {self.companion!r}, expected one of {', '.join(COMPANIONS)}.")


def sharing_of(name: str, num_layers: int, own_pooler: bool = True) -> Sharing:
    """The architecture of that name for an encoder of L layers; `own_pooler` is asked by cerbertus-k alone, whose paper leaves it open.

    Raises `UserError` for an unknown name.

    >>> sharing_of("cerbertus-3", num_layers=12)
    Sharing(own_layers=3, own_pooler=True, own_embeddings=False, companion='none')
    """
    table = {
        "multi": Sharing(),
        "triple": Sharing(num_layers, True, True),
        "multi+triple": Sharing(num_layers, True, True, "shared"),
        "static+finetune": Sharing(companion="static"),
    }
    tower = re.fullmatch(r"cerbertus-(\d+)", name)
    if tower:
        return Sharing(int(tower[1]), own_pooler)
    if name not in table:
        known = [*table, "cerbertus-k"]
        near = nearest(name, known)
        raise UserError(f"there is no sharing {name!r}, expected one of {', '.join(known)} (k from 0 to {num_layers})" + (f"; did you mean {near!r}?" if near else "."))
    return table[name]


class SharedEncoder(nn.Module):
    """The encoders of K tasks, built from one pretrained `bert`; `of(task)` has the doors embed, encode and walk.

    State names: "bert." for what is shared, "towers.TASK." for what a task owns, with layers under their number in the whole stack
    ("towers.sst.layers.11."), and "static.bert." for the frozen copy.  `bert` stays as it is, but its shared modules are ours from now on.
    Raises `UserError` for more own layers than there are.
    """

    def __init__(self, bert: Bert, tasks: Iterable[str], sharing: Sharing) -> None:
        super().__init__()
        self.sharing, depth = sharing, len(bert.layers)
        if sharing.own_layers > depth:
            raise UserError(f"sharing asks for {sharing.own_layers} own layers, this encoder has {depth}.")
        self.first_own = depth - sharing.own_layers
        self.towers = nn.ModuleDict({task: self._new_tower(bert) for task in tasks})
        self.bert = bert if sharing.companion == "shared" else self._without_towers(bert)
        self.static = Static(bert) if sharing.companion == "static" else None
        self._paths = {task: self._path(task) for task in self.towers}  # in a plain dict: a path owns nothing, and must not name anything

    def of(self, task: str) -> SideBySide:
        """What `task` reads sentences with; `UserError` for a task that has no tower here."""
        if task not in self._paths:
            near = nearest(task, self._paths)
            known = ", ".join(self._paths)
            raise UserError(f"there is no encoder for task {task!r}, expected one of {known}" + (f"; did you mean {near!r}?" if near else "."))
        return self._paths[task]

    def _new_tower(self, bert: Bert) -> nn.ModuleDict:
        own, sharing = range(self.first_own, len(bert.layers)), self.sharing
        tower: dict[str, nn.Module] = {"layers": nn.ModuleDict({str(number): bert.layers[number] for number in own})}
        tower |= {"pooler": bert.pooler} if sharing.own_pooler else {}
        tower |= {"embeddings": bert.embeddings} if sharing.own_embeddings else {}
        return copy.deepcopy(nn.ModuleDict(tower))  # a deep copy for each task: [layer] * K would be one layer with K names

    def _without_towers(self, bert: Bert) -> Bert:
        embeddings = Elsewhere("embeddings") if self.sharing.own_embeddings else None
        return borrowed(bert, bert.layers[: self.first_own], embeddings, Elsewhere("pooler") if self.sharing.own_pooler else None)

    def _path(self, task: str) -> SideBySide:
        tower = dict(self.towers[task].items())
        layers = [*self.bert.layers[: self.first_own], *tower["layers"].values()]
        own = borrowed(self.bert, layers, tower.get("embeddings"), tower.get("pooler"))
        companion = {"none": (), "shared": (self.bert,), "static": (self.static.bert,) if self.static else ()}
        return SideBySide((own, *companion[self.sharing.companion]))


class Static(nn.Module):
    """A copy of the pretrained encoder that never learns: no gradients, and no dropout even in train mode, or its features would be noisy."""

    def __init__(self, bert: Bert) -> None:
        super().__init__()
        self.bert = copy.deepcopy(bert).requires_grad_(False).eval()

    def train(self, mode: bool = True) -> Static:
        """Stays in eval mode, whatever the model around it does; gradients with respect to embeddings still pass through."""
        super().train(False)
        return self
