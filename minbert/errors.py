"""The one exception that users of minbert meet, and what its sentences are made of."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any


class UserError(ValueError):
    """A mistake that the user can mend, told in one sentence.

    The sentence says what was got, what was expected, where (file and line when there is one) and what to try.  The command line prints it
    without a traceback and exits with status 2.
    """


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice that looks most like `word`, or None when nothing comes near.

    >>> nearest("atention", ["attention", "pooler"])
    'attention'
    """
    # 0.5, below difflib's own 0.6: names here are short, so one wrong letter weighs much. A wrong guess only costs a glance.
    matches = difflib.get_close_matches(str(word), [str(choice) for choice in choices], n=1, cutoff=0.5)
    return matches[0] if matches else None


def shown(value: Any, most: int = 90) -> str:
    """A value as Python writes it, fit to stand in a sentence: printable ASCII, one line, cut after `most` characters.

    Values out of damaged files may hold anything, a terminal's own control characters included.

    >>> shown("caf\u00e9")
    "'caf\\\\xe9'"
    """
    text = ascii(value)  # escapes what a terminal would obey and what a log cannot encode
    return text if len(text) <= most else text[: most - 3] + "..."


def plain(text: str, most: int = 200) -> str:
    """The same without quotes, for names: what is not printable ASCII becomes an escape."""
    letters = "".join(letter if letter.isascii() and letter.isprintable() else ascii(letter)[1:-1] for letter in text[:most])
    return letters[:most]


def first_line(error: BaseException) -> str:
    """What a library said, to stand inside a sentence of ours: its first line, `plain` and without its full stop."""
    lines = str(error).strip().splitlines()  # libraries add pages of advice; the first line names the fault
    return plain(lines[0]).rstrip(". ") if lines else type(error).__name__
