"""The one exception that users of minbert meet, and the search for the word they meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


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
    matches = difflib.get_close_matches(str(word), [str(choice) for choice in choices], n=1, cutoff=0.5)
    return matches[0] if matches else None
