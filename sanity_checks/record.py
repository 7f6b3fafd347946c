"""Findings as JSON, for programs: one object with a stated format. Loads no torch.

    format      1
    versions    minbert, python, torch (those that ran the code)
    seconds     the whole run
    counts      outcome -> how many components
    components  a list in the order of learning, each with
        component, outcome ("correct" | "wrong" | "not started" | "raised" | "not checked"), says, look,
        severity ("" | "error" | "train" | "option"), certainty ("" | "right" | "named" | "either" | "two" | "partly" | "unknown"),
        mistakes (names), difference, notes, hints (those given so far), waits_for, printed, prints, seconds
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import minbert
from sanity_checks.finding import OUTCOMES, Finding, from_dict, to_dict

FORMAT = 1


def record(findings: Sequence[Finding], versions: Mapping[str, str], seconds: float, given: Mapping[str, int]) -> dict[str, Any]:
    """The whole run. given: component -> how many hints were given for this very mistake."""
    components = [to_dict(replace(each, hints=each.hints[: given.get(each.component, 0)])) for each in findings]
    return {"format": FORMAT, "versions": {"minbert": minbert.__version__, **versions}, "seconds": round(seconds, 3),
            "counts": dict(Counter(each.outcome for each in findings)), "components": components}  # fmt: skip


def written(content: Mapping[str, Any]) -> str:
    """As text; ASCII, so that every terminal and log takes it."""
    return json.dumps(content, indent=2)


def read(text: str) -> list[Finding]:
    """The findings of a --json file, or of a --gradescope file that carries them. ValueError in one sentence when it is neither."""
    try:
        content: Any = json.loads(text)
    except ValueError as error:
        raise ValueError(f"no JSON ({error})") from None
    if isinstance(content, dict) and isinstance(content.get("extra_data"), dict):
        content = content["extra_data"].get("minbert")
    if not isinstance(content, dict) or not isinstance(content.get("components"), list):
        raise ValueError("no record of minbert sanity, neither of --json nor of --gradescope")
    if content.get("format") != FORMAT:
        raise ValueError(f"format {content.get('format')!a}, expected {FORMAT}: it comes from another version of minbert")
    try:
        return [_expect(from_dict(each)) for each in content["components"]]
    except (TypeError, AttributeError, KeyError) as error:
        raise ValueError(f"a damaged record ({error})") from None


def _expect(finding: Finding) -> Finding:
    texts = (finding.component, finding.outcome, finding.certainty, finding.difference, finding.says)
    if not all(isinstance(text, str) for text in (*texts, *finding.mistakes)) or finding.outcome not in OUTCOMES:
        raise TypeError("words are missing")
    return finding
