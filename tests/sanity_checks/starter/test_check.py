"""A checkout is judged component by component, and each made-up one gets the verdict that its table says."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch
from starter_checkouts import CHECKOUTS, Checkout, written

from sanity_checks.light import without_compiler
from sanity_checks.starter.check import findings
from sanity_checks.starter.course_names import COMPONENTS

without_compiler()


@pytest.mark.filterwarnings("ignore")  # a student's code may warn
@pytest.mark.parametrize("name", CHECKOUTS)
def test_each_made_up_checkout_gets_its_verdict(name: str, tmp_path: Path):
    checkout = CHECKOUTS[name]
    found = {finding.component: finding for finding in findings(written(checkout, tmp_path))}
    assert tuple(found) == COMPONENTS
    told = {component: (finding.outcome, tuple(sorted(mistake.partition("~")[0] for mistake in finding.mistakes))) for component, finding in found.items() if finding.outcome != "correct"}
    absent = {component: ("not checked", ()) for component in checkout.absent}
    assert told == {**absent, **checkout.expected}


def test_nothing_of_a_checkout_stays_behind(tmp_path: Path):
    before, path, finders = dict(sys.modules), list(sys.path), list(sys.meta_path)
    list(findings(written(Checkout(), tmp_path), ["files"]))
    assert {name for name in sys.modules if name not in before and name in ("bert", "optimizer", "utils", "sklearn", "transformers", "requests")} == set()
    assert (sys.path, sys.meta_path) == (path, finders)
    assert not list(tmp_path.rglob("__pycache__"))
    assert torch.get_default_dtype() == torch.float32
