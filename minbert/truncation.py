"""Making word pieces fit: which ones stay when a sentence, or a pair, is longer than the model's positions.

    longest-first   while a and b are too long together: drop the last piece of the longer one, of b when they are equally long
    head+tail       the same number of pieces stays, but a text cut by it keeps its first 128 pieces and the last of the rest
                    (Sun et al. 2019, "How to Fine-Tune BERT for Text Classification?": 128 + 382 of 510)
"""

from __future__ import annotations

from minbert.errors import UserError, nearest

HEAD = 128  # pieces that head+tail keeps of the beginning


def shares(length_a: int, length_b: int, budget: int) -> tuple[int, int]:
    """How many pieces of a and of b remain after popping from the longer list until both fit into `budget`.

    The loop of pops has a closed form: a text shorter than half of the budget stays whole, otherwise both end at half, a one ahead if odd.

    >>> shares(7, 5, budget=9)
    (5, 4)
    """
    if length_a + length_b <= budget:
        return length_a, length_b
    half_a, half_b = budget - budget // 2, budget // 2  # the odd piece is a's, since pops hit b first when both are equally long
    if length_a <= half_a:
        return length_a, budget - length_a
    if length_b <= half_b:
        return budget - length_b, length_b
    return half_a, half_b


def keep_head(ids: list[int], count: int) -> list[int]:
    """The first `count` ids."""
    return ids[:count]


def keep_head_and_tail(ids: list[int], count: int) -> list[int]:
    """The first 128 ids and the last `count` - 128, in their order; the first `count` when that is no more than 128."""
    if len(ids) <= count or count <= HEAD:
        return ids[:count]
    return ids[:HEAD] + ids[len(ids) - (count - HEAD):]  # reviews tell the verdict at the end, which plain cutting loses first


KEEPERS = {"longest-first": keep_head, "head+tail": keep_head_and_tail}


def truncate(ids_a: list[int], ids_b: list[int], budget: int, truncation: str) -> tuple[list[int], list[int]]:
    """Cut two lists of word-piece ids (b may be empty) so that together they hold at most `budget`; neither is cut down to nothing."""
    keep_a, keep_b = shares(len(ids_a), len(ids_b), budget)
    keep = KEEPERS[truncation]  # how many stay is one question, which ones another: the rules differ in the second alone
    return keep(ids_a, keep_a), keep(ids_b, keep_b)


def expect_room(max_length: int, truncation: str, pair: bool) -> None:
    """Raise `UserError` unless `max_length` and `truncation` leave something of every text."""
    if truncation not in KEEPERS:
        near = nearest(truncation, KEEPERS)
        hint = f"; did you mean {near!r}?" if near else "."
        raise UserError(f"truncation={truncation!r} is unknown, expected one of {', '.join(KEEPERS)}{hint}")
    specials, texts = (3, 2) if pair else (2, 1)
    least, why = specials + texts, f"{specials} special tokens and a word piece of each text"
    if truncation == "head+tail":  # below this it would silently be head alone
        least, why = specials + texts * (HEAD + 1), f"{specials} special tokens, the first {HEAD} word pieces and a tail of each text"
    if not isinstance(max_length, int) or isinstance(max_length, bool) or max_length < least:
        what = "a pair" if pair else "a sentence"
        raise UserError(f"max_length={max_length!r} is too short for {what} with {truncation}, expected a whole number of at least {least}: {why}.")
