"""What a story is made of: a student types something, runs a command, and a verdict is expected."""

from __future__ import annotations

from dataclasses import dataclass

from journey.workplace import Workplace


@dataclass(frozen=True)
class Write:
    """The body `name` of `component` is written: the student's own `code`, or, where that is "", what the library has."""

    component: str
    name: str
    code: str = ""

    def do(self, place: Workplace) -> None:
        """Type it."""
        place.write(self.component, self.name, self.code)


@dataclass(frozen=True)
class Change:
    """In `file`, `old` becomes `new`."""

    file: str
    old: str
    new: str

    def do(self, place: Workplace) -> None:
        """Type it."""
        place.change(self.file, self.old, self.new)


@dataclass(frozen=True)
class Step:
    """says: what the student thinks; does: what is typed; runs: commands; component and outcome: what the check must say of which;
    mistakes: the names that it must give, all of them; short: for the table, what was wrong where no name is given."""

    says: str
    does: tuple[Write | Change, ...] = ()
    runs: tuple[str, ...] = ()
    component: str = ""
    outcome: str = "correct"
    mistakes: tuple[str, ...] = ()
    short: str = ""


@dataclass(frozen=True)
class Chapter:
    """A component's part of the story."""

    title: str
    steps: tuple[Step, ...]


def check(component: str, *more: str) -> tuple[str, ...]:
    """The command that checks one component."""
    return (" ".join(("python -m minbert.sanity", component, *more)),)
