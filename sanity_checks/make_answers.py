"""`python -m sanity_checks.make_answers [COMPONENT ...]` writes answers/COMPONENT.json: what is right, and what each known mistake gives instead.

The right answers come from this library's code, which oracles/ hold equal to torch and transformers. Wrong ones come from the changes in wrong/,
alone and two by two. A mistake that no look can tell from another, or from right, is refused: then the probe needs a closer look.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import platform
import sys
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from sanity_checks.answers import FOLDER, alone, both, packed, written
from sanity_checks.bank import mistakes
from sanity_checks.bodies import DIAGNOSED
from sanity_checks.fingerprint import equal, fingerprint, match
from sanity_checks.look import Observation, worst
from sanity_checks.probing import look_at
from sanity_checks.wrong import Change, rewritten, tables

ROOT = Path(__file__).resolve().parent.parent


def make(component: str) -> dict[str, Any]:
    """The whole content of one answer file."""
    right = look_at(component)
    broken = {name: each.seen for name, each in right.items() if isinstance(each.seen, str) and each.seen.startswith("raised")}
    if broken:
        raise ValueError(f"{component}: the right version raises: {broken}")
    edits, known = tables(component)[0], mistakes(component)
    if edits.keys() != known.keys():
        raise ValueError(f"{component}: mistakes without words or without a change: {sorted(edits.keys() ^ known.keys())}")
    wrong = {name: _difference(component, change, right) for name, change in edits.items()}
    _expect_apart(component, wrong, right)
    accepted = [name for name, answer in wrong.items() if known[name].severity == "note" and _level(answer, right) != "note"]
    stored = {"certificate": certificate(component), "accepted": accepted, "right": {name: written(each) for name, each in right.items()}}
    answered = wrong | _pairs(component, edits, wrong, right)
    return stored | {"wrong": {name: packed(answer, stored["right"], alone(name, wrong)) for name, answer in answered.items()}}


def _level(answer: Mapping[str, Any], right: Mapping[str, Observation]) -> str:
    return worst(right[look].level for look in answer)


def _difference(component: str, edits: tuple[Change, ...], right: Mapping[str, Observation]) -> dict[str, Any]:
    with rewritten(edits):
        seen = look_at(component)
    # a look that right code makes and the wrong version never reached would be a hole in its answer
    missing = right.keys() - seen.keys()
    if missing:
        raise ValueError(f"{component}: looks that were not made: {sorted(missing)}")
    return {name: fingerprint(each.seen) for name, each in seen.items() if not equal(each.seen, right[name].seen)}


def _expect_apart(component: str, wrong: Mapping[str, Mapping[str, Any]], right: Mapping[str, Observation]) -> None:
    for name, answer in wrong.items():
        level, severity = _level(answer, right), mistakes(component)[name].severity
        if not answer or severity not in (level, "note"):  # a choice that is also right may change answers of any level
            raise ValueError(f"{component}: {name} shows in looks of level {level or 'none'}, but the bank calls it {severity!r}")
    for one, other in itertools.combinations(wrong, 2):
        if _same(wrong[one], wrong[other]):
            raise ValueError(f"{component}: {one} and {other} give the same answer, so neither could be named: look closer or make them one")


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return one.keys() == other.keys() and all(match(one[look], other[look]) for look in one)


def _pairs(component: str, edits: Mapping[str, tuple[Change, ...]], wrong: Mapping[str, Any], right: Mapping[str, Observation]) -> dict[str, Any]:
    """Answers of two mistakes at once, where both changes fit the source together and give something that neither gives alone."""
    found: dict[str, Any] = {}
    told = both(wrong, right)
    for one, other in itertools.combinations(edits, 2):
        if "note" in (_level(wrong[one], right), _level(wrong[other], right)):
            continue
        try:  # two changes of one rewritten body share its rewriting, which must not undo the first
            answer = _difference(component, tuple(dict.fromkeys(edits[one] + edits[other])), right)
        except (ValueError, SyntaxError):
            continue  # the second change finds nothing to change: one place cannot be wrong in two ways
        name = f"{one} + {other}"
        if answer and not any(_same(answer, single) for single in wrong.values()) and not (name in told and _same(answer, told[name])):
            found[name] = answer
    return found


def certificate(component: str) -> dict[str, Any]:
    """What made the answers: command, versions, and hashes of the probe and of the code that it ran."""
    files = {Path("sanity_checks") / kind / f"{component}.py" for kind in ("probes", "subjects", "wrong")}
    files |= {Path(body.module.replace(".", "/") + ".py") for body in DIAGNOSED[component]}
    hashes = {path.as_posix(): hashlib.sha256((ROOT / path).read_bytes()).hexdigest()[:16] for path in sorted(files) if (ROOT / path).exists()}
    versions = {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__}
    return {"command": f"python -m sanity_checks.make_answers {component}", "versions": versions, "sha256": hashes}


def main(argv: Sequence[str]) -> int:
    """Write the files of the components named, or of all that have a probe."""
    for component in argv or [name for name in DIAGNOSED if (ROOT / "sanity_checks" / "probes" / f"{name}.py").exists()]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # wrong code may warn
            content = make(component)
        path = FOLDER / f"{component}.json"
        path.write_text(_json(content), encoding="utf-8")
        single = [name for name in content["wrong"] if " + " not in name]
        print(f"{path.name}: {len(content['right'])} looks, {len(single)} mistakes, {len(content['wrong']) - len(single)} pairs, {path.stat().st_size // 1024} KB")
    return 0


def _json(content: Mapping[str, Any]) -> str:
    # one line a look or a mistake: small enough to store, and a change shows as a change of lines
    head = f'{{"certificate": {json.dumps(content["certificate"])},\n"accepted": {json.dumps(content["accepted"])},\n'
    parts = (f'"{part}": {{\n' + ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in content[part].items()) + "\n}" for part in ("right", "wrong"))
    return head + ",\n".join(parts) + "}\n"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
