"""The comparisons of oracles/ can fail: on wrong versions of what has no bank of mistakes, and on mistakes of the banks."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from wrong_versions import WRONG

from sanity_checks.bank import mistakes
from sanity_checks.bodies import BODIES
from sanity_checks.runner import CHECKS, run
from sanity_checks.wrong import Edit, rewritten, tables

ORACLE = {"add_norm": "layer"}  # components whose oracle is that of another one


def label(case: tuple[str, str, str, str]) -> str:
    return f"{case[0]}: {case[2]} -> {case[3]}"


@pytest.mark.parametrize("case", WRONG, ids=label)
@pytest.mark.filterwarnings("ignore")  # wrong code may warn; what counts is the verdict
def test_a_wrong_version_fails_its_check(case: tuple[str, str, str, str]) -> None:
    component, module, old, new = case
    with rewritten((Edit(module, old, new),)):
        (outcome,) = run([component])
    assert outcome.status == "FAIL" and " But " in outcome.text, outcome.text


@pytest.mark.parametrize("component", [component for component in BODIES if ORACLE.get(component, component) in CHECKS])
@pytest.mark.filterwarnings("ignore")
def test_oracles_notice_half_of_the_mistakes_of_the_banks(component: str) -> None:
    """They hold the library itself, and so the stored answers, equal to torch and transformers; many mistakes need the closer looks of a probe."""
    changes = {name: edits for name, edits in tables(component)[0].items() if mistakes(component)[name].severity == "error" and all(isinstance(each, Edit) for each in edits)}
    noticed = [name for name in random.Random(3).sample(sorted(changes), 8) if status(component, changes[name]) == "FAIL"]
    assert len(noticed) >= 4


def status(component: str, edits: tuple[Edit, ...]) -> str:
    with rewritten(edits):
        (outcome,) = run([ORACLE.get(component, component)])
    return outcome.status


def test_every_component_has_wrong_versions() -> None:
    assert set(CHECKS) - {case[0] for case in WRONG} - set(BODIES) <= {"pretrained"}, "its weights are not on every machine"
