"""What the stage plan probe needs: a controller that reads scores and answers with decisions, and the best weights that it keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class StagePlan:
    """controller(stages, each a dict of name, steps, patience, min_delta and restore) -> observe(steps, score) -> a decision with stage, action,
    is_best, restore and why; it has stage, steps_left, log, state_dict and load_state_dict.
    keeper() -> follow(decision, model), state_dict and load_state_dict; decision(is_best, restore) -> a decision, as a controller makes them."""

    controller: Callable[[Sequence[dict[str, Any]]], Any]
    keeper: Callable[[], Any]
    decision: Callable[[bool, bool], Any]


def library() -> StagePlan:
    """The subject made of tasks/stage_plan.py and tasks/best_weights.py."""
    import tasks.best_weights as keeping  # here, so that a file that cannot be read is reported when its component is checked
    import tasks.stage_plan as ours

    return StagePlan(
        lambda stages: ours.StageController([ours.Stage(**each) for each in stages]), lambda: keeping.BestWeights(),
        lambda is_best, restore: ours.Decision("one", "stay", is_best, restore),
    )  # fmt: skip
