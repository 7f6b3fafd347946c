"""The stored answers of every probe: the right one in full, each wrong one as fingerprints, with a birth certificate.

One JSON file a component, written by `python -m sanity_checks.make_answers`:

    certificate   what made it: command, versions, hashes of the probe and of the code it ran
    right         look -> level, axes, and the shape and numbers (or the text) that are right
    accepted      choices that change answers and are right all the same (names of `wrong`, of severity "note" in the bank)
    wrong         mistake, or "one + other" -> look -> fingerprint; looks that are as they should be are left out, and so are pairs of mistakes
                  that share no look, because both together show what each shows alone
"""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from sanity_checks.fingerprint import fingerprint
from sanity_checks.look import Observation

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Answers:
    """One component's stored answers: look -> what is right, and mistake -> look -> fingerprint where it differs."""

    certificate: Mapping[str, Any]
    right: Mapping[str, Observation]
    prints: Mapping[str, Mapping[str, Any]]  # look -> fingerprint of what is right
    wrong: Mapping[str, Mapping[str, Mapping[str, Any]]]
    accepted: frozenset[str] = frozenset()

    @functools.cached_property
    def showing(self) -> Mapping[str, Sequence[str]]:
        """Look -> the mistakes, and pairs of mistakes, that change it, in their order."""
        found: dict[str, list[str]] = {}
        for name, answer in self.wrong.items():
            for look in answer:
                found.setdefault(look, []).append(name)
        return found


@functools.cache
def answers(component: str) -> Answers:
    """Read the answers of `component`; FileNotFoundError when it has none."""
    stored = json.loads((FOLDER / f"{component}.json").read_text(encoding="utf-8"))
    right = {name: Observation(_read(entry), entry["level"], tuple(entry["axes"])) for name, entry in stored["right"].items()}
    prints, accepted = {name: fingerprint(one.seen) for name, one in right.items()}, frozenset(stored.get("accepted", ()))
    return Answers(stored["certificate"], right, prints, WhenAsked(functools.partial(_unpack, stored["wrong"], prints, right)), accepted)


class WhenAsked:
    """Reads like the dict that `make` returns, which is made when somebody first looks into it.

    For code that is right, thousands of wrong answers need not be unpacked.
    """

    def __init__(self, make: Callable[[], Mapping[str, Any]]) -> None:
        self._made = functools.cache(make)

    def __getattr__(self, name: str) -> Any:  # items, keys, get, ...
        return getattr(self._made(), name)

    def __getitem__(self, name: str) -> Any:
        return self._made()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made())

    def __contains__(self, name: str) -> bool:
        return name in self._made()

    def __len__(self) -> int:
        return len(self._made())


def _unpack(packed_answers: Mapping[str, Any], prints: Mapping[str, Any], right: Mapping[str, Observation]) -> dict[str, Any]:
    wrong: dict[str, Mapping[str, Any]] = {}
    for name, answer in packed_answers.items():  # pairs come last
        wrong[name] = unpacked(answer, prints, alone(name, wrong))
    return both(wrong, right) | wrong


Answer = Mapping[str, Any]


def alone(name: str, wrong: Mapping[str, Answer]) -> tuple[Answer, ...]:
    """Of a pair "one + other", the answers of one and of other; of a single mistake, nothing."""
    return tuple(wrong[part] for part in name.split(" + ")) if " + " in name else ()


def packed(answer: Answer, right: Mapping[str, Answer], singles: tuple[Answer, ...] = ()) -> dict[str, Any]:
    """An answer as the file holds it, a tenth as long: looks by their place; of a tensor of the expected shape only its five numbers; and of
    what a pair shares with one of its mistakes alone only which, 0 or 1.

    right: look -> fingerprint, or entry of the file, of what is right; singles: the answers of a pair's mistakes alone.
    """
    place = {name: str(number) for number, name in enumerate(right)}
    fits = lambda name, one: one.keys() == {"shape", "print"} and one["shape"] == right[name].get("shape")
    short = lambda name, one: one["text"] if "text" in one else one["print"] if fits(name, one) else one
    same = {name: number for number, single in enumerate(singles) for name, one in single.items() if answer.get(name) == one}
    return {place[name]: same[name] if name in same else short(name, one) for name, one in answer.items()}


def unpacked(answer: Answer, right: Mapping[str, Answer], singles: tuple[Answer, ...] = ()) -> dict[str, Any]:
    """The way back."""
    names = list(right)
    longer = {str: lambda name, one: {"text": one}, list: lambda name, one: {"shape": right[name]["shape"], "print": one}, dict: lambda name, one: one,
              int: lambda name, one: singles[one][name]}  # fmt: skip
    found = ((names[int(place)] if place.isdigit() else place, one) for place, one in answer.items())
    return {name: longer[type(one)](name, one) for name, one in found}


def both(wrong: Mapping[str, Mapping[str, Any]], right: Mapping[str, Observation]) -> dict[str, Mapping[str, Any]]:
    """The answers of pairs of mistakes that share no look, so that they need not be stored; choices seen only by notes have no pairs."""
    single = {name: answer for name, answer in wrong.items() if " + " not in name and any(right[look].level != "note" for look in answer)}
    pairs = itertools.combinations(single.items(), 2)
    return {f"{one} + {other}": {**first, **second} for (one, first), (other, second) in pairs if first.keys().isdisjoint(second)}


def _read(entry: Mapping[str, Any]) -> torch.Tensor | str:
    if "text" in entry:
        return entry["text"]
    return torch.tensor(entry["numbers"], dtype=torch.float64).reshape(entry["shape"])


def written(observation: Observation) -> dict[str, Any]:
    """The way back: an observation as `answers` reads it."""
    about = {"level": observation.level, "axes": list(observation.axes)}
    if isinstance(observation.seen, str):
        return about | {"text": observation.seen}
    return about | {"shape": list(observation.seen.shape), "numbers": [float(f"{number:.12g}") for number in observation.seen.flatten().tolist()]}
