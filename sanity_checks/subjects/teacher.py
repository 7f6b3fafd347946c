"""What the teacher probe needs: the slow copy of a model, what it pulls with, how it follows; and R-Drop, which compares a model with itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

Distance = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Teachers:
    """teacher(student, weight=, momentum=, late_momentum=, switch=, every=, total=) -> one; its model(teacher) -> the copy; pull(teacher, batch,
    logits) -> scalar; pull_through(..., read), where read(batch) gives the teacher's answer; after_update(teacher, updates);
    saved(teacher) -> name -> tensor; r_drop(distance, logits_of, embeddings, logits) -> scalar."""

    teacher: Callable[..., Any]
    model: Callable[[Any], nn.Module]
    pull: Callable[[Any, Any, Tensor], Tensor]
    pull_through: Callable[[Any, Any, Tensor, Callable[[Any], Tensor]], Tensor]
    after_update: Callable[[Any, int], object]
    saved: Callable[[Any], Mapping[str, Tensor]]
    r_drop: Callable[[Distance, Callable[..., Tensor], Tensor, Tensor], Tensor]


def library() -> Teachers:
    """The subject made of tasks/teacher.py and regularizers/r_drop.py."""
    import regularizers.r_drop as twice  # here, so that a file that cannot be read is reported when its component is checked
    import tasks.teacher as ours
    from tasks.recipe_settings import BregmanSettings

    return Teachers(
        lambda student, total, **settings: ours.Teacher(student, BregmanSettings(**settings), total),
        lambda teacher: teacher.model,
        lambda teacher, batch, logits: teacher.pull(batch, logits),
        lambda teacher, batch, logits, read: teacher.pull(batch, logits, read),
        lambda teacher, updates: teacher.after_update(updates),
        lambda teacher: teacher.state_dict(),
        lambda distance, *given: twice.RDrop(distance)(*given),
    )
