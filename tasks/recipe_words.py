"""Values and tips as they appear in sentences: printable ASCII, one line, cut when long."""

from __future__ import annotations

from typing import Any


def tip(sentence: str, meant: str | None, otherwise: str) -> str:
    """End an error sentence: "did you mean X?" when a near name is known, `otherwise` and a full stop when not."""
    return f"{sentence}; did you mean {meant}?" if meant else f"{sentence}; {otherwise}."


def written(value: Any, longest: int = 90) -> str:
    """A value as a person would write it in a recipe, cut when it is long, for use in a sentence: printable ASCII, one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        shown = "[" + ", ".join(written(item) for item in value[:10]) + "]"
    elif isinstance(value, dict):
        shown = "a table with the keys " + ", ".join(ascii(str(key))[1:-1] for key in value) if value else "an empty table"
    elif isinstance(value, str):
        shown = '"' + ascii(value)[1:-1] + '"'
    else:
        shown = _number_or_date(value)
    return shown if len(shown) <= longest else shown[: longest - 3] + "..."


def _number_or_date(value: Any) -> str:
    # Python refuses to spell out whole numbers beyond 4,300 digits.
    if isinstance(value, int) and abs(value) >= 10**50:
        return "a whole number of more than 50 digits"
    return str(value)
