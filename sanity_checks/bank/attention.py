"""What is said about the mistakes of attention."""

from __future__ import annotations

from sanity_checks.bank import Mistake

MISTAKES: dict[str, Mistake] = {}
