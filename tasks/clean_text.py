"""One sentence as it is written in a file -> the sentence as it is meant, with a note of everything that was done to it.

The same function serves training, development and test files, so a sentence is read alike wherever it stands. The course's own code also
lower-cases and puts spaces before . , ? and '; WordPiece does both by itself (the pieces are the same, which a test holds on the real
data), so the text is left readable here.
"""

from __future__ import annotations

import re

QUOTING = "double quoting undone"
OUTER_SPACE = "outer white space stripped"
ODD_SPACE = "unusual white space made plain"
INVISIBLE = "invisible characters removed"
CP1252 = "stray cp1252 punctuation repaired"
CONTROL = "control characters removed"
LINE_BREAK = "line breaks inside a cell made spaces"

# Quotes, dashes and dots that were written in Windows' cp1252 and read as latin-1. Deleting them, as BERT's cleaning does, would glue words.
_CP1252 = {code: bytes([code]).decode("cp1252") for code in (0x85, *range(0x91, 0x98))}
# quirk -> (pattern, replacement), applied in this order
_REPAIRS = (
    (CP1252, re.compile("[\x85\x91-\x97]"), lambda match: _CP1252[ord(match[0])]),
    (LINE_BREAK, re.compile("[\r\n\u2028\u2029]+"), " "),
    (ODD_SPACE, re.compile("[\t\x0b\x0c\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]"), " "),
    (INVISIBLE, re.compile("[\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"), ""),
    (CONTROL, re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x90\x98-\x9f]"), ""),
)


def undo_quoting(text: str) -> str:
    """Take off one layer of CSV quoting that parsing left on: `"say ""hi"" now"` -> `say "hi" now`.

    Only when the rule of CSV fits to the letter: a quote at either end, and between them quotes in pairs only, at least one pair. A sentence
    that merely begins with a quotation, or is one, is left alone: `"Stop," he said.` and `"Stop."` come back as they are.

    >>> undo_quoting('"Is ""the"" needed?"')
    'Is "the" needed?'
    """
    if len(text) < 4 or text[0] != '"' or text[-1] != '"':
        return text
    inside = text[1:-1]
    if '""' not in inside or '"' in inside.replace('""', ""):
        return text
    return inside.replace('""', '"')


def clean_text(text: str) -> tuple[str, tuple[str, ...]]:
    r"""The cleaned sentence and the names of the repairs it needed, each once.

    >>> clean_text(' Don\x92t go ')
    ('Don’t go', ('stray cp1252 punctuation repaired', 'outer white space stripped'))
    """
    quirks = []
    if not (text.isascii() and text.isprintable()):  # nearly every sentence needs none of the repairs
        for quirk, pattern, replacement in _REPAIRS:
            text, times = pattern.subn(replacement, text)
            if times:
                quirks.append(quirk)
    stripped = text.strip()
    if stripped != text:
        quirks.append(OUTER_SPACE)
    unquoted = _undo_all(stripped)
    if unquoted != stripped:
        quirks.append(QUOTING)
    return unquoted, tuple(quirks)


def _undo_all(text: str) -> str:
    # Some files were written and read more than once, so layers are taken off until the rule no longer fits.
    while True:
        inner = undo_quoting(text).strip()
        if inner == text:
            return text
        text = inner
