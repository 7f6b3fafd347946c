"""One row of `python -m sanity_checks.measure`: everything that is counted about the check of one component."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass

import torch

from sanity_checks.tally import alone, is_told, rewrite, several, slips, survivors, with_a_slip
from sanity_checks.verdict import verdict
from sanity_checks.wrong import tables


@dataclass(frozen=True)
class Row:
    """One component: counts of mistakes by what is said of them, of several at once by how honest the answer is, of right rewrites, of slips."""

    component: str
    mistakes: int
    caught: int
    named: int
    misnamed: tuple[str, ...]
    unnamed: tuple[str, ...]
    pairs: dict[str, int]
    threes: dict[str, int]
    beside_a_slip: dict[str, int]
    right: int
    accepted: int
    told: int
    slips: int
    killed: int
    only_raised: int
    equivalent: int
    unseen: int
    unexplained: tuple[str, ...]
    milliseconds: float

    @property
    def killed_share(self) -> float:
        """Of the slips that are not equivalent, how many the check notices."""
        return self.killed / max(1, self.slips - self.equivalent)


def row(component: str, mutants: int = -1, several_at_once: int = 60) -> Row:
    """Measure one component; mutants: how many random slips (-1 all), several_at_once: how many samples of pairs; threes and slips beside a
    mistake get half as many."""
    with torch.random.fork_rng(devices=[]):
        said = {name: alone(component, name) for name in tables(component)[0]}
        rewrites = {variant: rewrite(component, variant) for variant in tables(component)[1]}
        tried, alive = slips(component, mutants), survivors(component, mutants)
        sampled = several(component, 2, several_at_once), several(component, 3, several_at_once // 2), with_a_slip(component, several_at_once // 2)
    kinds = Counter(kind for kind, _ in alive.values())
    return Row(
        component, len(said), sum(each != "missed" for each in said.values()), sum(each == "named" for each in said.values()),
        tuple(name for name, each in said.items() if each == "misnamed"), tuple(name for name, each in said.items() if each not in ("named", "misnamed")),
        *map(dict, sampled), len(rewrites), sum(each.outcome == "right" for each in rewrites.values()), sum(map(is_told, rewrites.values())),
        len(tried), len(tried) - len(alive), sum(each.outcome == "raised" for each in tried.values()), kinds["equivalent"], kinds["unseen"],
        tuple(difference for difference, (kind, _) in alive.items() if not kind), milliseconds(component))  # fmt: skip


def milliseconds(component: str) -> float:
    """What one check costs when everything is loaded: the best of three."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        verdict(component)
        times.append(time.perf_counter() - start)
    return round(1000 * min(times), 1)
