"""practice_paraphrase: do two sentences say (or ask) the same? Half of the pairs do, whichever builder they come from."""

from __future__ import annotations

from tasks.practice.chooser import Chooser
from tasks.practice.english import normalised, sentence
from tasks.practice.paraphrase_events import EVENT_BUILDERS
from tasks.practice.paraphrase_sentences import SENTENCE_BUILDERS

BUILDERS = (*EVENT_BUILDERS, *SENTENCE_BUILDERS)
LONGEST = 20  # words


def paraphrases(chooser: Chooser, count: int, taken: set[str]) -> list[tuple[tuple[str, str], str]]:
    """`count` pairs as (texts, label) rows, label "1.0" for the same meaning and "0.0" otherwise, in equal shares.

    `taken` holds normalised sentences that may not be used again; the new ones are added to it.
    """
    rows = []
    while len(rows) < count:
        same = len(rows) % 2 == 0  # in turn; the writer shuffles
        pair = tuple(sentence(text) for text in chooser.any_of(BUILDERS)(chooser, same))
        if chooser.chance(0.5):  # neither side of a builder is always the first
            pair = pair[::-1]
        keys = {normalised(text) for text in pair}
        if len(keys) == 2 and not keys & taken and all(len(key.split()) <= LONGEST for key in keys):
            taken |= keys
            rows.append((pair, "1.0" if same else "0.0"))
    return rows
