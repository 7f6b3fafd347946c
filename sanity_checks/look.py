"""A look is one thing that a probe saw: a tensor, a fact in words, or what the code raised. Probes look; they never judge.

Looks are made in order, the smallest input first, so that the first one that differs is also the smallest input that shows the mistake.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from sanity_checks.place import place_of

Seen = Tensor | str
# worst first: wrong in every use; wrong while training only; wrong only with a setting that few change; another choice that is also right
LEVELS = ("error", "train", "option", "note")


@dataclass(frozen=True)
class Observation:
    """One look: what was seen, how bad a difference would be, what its axes are called ("sentence", "token", ...), and where it raised."""

    seen: Seen
    level: str
    axes: tuple[str, ...]
    place: str = ""


def worst(levels: Iterable[str]) -> str:
    """The worst of some levels; "" of none."""
    return min(levels, key=LEVELS.index, default="")


class Look:
    """Collects what a probe sees, by name. The name completes the sentence "... differs": "the output for one token"."""

    def __init__(self) -> None:
        self.observations: dict[str, Observation] = {}
        self.crash: BaseException | None = None  # the first thing that the code raised

    def __call__(self, name: str, see: Callable[[], object], level: str = "error", axes: tuple[str, ...] = ()) -> Seen:
        """Call `see` and keep what it returns: a tensor (copied, float64), a bool (as "yes" or "no"), anything else in words.

        What it raises is kept as words too, so that the next look is still made; only "not started" (NotImplementedError) ends a probe.
        """
        place = ""
        try:
            seen = _plain(see())
        except (Exception, SystemExit) as error:  # noqa: BLE001 (whatever code under work may raise, the next look is still made)
            if not_started(error):
                raise
            self.crash = self.crash or error
            seen, place = raised(error), place_of(error)
        self.observations[name] = Observation(seen, level, axes, place)
        return seen


def not_started(error: BaseException) -> bool:
    """Whether `error` says that a body is not written yet. torch raises the same class where a kernel lacks a dtype, and that is a crash."""
    return isinstance(error, NotImplementedError) and not any(words in str(error) for words in (" not implemented for '", "Could not run"))


def _plain(value: object) -> Seen:
    if isinstance(value, Tensor):
        return value.detach().to("cpu", torch.float64).clone()  # a copy: later calls may change it in place
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return torch.tensor(float(value), dtype=torch.float64)
    return value if isinstance(value, str) else f"a {type(value).__name__}" if value is not None else "nothing: None"


def raised(error: BaseException) -> str:
    """What was raised, in words that do not depend on addresses: "raised TypeError: ..."."""
    said = " ".join(str(error).split()) or "no message"
    return f"raised {type(error).__name__}: {re.sub(r'0x[0-9a-f]+', '0x', said)}"
