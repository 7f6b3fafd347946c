"""Survivors: mutants that a check accepts, each with the reason, in survivors/COMPONENT.txt:

    # equivalent: a mask holds nothing but 0 and 1, so the sum counts what is not 0
    masked_mean: counts = mask.ne(0).sum(dim=1, keepdim=True) => counts = mask.sum(dim=1, keepdim=True)

"equivalent" means that the code does the same, on every input that it is made for; "unseen" that it does not and that the probe cannot tell.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).parent / "survivors"
KINDS = ("equivalent", "unseen")


@functools.cache
def reasons(component: str) -> Mapping[str, tuple[str, str]]:
    """A mutant's difference -> (kind, reason) for one component; empty when it has no survivors. ValueError for a line without a reason."""
    path, found, reason = FOLDER / f"{component}.txt", {}, ("", "")
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines() if path.exists() else (), start=1):
        if line.startswith("# "):
            kind, _, words = line[2:].partition(": ")
            if kind not in KINDS or not words:
                raise ValueError(f"{path.name}, line {number}: a reason starts with {' or '.join(KINDS)} and a colon, got {line!r}")
            reason = (kind, words)
        elif line and not reason[0]:
            raise ValueError(f"{path.name}, line {number}: a mutant without a reason above it")
        elif line:
            found[line] = reason
    return found
