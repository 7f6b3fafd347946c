"""Untouched, every component of the student edition is "not started"; one that is filled becomes right, and no other one changes."""

from __future__ import annotations

import random
import sys
import warnings

import pytest
from edition_small import EVERY_BODY, PROBED, living, stubbed

from sanity_checks.bodies import BODIES, Body
from sanity_checks.verdict import verdict


def outcome(component: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # half-filled code may warn
        return verdict(component).outcome


def others(component: str) -> list[Body]:
    return [body for name, bodies in BODIES.items() for body in bodies if name != component]


@pytest.mark.parametrize("component", PROBED)
def test_a_component_alone_is_right_while_all_others_are_stubs(component):
    with stubbed(others(component)):
        assert outcome(component) == "correct"


@pytest.mark.parametrize("component", PROBED)
def test_no_check_runs_a_body_of_another_component(component):
    """So what the others are, stubs, right or wrong, cannot change it: this proves every subset and every order at once."""
    outside, called = {living(body).__code__: body for body in others(component)}, set()

    def note(frame: object, event: str, argument: object) -> None:
        if event == "call" and frame.f_code in outside:
            called.add(outside[frame.f_code])

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        assert outcome(component) == "correct"
    finally:
        sys.setprofile(before)
    assert called == set()


@pytest.mark.parametrize(("component", "body"), [(component, body) for component in PROBED for body in BODIES[component]], ids=str)
def test_every_stub_alone_fails_its_own_check(component, body):
    with stubbed([body]):
        assert outcome(component) == "not started"


def test_untouched_everything_is_not_started():
    with stubbed(EVERY_BODY):
        assert {component: outcome(component) for component in PROBED} == dict.fromkeys(PROBED, "not started")


def agrees_with_the_subset(filled: set[str]) -> bool:
    with stubbed(body for component, bodies in BODIES.items() if component not in filled for body in bodies):
        return all(outcome(component) == ("correct" if component in filled else "not started") for component in PROBED)


def random_subsets(number: int, seed: int) -> list[set[str]]:
    draw = random.Random(seed)
    return [{component for component in BODIES if draw.random() < 0.5} for _ in range(number)]


def test_in_random_subsets_exactly_the_filled_ones_are_right():
    assert [subset for subset in random_subsets(3, 1) if not agrees_with_the_subset(subset)] == []


@pytest.mark.slow
def test_in_a_thousand_random_subsets_exactly_the_filled_ones_are_right():
    assert [subset for subset in random_subsets(1000, 20180524) if not agrees_with_the_subset(subset)] == []
