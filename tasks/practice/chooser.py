"""Drawing words so that development data needs words the training data never showed.

A grammar that draws both splits from one list tests memory. Here every fifth entry of every table is held out: the training split never
draws it, the development and test splits draw one about half of the time. Nothing but this file knows about the rule.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

Entry = TypeVar("Entry")
HELD_OUT_EVERY = 5  # entries 4, 9, 14, ... of a table belong to dev and test
HELD_OUT_SHARE = 0.4  # how often dev and test draw from those alone


@dataclass(frozen=True)
class Chooser:
    """A seeded source of choices that knows which split it works for.

    Only `random.random` is called: its sequence for a given seed is the same in every Python version, so files can be regenerated exactly.
    """

    rng: random.Random
    split: str  # "train", "dev" or "test"

    def chance(self, probability: float) -> bool:
        """True with the given probability (0 to 1)."""
        return self.rng.random() < probability

    def any_of(self, entries: Sequence[Entry]) -> Entry:
        """One entry, all equally likely, whatever the split: for syntax, which every split shares."""
        return entries[int(self.rng.random() * len(entries))]

    def word(self, table: Sequence[Entry]) -> Entry:
        """One entry of a table of content words, from the part of it that this split may see."""
        held_out = table[HELD_OUT_EVERY - 1::HELD_OUT_EVERY]
        if self.split != "train":
            return self.any_of(held_out if held_out and self.chance(HELD_OUT_SHARE) else table)
        return self.any_of([entry for index, entry in enumerate(table) if index % HELD_OUT_EVERY != HELD_OUT_EVERY - 1])

    def words(self, table: Sequence[Entry], count: int) -> list[Entry]:
        """`count` different entries of a table, in the order drawn (the table must offer that many to this split)."""
        chosen: list[Entry] = []
        while len(chosen) < count:
            entry = self.word(table)
            if entry not in chosen:
                chosen.append(entry)
        return chosen
