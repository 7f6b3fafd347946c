"""A BERT made of borrowed parts: the same modules, another stack of layers.

Towers of a task, adapted layers, an encoder without its top: each is `Bert.walk` over another list of layers.  So none of them repeats `walk`,
`encode` or `forward`; a `Bert` is put together from modules that belong to somebody else, and has all its doors.  Nothing is copied: training
through one path moves the weights of every path that borrows the same module.
"""

from __future__ import annotations

from collections.abc import Iterable

from torch import Tensor, nn

from minbert.bert import Bert
from minbert.errors import UserError


def borrowed(bert: Bert, layers: Iterable[nn.Module], embeddings: nn.Module | None = None, pooler: nn.Module | None = None) -> Bert:
    """A `Bert` that walks `layers`, each called as an `EncoderLayer` is; embeddings and pooler are those of `bert` unless given.

    `bert` stays as it is.  Keep the result out of the owner's registered modules, or every shared tensor gets a second name.
    """
    path = Bert.__new__(Bert)  # a Bert without weights of its own: none are drawn to be thrown away, which on "meta" would import torch's compiler
    nn.Module.__init__(path)
    path.config, path.training = bert.config, bert.training
    path.embeddings = bert.embeddings if embeddings is None else embeddings
    path.layers = nn.ModuleList(layers)
    path.pooler = bert.pooler if pooler is None else pooler
    return path


class Elsewhere(nn.Module):
    """Stands where a part would be that each task has for itself; whoever calls it asked the wrong module.

    Raises `UserError` when called: an identity in its place would return states that nobody pooled.
    """

    def __init__(self, part: str) -> None:
        super().__init__()
        self.part = part

    def forward(self, *states: Tensor, **others: Tensor) -> Tensor:
        """Any arguments; never returns."""
        raise UserError(f"this encoder has no {self.part} of its own, each task has one: ask for the encoder of a task, as `shared.of(task)`.")
