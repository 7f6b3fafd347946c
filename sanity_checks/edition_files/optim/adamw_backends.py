"""Who does the arithmetic of an AdamW step: in the student edition, your formulas and nobody else.

A backend moves the tensors it can and returns the rest, which the formula then moves piece by piece. The library has faster ones too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

BACKENDS: Mapping[str, Callable[..., list[Any]]] = {
    "eager": lambda form, update, work, step, settings: work,
    "auto": lambda form, update, work, step, settings: work,
}


def expect_usable(backend: str) -> None:
    """Raise ValueError for a backend that only the library has; those of this table work on every machine."""
    if backend not in BACKENDS:
        raise ValueError(f"the student edition has no backend {backend!r}, expected one of {', '.join(BACKENDS)}.")
