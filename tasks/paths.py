"""Paths: which encoder each task reads sentences with.

    paths.of(task) = [the task's own way through the layers, adapted if there are adapters ; a companion, if there is one]

A path owns nothing.  What it borrows belongs to `owners`, which the model registers, so that every tensor has one name:

    bert.             shared by all tasks                         towers.TASK.                 layers, pooler or more of one task
    static.bert.      the copy that never learns                  adapters.functions.TASK.     what stands beside the layers for one task
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from torch import nn

from minbert.bert import Bert
from minbert.errors import UserError
from minbert.sharing import SharedEncoder, sharing_of
from minbert.side_by_side import SideBySide
from tasks.recipe_sharing import SharingSettings, own_layers
from tasks.seeds import named_generator


@dataclass(frozen=True)
class Paths:
    """The encoders of all tasks, and who owns their weights.

    settings: the [sharing] part of a recipe; shared: what `minbert.branches.encode_for_all` walks, without adapters; owners: name in the model -> module.
    """

    settings: SharingSettings
    shared: SharedEncoder
    owners: Mapping[str, nn.Module]
    by_task: Mapping[str, SideBySide]

    def of(self, task: str) -> SideBySide:
        """What `task` reads sentences with: embed, onward, encode, walk, width.  Raises `UserError` for a task that has no path."""
        return self.by_task[task] if task in self.by_task else self.shared.of(task)  # which says in a sentence that there is none

    def train_adapters_alone(self) -> None:
        """Parameter-efficient training: adapters learn, and of the rest of the encoders the LayerNorms; a static copy stays still."""
        for name in self.owners.keys() & {"bert", "towers"}:
            self.owners[name].requires_grad_(False)
            for part in self.owners[name].modules():
                if isinstance(part, nn.LayerNorm):
                    part.requires_grad_(True)


def make_paths(bert: Bert, tasks: Iterable[str], settings: SharingSettings, seed: int) -> Paths:
    """Build what `settings` names around the pretrained `bert`; seed: where adapters get their first weights from, each task its own.

    Raises `UserError` for more own layers than `bert` has, and for an adapter that cannot have the width asked for.
    """
    names, depth = list(tasks), len(bert.layers)
    if (own_layers(settings.name) or 0) > depth:
        raise UserError(f'sharing.name = "{settings.name}" gives each task the top {own_layers(settings.name)} layers, but this encoder has {depth}; '
                        f'try sharing.name = "cerbertus-{max(1, depth // 4)}", or "triple" for an encoder each.')
    shared = SharedEncoder(bert, names, sharing_of(settings.name, depth, settings.pooler == "own"))
    by_task = {name: shared.of(name) for name in names}
    owners: dict[str, nn.Module | None] = {"bert": shared.bert, "towers": shared.towers, "static": shared.static}
    if settings.adapters != "none":
        owners["adapters"], by_task = adapted(bert, by_task, settings, seed)
    return Paths(settings, shared, {name: owner for name, owner in owners.items() if owner is not None and (name == "bert" or owner.state_dict())}, by_task)


def adapted(bert: Bert, by_task: Mapping[str, SideBySide], settings: SharingSettings, seed: int) -> tuple[nn.Module, dict[str, SideBySide]]:
    """Put an adapter of its own beside the layers of every task's own path; a companion stays as it is.  Returns their owner and the new paths."""
    try:
        from minbert.task_adapters import TaskAdapters  # here, since a student edition is without them
    except ModuleNotFoundError:
        raise UserError(f'sharing.adapters = "{settings.adapters}" is not part of this student edition; try sharing.adapters = "none".') from None
    generators = {name: named_generator(seed, f"adapters.{name}") for name in by_task}
    sizes = {"size": settings.adapter_size} if settings.adapter_size else {}
    adapters = TaskAdapters(bert.config, generators, settings.adapters, **sizes)
    return adapters, {name: SideBySide((adapters.of(name, path.parts[0]), *path.parts[1:])) for name, path in by_task.items()}
