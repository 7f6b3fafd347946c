"""The stage plan probe: what is decided score by score, what a resumed plan remembers, and which weights are put back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sanity_checks.look import Look
from sanity_checks.probes.facts import refused
from sanity_checks.probes.stage_plan_weights import look_at_weights
from sanity_checks.subjects.stage_plan import StagePlan

INF = float("inf")
# words -> stages, then scores, each after 10 steps; numbers are halves and quarters, so that no sum is rounded
RUNS: dict[str, tuple[list[dict[str, Any]], list[float]]] = {
    "with a budget of one score": ([{"name": "one", "steps": 10}], [0.5]),
    "with a budget of three scores": ([{"name": "one", "steps": 30}], [0.25, 0.75, 0.5]),
    "with patience 1": ([{"name": "one", "patience": 1}], [0.25, 0.5, 0.25]),
    "with patience 2": ([{"name": "one", "patience": 2}], [0.5, 0.25, 0.75, 0.5, 0.25]),
    "with patience 2 and equal scores": ([{"name": "one", "patience": 2}], [0.5, 0.5, 0.5]),
    "with patience 3 and rises between": ([{"name": "one", "patience": 3, "steps": 80}], [0.5, 0.25, 0.75, 0.5, 1.0, 0.5, 0.25, 0.125]),
    "with patience 2 and slow rises": ([{"name": "one", "patience": 2, "min_delta": 0.25, "steps": 60}], [0.0, 0.125, 0.375, 0.5, 0.625, 0.75]),
    "with patience 2 and rises of exactly min_delta": ([{"name": "one", "patience": 2, "min_delta": 0.25, "steps": 60}], [0.0, 0.25, 0.25]),
    "with patience 2 and small rises": ([{"name": "one", "patience": 2, "min_delta": 0.5, "steps": 60}], [0.5, 0.625, 0.75]),
    "with patience 3 and rises that add up": ([{"name": "one", "patience": 3, "min_delta": 0.25, "steps": 60}], [0.0, 0.125, 0.25, 0.375, 0.375]),
    "with patience 5 and a small rise that is lost": ([{"name": "one", "patience": 5, "min_delta": 0.5, "steps": 60}], [0.5, 0.875, 0.625, 0.75]),
    "with patience 2 and small falls": ([{"name": "one", "patience": 2, "min_delta": 0.25, "steps": 60}], [0.5, 0.375, 0.375]),
    "with falling scores that end above": ([{"name": "one", "patience": 2, "steps": 60}], [0.75, 0.25, 0.5]),
    "with a restored end": ([{"name": "one", "patience": 1, "restore": "last"}], [0.5, 0.25]),
    "with scores below 0": ([{"name": "one", "patience": 2}], [-0.5, -0.75, -0.25, -0.5, -0.5]),
    "of two stages": ([{"name": "one", "patience": 2}, {"name": "two", "patience": 2, "steps": 30}], [0.75, 0.5, 0.5, 0.25, 0.125, 0.5]),
    "of two stages with budgets": ([{"name": "one", "steps": 20}, {"name": "two", "steps": 30}], [0.75, 0.5, 0.25, 0.5, 0.25]),
}
TWO = RUNS["of two stages"]


def probe(subject: StagePlan, look: Look) -> None:
    """Look at decisions, at what is refused, at resuming, and at weights."""
    for words, (stages, scores) in RUNS.items():
        look(f"the decisions {words}", lambda stages=stages, scores=scores: _decisions(subject.controller(stages), scores))
    look("the steps that are left after each score", lambda: _left(subject))
    look("the steps that are left when all stages are done", lambda: _left_in_the_end(subject), "option")
    _refusals(subject, look)
    for after in (1, 4):
        look(f"a plan resumed after score {after} decides as one that went on", lambda after=after: _resumed(subject, after) == _decisions(subject.controller(TWO[0]), TWO[1]))
        look(f"what a plan resumed after score {after} decides", lambda after=after: _resumed(subject, after))
    look("the log of a resumed plan", lambda: _log(_loaded(subject, 4)))
    look_at_weights(subject, look)


def _say(decision: Any) -> str:
    return (f"{decision.stage} {decision.action}" + " best" * bool(decision.is_best) + " put back" * bool(decision.restore) + f" {decision.why}").strip()


def _decisions(controller: Any, scores: Sequence[float]) -> str:
    said = []
    for score in scores:
        if controller.stage is None:
            break
        said.append(_say(controller.observe(10, score)))
    return "; ".join([*said, "done" if controller.stage is None else f"in {controller.stage.name}"])


def _left(subject: StagePlan) -> str:
    controller, said = subject.controller(RUNS["of two stages with budgets"][0]), []
    for steps in (13, 7, 11):
        controller.observe(steps, 0.5)
        said.append(f"{controller.steps_left:g}")
    return ", ".join(said) + f"; without a budget {subject.controller(RUNS['with patience 1'][0]).steps_left:g}"


def _left_in_the_end(subject: StagePlan) -> str:
    controller = subject.controller([{"name": "one", "steps": 10}])
    controller.observe(10, 0.5)
    return f"{controller.steps_left:g}"


def _log(controller: Any) -> str:
    return "; ".join(f"{steps} {score:g}" for steps, score in controller.log)


def _refusals(subject: StagePlan, look: Look) -> None:
    begun = lambda: subject.controller([{"name": "one", "steps": 15}])
    bad = {"a score that is no number": (10, float("nan")), "more steps than are left": (16, 0.5), "no step at all": (0, 0.5)}
    for words, given in bad.items():
        look(f"{words} is refused", lambda given=given: refused(lambda: begun().observe(*given)), "option")

    def remembered() -> str:
        controller = begun()
        refused(lambda: controller.observe(10, float("nan")))
        return _log(controller) or "nothing"

    look("what is remembered of a score that was refused", remembered, "option")
    other = [{**stage, "patience": 5} for stage in TWO[0]]
    look("the log of another plan is refused", lambda: refused(lambda: _load(subject.controller(other), subject.controller(TWO[0]))), "option")


def _load(controller: Any, source: Any) -> Any:
    controller.load_state_dict(source.state_dict())
    return controller


def _loaded(subject: StagePlan, after: int) -> Any:
    first = subject.controller(TWO[0])
    _decisions(first, TWO[1][:after])
    return _load(subject.controller(TWO[0]), first)


def _resumed(subject: StagePlan, after: int) -> str:
    first = subject.controller(TWO[0])
    before = _decisions(first, TWO[1][:after]).rpartition("; ")[0]
    return before + "; " + _decisions(_load(subject.controller(TWO[0]), first), TWO[1][after:])
