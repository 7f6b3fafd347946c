"""The bank of mistakes: what each is called, what is said about it, and how to look for it. The wrong answers themselves are data in answers/.

    from sanity_checks.bank import mistakes
    mistakes("attention")["dropout-missing"].says
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Mistake:
    """One named mistake.

    says: one sentence, what the code does.  look: what to look at.  where, equation, line: three hints, each a step deeper than the last.
    severity: "error" (wrong in every use), "train" (only while training), "option" (only with a setting that few change) or "note" (a choice
    that is also right, told and accepted, whatever looks it changes).
    seen: in how many of 90 real submissions; 0 means plausible.  fact: a look that needs no reference ("two calls in eval mode agree") and whose
    failure alone means this mistake, however its numbers come out.
    """

    says: str
    look: str
    where: str
    equation: str
    line: str
    severity: str = "error"
    seen: int = 0
    fact: str = ""


@functools.cache
def mistakes(component: str) -> Mapping[str, Mistake]:
    """Name -> mistake of one component; empty when it has none."""
    try:
        return importlib.import_module(f"sanity_checks.bank.{component}").MISTAKES
    except ModuleNotFoundError:
        return {}
