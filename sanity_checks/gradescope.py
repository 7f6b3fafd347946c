"""results.json as Gradescope's autograder reads it: one test a component, the score what each is worth when it is correct. Loads no torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from minbert.errors import UserError
from sanity_checks.finding import Finding, is_right
from sanity_checks.order import chosen
from sanity_checks.show import Showing, lines, summary


def results(findings: Sequence[Finding], weights: Mapping[str, float], content: Mapping[str, Any]) -> dict[str, Any]:
    """weights: component -> points (1 where none are given); content: the record, which travels along for `minbert class-report`.

    What cannot be checked on this machine is worth nothing, either way; what waits for another component is not correct yet.
    """
    tests = [_test(finding, weights.get(finding.component, 1.0)) for finding in findings]
    return {"score": sum(test["score"] for test in tests), "output": "\n".join(summary(findings)), "execution_time": content["seconds"], "visibility": "visible",
            "stdout_visibility": "hidden", "tests": tests, "extra_data": {"minbert": dict(content)}}  # fmt: skip


def _test(finding: Finding, points: float) -> dict[str, Any]:
    right = is_right(finding)
    worth = 0.0 if right and finding.outcome != "correct" else points
    return {"name": finding.component, "score": worth if right else 0.0, "max_score": worth, "status": "passed" if right else "failed",
            "output": "\n".join(lines(finding, Showing())), "visibility": "visible"}  # fmt: skip


def read_weights(text: str, chosen: Callable[[list[str]], list[str]] = chosen) -> dict[str, float]:
    """"attention=3,layer=2" as component -> points; chosen: names -> components. `UserError` for a name or a number that is none."""
    weights = {}
    for part in filter(None, text.split(",")):
        name, _, number = part.partition("=")
        try:
            points = float(number)
        except ValueError:
            points = -1.0
        if not 0 <= points < float("inf"):
            raise UserError(f"--weights has {part!a}, expected COMPONENT=POINTS with points of 0 or more, for example attention=3,layer=2.")
        weights[chosen([name.strip()])[0]] = points
    return weights
