"""The pair order probe: one pair as ids and segments, in both orders; batches of either; coins over many epochs; scores that know no order.

Coins are never compared with stored ones: shares and facts are.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from sanity_checks.look import Look
from sanity_checks.probes.facts import once
from sanity_checks.subjects.pair_order import PairOrder

TEXTS = (("b d f", "c"), ("g", "h j"), ("k l", "m n o"), ("p", "q"), ("r s", "t"))
LABELS = (1.0, 0.0, 1.0, 0.0, 1.0)
EPOCHS = 30
KEEPS = {"longest-first": lambda ids, most: ids[:most], "head+tail": lambda ids, most: ids[max(0, len(ids) - most):]}  # fmt: skip


class Letters:
    """A tokenizer whose words are letters: a is 1."""

    pad_id = 0

    def pieces(self, texts: list[str]) -> list[list[int]]:
        """Ids without special tokens."""
        return [[ord(word) - 96 for word in text.split()] for text in texts]

    def assemble(self, ids_a: list[int], ids_b: list[int] | None = None, max_length: int = 512, truncation: str = "longest-first") -> tuple[list[int], list[int]]:
        """30 is [CLS], 31 is [SEP]; segment 1 is b and its [SEP]. Both texts of a pair have half of the room."""
        keep, most = KEEPS[truncation], max_length - 2 if ids_b is None else (max_length - 3) // 2
        ids, types = [30, *keep(ids_a, most), 31], [0] * (len(keep(ids_a, most)) + 2)
        return (ids, types) if ids_b is None else ([*ids, *keep(ids_b, most), 31], [*types, *[1] * (len(keep(ids_b, most)) + 1)])


class Ordered(nn.Module):
    """A score that depends on order and segments."""

    def forward(self, batch: Any) -> Tensor:
        """(B,)"""
        places = torch.arange(1.0, batch.input_ids.size(1) + 1, dtype=torch.float64)
        return (torch.sin(batch.input_ids * places) * (1 + batch.token_type_ids)).sum(-1)


def probe(subject: PairOrder, look: Look) -> None:
    """Look at ids, at batches, at the stream and at scores."""
    made = {both: once(lambda both=both: _encoded(subject, "cross", both)) for both in (True, False)}
    _ids(subject, look, made[True], made[False])
    for words, turned in (("of three pairs, the second turned", [False, True, False]), ("of three pairs in their own order", [])):
        batch = once(lambda turned=turned: subject.batch(made[True](), [0, 2, 1], turned))
        look(f"the ids of a batch {words}", lambda batch=batch: batch().input_ids, axes=("pair", "token"))
        look(f"the segments of a batch {words}", lambda batch=batch: batch().token_type_ids, axes=("pair", "token"))
        look(f"the mask of a batch {words}", lambda batch=batch: batch().attention_mask, axes=("pair", "token"))
        look(f"the labels of a batch {words}", lambda batch=batch: batch().labels, axes=("pair",))
        look(f"who is in a batch {words}", lambda batch=batch: f"{' '.join(batch().ids)}; {' '.join(map(str, batch().indices))}")
    look("the ids of a batch of three siamese pairs", lambda: subject.batch(_encoded(subject, "siamese", False), [0, 2, 1], []).input_ids, axes=("sentence", "token"))
    look("the mask of a batch of two siamese pairs", lambda: subject.batch(_encoded(subject, "siamese", False), (0, 2), []).attention_mask, axes=("sentence", "token"))
    _coins(subject, look, made[True])
    one_order = lambda: [index for batch, _ in zip(subject.stream(made[False](), 2, 3), range(3)) for index in batch.indices]
    look("an epoch in one order holds each pair once", lambda: sorted(one_order()) == list(range(5)))
    for kind in ("binary", "regression"):
        _scores(subject, look, kind)


def _encoded(subject: PairOrder, pairs: str, both: bool, kind: str = "binary", texts: tuple[tuple[str, ...], ...] = TEXTS, **cut: Any) -> Any:
    return subject.encode(texts, LABELS, Letters(), kind, pairs, both, **cut)


def _rows(rows: Any) -> str:
    return "; ".join(" | ".join(" ".join(map(str, part)) for part in parts) for parts in rows)


def _ids(subject: PairOrder, look: Look, both: Any, one: Any) -> None:
    look("the ids of crossed pairs", lambda: _rows(one().sequences))
    look("the segments of crossed pairs", lambda: _rows(one().token_types))
    look("the ids of siamese pairs", lambda: _rows(_encoded(subject, "siamese", False).sequences))
    look("the ids of crossed pairs the other way round", lambda: _rows(both().swapped.sequences))
    look("the segments of crossed pairs the other way round", lambda: _rows(both().swapped.token_types))
    cut = once(lambda: _encoded(subject, "cross", True, max_length=7, truncation="head+tail"))
    look("the ids of crossed pairs that are cut at their heads", lambda: _rows(cut().sequences))
    look("the ids of crossed pairs that are cut at their heads, the other way round", lambda: _rows(cut().swapped.sequences))
    for words, found in (("crossed pairs", both), ("crossed pairs that are cut", cut), ("siamese pairs", lambda: _encoded(subject, "siamese", False))):
        look(f"how long {words} are, and how many were cut", lambda found=found: f"{' '.join(map(str, found().lengths))}; {found().truncated}")
    look("the labels of crossed pairs", lambda: one().labels, axes=("pair",))
    look("the names of crossed pairs", lambda: " ".join(one().ids))
    look("a second order is made of crossed pairs only", lambda: _encoded(subject, "siamese", True).swapped is None, "option")
    look("a second order is made only where it is asked for", lambda: one().swapped is None)


def _coins(subject: PairOrder, look: Look, made: Any) -> None:
    found = once(lambda: _epochs(subject, made()))
    counts = lambda: [sum(turned for batch in epoch for _, turned in batch) for epoch in found()]
    of_pair = lambda pair: sum((pair, True) in batch for epoch in found() for batch in epoch)
    look("an epoch in either order holds each pair once", lambda: all(sorted(index for batch in epoch for index, _ in batch) == list(range(5)) for epoch in found()))
    look("how pairs are read", lambda: _share(sum(counts()) / (5 * EPOCHS)))
    look("each pair is read in both orders", lambda: all(EPOCHS / 7 < of_pair(pair) < EPOCHS * 6 / 7 for pair in range(5)))
    look("epochs turn other numbers of pairs", lambda: len(set(counts())) > 1)
    look("pairs of one epoch can differ in their orders", lambda: any(0 < count < 5 for count in counts()))
    look("pairs of one batch can differ in their orders", lambda: any(len({turned for _, turned in batch}) == 2 for epoch in found() for batch in epoch))
    look("one seed gives one row of coins", lambda: found() == _epochs(subject, made()))
    look("two seeds give two rows of coins", lambda: found() != _epochs(subject, made(), seed=4))


def _epochs(subject: PairOrder, encoded: Any, seed: int = 3) -> list[list[list[tuple[int, bool]]]]:
    """Epochs of batches of (pair, whether it was turned)."""
    stream = subject.stream(encoded, 2, seed)
    told = lambda index, row: (index, row[: len(encoded.sequences[index][0])] != encoded.sequences[index][0])
    drawn = ([next(stream) for _ in range(3)] for _ in range(EPOCHS))  # 5 pairs, 2 a batch
    return [[[told(*each) for each in zip(batch.indices, batch.input_ids.tolist())] for batch in epoch] for epoch in drawn]


def _share(turned: float) -> str:
    ways = ((0.0, "never turned"), (0.35, "mostly in their own order"), (0.65, "in either order, equally often"), (0.999, "mostly turned"))
    return next((words for limit, words in ways if turned <= limit), "always turned")


def _scores(subject: PairOrder, look: Look, kind: str) -> None:
    swapped = tuple(each[::-1] for each in TEXTS)
    for both, words in ((False, "in their own order"), (True, "in both orders")):
        found = once(lambda both=both: subject.scores(Ordered(), _encoded(subject, "cross", both, kind), kind))
        for place, what in enumerate(("the answers", "the scores")):
            look(f"{what} of a {kind} task for pairs {words}", lambda found=found, place=place: found()[place], "error", ("pair",))
    scores = lambda texts: subject.scores(Ordered(), _encoded(subject, "cross", True, kind, texts), kind)[1]
    look(f"scores in both orders are the same whichever sentence comes first ({kind})", lambda: torch.equal(scores(TEXTS), scores(swapped)))
    look(f"two evaluations agree ({kind})", lambda: torch.equal(scores(TEXTS), scores(TEXTS)))
