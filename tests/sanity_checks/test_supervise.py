"""How the parent goes on when a child ends early; the children are made up here, real ones run in test_whatever_code_does.py."""

from __future__ import annotations

from typing import Any

import pytest

from sanity_checks import supervise as supervising
from sanity_checks.endings import ending
from sanity_checks.finding import Finding, to_dict
from sanity_checks.process import Printed
from sanity_checks.supervise import SLOWER, Limits, Progress, supervise

BUSY = ["Timeout (0:00:10)!\n", "Thread 0x1 (most recent call first):\n", '  File "/usr/lib/python3/ast.py", line 50 in parse\n']


class Acting:
    """A child that plays a part: messages, then an ending."""

    parts: list[tuple[list[dict[str, Any]], int, list[str], bool]]
    plans: list[dict[str, Any]]

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plans.append({**plan, "components": list(plan["components"])})
        messages, self.status, self.trace, self.hung = self.parts.pop(0)
        self.messages = list(messages)

    def next(self, seconds: float | None) -> dict[str, Any] | None:
        """The next line of the part."""
        return self.messages.pop(0) if self.messages else None

    def printed(self) -> Printed:
        """What the part printed last."""
        return Printed(1, ("last words",))

    def end(self, patience: float = 1.0) -> int:
        """How it ended."""
        return self.status


def play(monkeypatch: pytest.MonkeyPatch, *parts: tuple[list[dict[str, Any]], int, list[str], bool]) -> tuple[list[Finding], list[dict[str, Any]]]:
    """Findings about attention and layer, and the plans that the children were given."""
    Acting.parts, Acting.plans = list(parts), []
    monkeypatch.setattr(supervising, "Child", Acting)
    return list(supervise(["attention", "layer"], Limits(10.0), Progress())), Acting.plans


def right(name: str) -> dict[str, Any]:
    return {"finding": to_dict(Finding(name, "correct"))}


def test_a_machine_too_busy_for_the_checks_gets_more_time_once_and_blames_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    found, plans = play(monkeypatch, ([{"ready": {}}, {"start": "attention"}], 1, BUSY, False), ([right("attention"), right("layer")], 0, [], False))
    assert [each.outcome for each in found] == ["correct", "correct"] and [plan["seconds"] for plan in plans] == [10.0, 10.0 * SLOWER]
    found, _ = play(monkeypatch, *[([{"ready": {}}, {"start": "attention"}], 1, BUSY, False)] * 2, ([right("layer")], 0, [], False))
    assert found[0].outcome == "raised" and found[0].says == "The check did not come back within 60 seconds, and was not in your code when it was stopped."


def test_a_file_that_kills_two_children_ends_the_run_instead_of_going_round(monkeypatch: pytest.MonkeyPatch) -> None:
    found, plans = play(monkeypatch, *[([{"ready": {}}, {"loading": "minbert.attention"}], -9, [], False)] * 2)
    assert len(plans) == 2 and plans[1]["dead"].keys() == {"minbert.attention"}
    assert all(each.says == "The checks could not start: last words" for each in found) and len(found) == 2


def test_what_is_known_is_not_checked_again_and_is_told_to_the_next_child(monkeypatch: pytest.MonkeyPatch) -> None:
    found, plans = play(monkeypatch, ([right("attention"), {"start": "layer"}], -9, [], False))
    assert [each.outcome for each in found] == ["correct", "raised"] and len(plans) == 1
    found, plans = play(monkeypatch, ([{"start": "attention"}], 1, [], True), ([right("layer")], 0, [], False))
    assert plans[1]["components"] == ["layer"] and plans[1]["outcomes"]["attention"] == "raised" and found[0].prints == ("last words",)
    assert found[0].says == "Your code did not come back within 10 seconds and was stopped."


@pytest.mark.parametrize(("status", "trace", "words"), [
    (-9, [], "ended by signal 9 (SIGKILL)"), (-99, [], "ended by signal 99 (unknown)"), (7, [], "ended the program with status 7"),
    (-11, ["Fatal Python error: Segmentation fault\n"], "crashed Python itself: Segmentation fault."),
])
def test_every_ending_has_words(status: int, trace: list[str], words: str) -> None:
    assert words in ending(status, trace, 10.0).says and ending(status, trace, 10.0).look
