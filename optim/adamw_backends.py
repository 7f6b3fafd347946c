"""Who does the arithmetic of an AdamW step: the table of backends.

A backend moves the tensors it can and returns the rest, which the formula then moves piece by piece.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .adamw_compiled import compiled_update, need_compiler
from .adamw_fused import fused_update, fused_where_proved

BACKENDS: Mapping[str, Callable[..., list[Any]]] = {
    "eager": lambda form, update, work, step, settings: work,
    "compiled": compiled_update,
    "fused": fused_update,
    "auto": fused_where_proved,
}


def expect_usable(backend: str) -> None:
    """Raise ValueError where `backend` cannot work on this machine."""
    if backend == "compiled":
        need_compiler()
