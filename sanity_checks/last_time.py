"""What was said the last time, so that only what changed is loud and hints go a step deeper each. Kept in a small file; a broken one is ignored.

The file is .minbert-sanity.json in a student edition, else one for each project in the cache folder.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minbert.cache import cache_folder
from minbert.errors import UserError
from minbert.files import write_text
from sanity_checks.edition import MARKER
from sanity_checks.finding import Finding
from sanity_checks.place import PROJECT

FORMAT = 1


@dataclass(frozen=True)
class Told:
    """What was said of one component: the outcome, a hash of the words, and how many hints were given since they came up."""

    outcome: str
    words: str
    hints: int = 0


Memory = dict[str, Told]  # component -> what was said


def state_file(starter: str = "") -> Path:
    """Where the memory of this project is kept, or that of the course starter's checkout in the folder `starter`."""
    if (PROJECT / MARKER).exists() and not starter:
        return PROJECT / ".minbert-sanity.json"
    return cache_folder() / f"sanity-{hashlib.sha256((starter or str(PROJECT)).encode()).hexdigest()[:16]}.json"


def recall(file: Path) -> Memory:
    """What the file holds; nothing when it is missing, damaged or of another format."""
    try:
        content: Any = json.loads(file.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            return {}
        return {str(name): Told(str(told["outcome"]), str(told["words"]), int(told["hints"])) for name, told in content["components"].items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}


def keep(file: Path, memory: Memory) -> None:
    """Write the memory in one move; where nothing can be written there is no memory, and that is all."""
    components = {name: {"outcome": told.outcome, "words": told.words, "hints": told.hints} for name, told in memory.items()}
    try:
        write_text(file, json.dumps({"format": FORMAT, "components": components}, indent=1) + "\n")
    except (UserError, OSError):
        pass


def told(finding: Finding, before: Told | None, hint: bool) -> Told:
    """What there is to remember of a finding: hints add up while nothing else changes."""
    words = hashlib.sha256(repr((finding.says, finding.mistakes, finding.difference, finding.look)).encode()).hexdigest()[:16]
    given = before.hints if before and (before.outcome, before.words) == (finding.outcome, words) else 0
    return Told(finding.outcome, words, min(given + hint, len(finding.hints)))


def is_same(now: Told, before: Told | None) -> bool:
    """Whether the same thing was said the last time; correct is correct in whatever words."""
    return before is not None and now.outcome == before.outcome and (now.outcome == "correct" or now.words == before.words)
