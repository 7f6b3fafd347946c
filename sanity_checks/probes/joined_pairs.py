"""The joined pairs probe: positions, segments and [CLS] of the second text, pads in the middle, and what looks at what.

The encoder is a made-up one: tables for words, positions and segments, then a mean over the tokens that the mask shows.
Letters: B pairs, R = 2B rows, T tokens, C width.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.facts import once, same
from sanity_checks.subjects.joined_pairs import JoinedPairs

C, HEADS, POINT = 6, 3, "words"
IDS = torch.tensor([[1, 5, 7, 9, 2], [1, 4, 2, 0, 0], [1, 8, 11, 2, 0], [1, 6, 3, 10, 2]])  # (R, T): [CLS] is 1, [SEP] 2, a pad 0
MASK = (IDS > 0).long()
NO_TYPES = torch.zeros_like(IDS)  # what the batch says, and a joined pair does not read
PAIR = ("pair", "token", "number")
OPTIONS = (("segments", "kept"), ("segments", "dropped"), ("zeros", "kept"))


class Tables:
    """Embeddings as sums of three tables; where positions or a point other than the last are given, it heeds them."""

    width = C
    tables = tuple(numbers(13, C, seed=seed) for seed in (41, 42, 43))

    def embed(self, ids: Tensor, types: Tensor | None = None, other: Any = None) -> Tensor:
        """(B, T) -> (B, T, C)."""
        words, positions, segments = self.tables
        places = other if isinstance(other, Tensor) else torch.arange(ids.size(1))
        found = words[ids] + positions[places] + (0 if types is None else segments[types])
        return 2 * found if other == POINT else found

    def onward(self, point: str, states: Tensor, ids: Tensor, types: Tensor | None = None) -> Tensor:
        """(B, T, C) -> (B, T, C)."""
        return states + self.embed(ids, types)


def encode(embeddings: Tensor, mask: Tensor | None = None) -> SimpleNamespace:
    """Every token sees itself and the mean of those that the mask shows."""
    seen = torch.ones(embeddings.shape[:2]) if mask is None else mask
    mean = (embeddings * seen[..., None]).sum(1, keepdim=True) / seen.sum(1)[:, None, None]  # (B, 1, C)
    states = torch.tanh(0.3 * (embeddings + 2 * mean))
    return SimpleNamespace(last_hidden_state=states, pooler_output=states[:, 0].sin())


def probe(subject: JoinedPairs, look: Look) -> None:
    """Look at texts that are embedded apart, at rows, at pairs, and at readings."""
    for types, cls in OPTIONS:
        level = "error" if types == "segments" else "option"
        words = f"with types = {types} and the second [CLS] {cls}"
        found = once(lambda types=types, cls=cls: subject.apart(Tables(), IDS[:2], MASK[:2], IDS[2:], MASK[2:], types, cls))
        look(f"pairs embedded apart {words}", lambda found=found: found()[0], level, PAIR)
        look(f"the mask of pairs embedded apart {words}", lambda found=found: found()[1], level, PAIR[:2])
        path = lambda types=types, cls=cls: subject.path(Tables(), types, cls)
        look(f"the rows of a batch {words}", lambda path=path: path().embed(IDS, NO_TYPES), level, ("row", "token", "number"))
        look(f"the pairs of a batch {words}", lambda path=path: _ready(path())[0], level, PAIR)
        look(f"the mask of the pairs of a batch {words}", lambda path=path: _ready(path())[1], level, PAIR[:2])
    path = lambda: subject.path(Tables(), "segments", "dropped")
    look("the answers to pairs without pads in the middle", lambda: encode(*subject.closed(*_apart(subject))).pooler_output, axes=("pair", "number"))
    look("closing pairs up changes no answer", lambda: same(encode(*subject.closed(*_apart(subject))).pooler_output, encode(*_apart(subject)).pooler_output))
    look("one pair alone is as in its batch", lambda: _alone(subject))
    look("the altered order is the standard one with positions that start anew", lambda: _as_standard(subject))
    look("the rows of a batch as they are at a point", lambda: path().embed(IDS, NO_TYPES, POINT), "option", ("row", "token", "number"))
    look("rows that go on from a point", lambda: path().onward(POINT, numbers(4, 5, C, seed=7), IDS, NO_TYPES), "option", ("row", "token", "number"))
    look("the mask of states", lambda: subject.mask(path(), MASK), axes=PAIR[:2])
    look("the mask of states of one text", lambda: subject.mask(Tables(), MASK), axes=("sentence", "token"))
    look("which tasks join their texts", lambda: _joining(subject, "joined"))
    look("which tasks join their texts when nobody asks for it", lambda: _joining(subject, "siamese"))
    _readings(subject, look)


def _apart(subject: JoinedPairs) -> tuple[Tensor, Tensor]:
    return subject.apart(Tables(), IDS[:2], MASK[:2], IDS[2:], MASK[2:], "segments", "kept")


def _ready(path: Any) -> tuple[Tensor, Tensor]:
    return path.ready(path.embed(IDS, NO_TYPES), MASK)


def _alone(subject: JoinedPairs) -> bool:
    path = subject.path(Tables(), "segments", "kept")
    short = IDS[[1, 3]]  # the second pair, whose first text has pads
    alone = encode(*path.ready(path.embed(short, short * 0), (short > 0).long())).pooler_output
    return same(alone[0], encode(*_ready(path)).pooler_output[1])


def _as_standard(subject: JoinedPairs) -> bool:
    found, _ = subject.apart(Tables(), IDS[:1], MASK[:1], IDS[3:], MASK[3:], "segments", "dropped")
    ids, types = torch.cat([IDS[:1], IDS[3:, 1:]], 1), torch.tensor([[0] * 5 + [1] * 4])
    return same(found, Tables().embed(ids, types, torch.tensor([0, 1, 2, 3, 4, 0, 1, 2, 3])))


def _joining(subject: JoinedPairs, pairs: str) -> str:
    ways = subject.joined(Tables(), pairs, "zeros", "dropped")
    return ", ".join(f"{name} {way.types} {way.second_cls}" for name, way in ways.items() if hasattr(way, "second_cls")) or "none"


def _readings(subject: JoinedPairs, look: Look) -> None:
    rows, axes = Tables().embed(IDS), ("pair", "number")
    made = lambda name, pooling: subject.filled(subject.reading(name, C, HEADS, pooling, torch.Generator().manual_seed(3)))
    for name, pooling in (("joined", "pooler"), ("joined", "mean"), ("features", "mean"), ("attention", "mean")):
        look(f"the features of two pairs by {name}, {pooling}", lambda name=name, pooling=pooling: subject.run(made(name, pooling), encode, rows, MASK), axes=axes)
    fresh = lambda seed=3: subject.reading("attention", C, HEADS, "mean", torch.Generator().manual_seed(seed)).double()
    plain = lambda: subject.run(made("features", "mean"), encode, rows, MASK)
    look("attention that has not learned is silent", lambda: same(subject.run(fresh(), encode, rows, MASK), plain()))
    look("two seeds give attention two beginnings", lambda: not torch.equal(fresh().look.query.weight, fresh(4).look.query.weight))
    look("one seed gives attention one beginning", lambda: torch.equal(fresh().look.query.weight, fresh().look.query.weight))
    look("making attention leaves the global random numbers alone", lambda: _leaves_alone(fresh))


def _leaves_alone(make: Any) -> bool:
    before = torch.get_rng_state()
    make()
    return torch.equal(before, torch.get_rng_state())
