"""Which bodies are written: a stub raises NotImplementedError("not started: ..."), and a component with a stub is not started."""

from __future__ import annotations

from collections.abc import Sequence

from sanity_checks.blanking import file_of, is_stub
from sanity_checks.bodies import BODIES, Body
from sanity_checks.place import PROJECT


def unwritten(component: str) -> tuple[Body, ...]:
    """The bodies of `component` that are stubs still; none for a file that cannot be read, whose trouble is told elsewhere."""
    return tuple(body for body in BODIES.get(component, ()) if _is_unwritten(body))


def told(component: str, stubs: Sequence[Body]) -> str:
    """How far a component is: "2 of 5 bodies written; next is minbert/attention.py: MultiHeadAttention.forward."."""
    bodies = BODIES[component]
    return f"{len(bodies) - len(stubs)} of {len(bodies)} {'bodies' if len(bodies) > 1 else 'body'} written; next is {stubs[0]}."


def _is_unwritten(body: Body) -> bool:
    try:
        return is_stub((PROJECT / file_of(body.module)).read_text(encoding="utf-8"), body.name)
    except (OSError, SyntaxError, ValueError):
        return False
