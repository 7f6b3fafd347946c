"""Verdicts in words: what is sure stands before what cannot be told apart."""

from __future__ import annotations

from sanity_checks.answers import answers
from sanity_checks.bank import mistakes
from sanity_checks.diagnose import Diagnosis, diagnose
from sanity_checks.loading import _trouble
from sanity_checks.probing import look_at
from sanity_checks.verdict import told
from sanity_checks.wrong import rewritten, tables


def says(certainty: str, *names: str) -> str:
    with rewritten(tables("adamw")[0]["update-uphill"]):
        seen = look_at("adamw")
    differing = diagnose(seen, answers("adamw")).differing
    return told("adamw", seen, Diagnosis(certainty, names, differing, "error"), answers("adamw")).says


def test_what_all_explanations_share_is_said_once_and_for_sure():
    known = mistakes("adamw")
    first, shared, counted = (known[name].says for name in ("first-parameter-only", "step-count-shared", "step-count-per-parameter"))
    both = says("either", "first-parameter-only + step-count-shared", "first-parameter-only + step-count-per-parameter")
    assert both == f"{first} And one of these, which the check cannot tell apart: {shared} Or: {counted}"
    assert says("either", "step-count-shared", "step-count-per-parameter") == f"One of these, which the check cannot tell apart: {shared} Or: {counted}"


def test_two_are_both_said():
    known = mistakes("adamw")
    assert says("two", "first-parameter-only", "update-uphill") == f"Two mistakes at once. {known['first-parameter-only'].says} And: {known['update-uphill'].says}"


def test_a_name_by_a_fact_does_not_claim_to_be_everything():
    with rewritten(tables("adamw")[0]["state-not-saved"] + tables("adamw")[0]["update-uphill"]):
        seen = look_at("adamw")
    found = Diagnosis("named", ("state-not-saved",), diagnose(seen, answers("adamw")).differing, "error")
    assert told("adamw", seen, found, answers("adamw")).says == mistakes("adamw")["state-not-saved"].says + " Something else differs, too."


def test_the_words_of_a_broken_line_are_not_taken_for_a_message():
    error = SyntaxError("'(' was never closed", ("minbert/feed_forward.py", 38, 29, "        return self.contract(self.expand(x)\n"))
    assert _trouble("minbert.feed_forward", error, {}).look.startswith("Python cannot read the file")
    merge = SyntaxError("invalid syntax", ("minbert/feed_forward.py", 38, 1, "<<<<<<< HEAD\n"))
    assert _trouble("minbert.feed_forward", merge, {}).look.startswith("A merge left its markers")
