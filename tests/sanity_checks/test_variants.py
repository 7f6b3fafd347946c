"""How right code is written is said where it stands out, is never said of the library's own code, and changes nothing."""

from __future__ import annotations

import sys

import pytest
import torch
import torch.nn.functional as F

from sanity_checks.bodies import DIAGNOSED
from sanity_checks.probing import has_probe, look_at
from sanity_checks.tally import is_told, rewrite
from sanity_checks.variants import sentence, watching, way
from sanity_checks.verdict import verdict
from sanity_checks.wrong import rewritten, tables

COMPONENTS = [component for component in DIAGNOSED if has_probe(component)]
TOLD = {  # rewrites that must be recognised -> what is said
    ("attention", "einsum"): "with einsum",
    ("attention", "torch's fused kernel"): "with torch's fused attention kernel",
    ("attention", "functional dropout"): "with dropout as a function",
    ("attention", "softmax by hand"): "with the softmax by hand",
    ("attention", "one matrix for query, key and value"): "with one matrix for query, key and value",
    ("attention", "mask of -1e9"): "with a mask of -1e9",
    ("add_norm", "layer norm by hand"): "with the layer norm by hand",
    ("feed_forward", "one token at a time"): "with a loop",
    ("pooling", "max: sorted"): "with a sort",
    ("losses", "binary: softplus"): "with softplus",
    ("metrics", "pearson: torch.corrcoef"): "with corrcoef",
}
pytestmark = pytest.mark.filterwarnings("ignore")  # rewrites of one probe may warn


@pytest.mark.parametrize("case", TOLD, ids=": ".join)
def test_a_rewrite_is_recognised(case):
    assert TOLD[case] in rewrite(*case).way


@pytest.mark.parametrize("component", COMPONENTS)
def test_nothing_stands_out_in_the_library_itself(component):
    with watching() as watched:
        look_at(component)
    assert way(component, watched) == ()


def test_most_rewrites_are_told():
    """An order of terms or of lines shows in nothing that is watched; everything else should."""
    trials = [rewrite(component, variant) for component in COMPONENTS for variant in tables(component)[1]]
    assert sum(map(is_told, trials)) >= 0.65 * len(trials)


def test_the_verdict_on_right_code_says_how_it_is_written():
    with rewritten(tables("attention")[1]["einsum"]):
        notes = verdict("attention").notes
    assert notes[-1] == "Right, and written otherwise than in the library: with einsum."
    assert sentence(()) == "" and verdict("attention").notes == ()


def test_watching_leaves_no_profiler_behind_and_respects_another():
    with watching() as watched:
        F.dropout(torch.ones(3), 0.5)
    assert sys.getprofile() is None and watched.codes and watched.functional

    def own(frame, event, argument):
        return None

    sys.setprofile(own)
    try:
        with watching() as watched:
            F.dropout(torch.ones(3), 0.5)
        kept = sys.getprofile()
    finally:
        sys.setprofile(None)
    assert kept is own and watched.codes == {}


def test_a_dropout_module_is_no_dropout_as_a_function():
    module = torch.nn.Dropout(0.5)
    with watching() as watched:
        module(torch.ones(3))
    assert not watched.functional
