"""Every mistake of every bank is named at first guess, every right rewrite is accepted, and what is stored is what the code of today gives."""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib
import json
import random
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from sanity_checks import make_answers
from sanity_checks.answers import FOLDER, answers
from sanity_checks.bank import mistakes
from sanity_checks.bodies import DIAGNOSED
from sanity_checks.fingerprint import equal, match
from sanity_checks.look import Observation, worst
from sanity_checks.probing import has_probe, look_at
from sanity_checks.tally import alone, rewrite
from sanity_checks.wrong import tables

COMPONENTS = [component for component in DIAGNOSED if has_probe(component)]
MISTAKES = [(component, name) for component in COMPONENTS for name in tables(component)[0]]
REWRITES = [(component, variant) for component in COMPONENTS for variant in tables(component)[1]]
WORDS = ("says", "look", "where", "equation", "line")
pytestmark = pytest.mark.filterwarnings("ignore")  # wrong code may warn


def label(case: object) -> str:
    return ": ".join(case) if isinstance(case, tuple) else str(case)


@pytest.mark.parametrize("case", MISTAKES, ids=label)
def test_a_mistake_is_named_at_first_guess(case: tuple[str, str]) -> None:
    assert alone(*case) == "named"


@pytest.mark.parametrize("case", REWRITES, ids=label)
def test_a_right_rewrite_is_accepted(case: tuple[str, str]) -> None:
    trial = rewrite(*case)
    assert trial.outcome == "right", trial


@functools.cache
def seen(component: str) -> Mapping[str, Observation]:
    """What the probe sees in the library's own code today."""
    return look_at(component)


@pytest.mark.parametrize("component", COMPONENTS)
def test_stored_right_answers_are_those_of_the_library(component: str) -> None:
    stored = answers(component).right
    assert list(stored) == list(seen(component)), again(component)
    for name, observation in seen(component).items():
        assert equal(observation.seen, stored[name].seen) and (observation.level, tuple(observation.axes)) == (stored[name].level, stored[name].axes), again(component)


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_mistake_is_as_bad_as_the_worst_look_that_it_changes(component: str) -> None:
    """That each was named already shows that its stored answer is that of its wrong version: a name needs every look to agree."""
    stored = answers(component)
    for name, mistake in mistakes(component).items():
        shows = worst(stored.right[look].level for look in stored.wrong[name])
        assert mistake.severity == ("note" if name in stored.accepted else shows), name


@pytest.mark.parametrize("component", COMPONENTS)
def test_stored_answers_of_two_mistakes_are_those_of_both(component: str) -> None:
    stored = [name for name in json.loads((FOLDER / f"{component}.json").read_text(encoding="utf-8"))["wrong"] if " + " in name]
    for name in random.Random(5).sample(stored, min(2, len(stored))):  # the slow test makes all
        both = tuple(dict.fromkeys(change for part in name.split(" + ") for change in tables(component)[0][part]))
        expect_same(make_answers._difference(component, both, seen(component)), answers(component).wrong[name], component)


def expect_same(fresh: Mapping[str, dict], stored: Mapping[str, dict], component: str) -> None:
    assert fresh.keys() == stored.keys(), again(component)
    assert [look for look in fresh if not match(fresh[look], stored[look])] == [], again(component)


def again(component: str) -> str:
    return f"the answers are stale: python -m sanity_checks.make_answers {component}"


@pytest.mark.slow
@pytest.mark.parametrize("component", COMPONENTS)
def test_making_the_answers_again_gives_the_stored_ones(component: str) -> None:
    fresh, stored = make_answers.make(component), json.loads((FOLDER / f"{component}.json").read_text(encoding="utf-8"))
    assert fresh["wrong"].keys() == stored["wrong"].keys() and fresh["accepted"] == stored["accepted"]
    for name, answer in fresh["wrong"].items():
        expect_same(answer, stored["wrong"][name], component)


@pytest.mark.parametrize("component", COMPONENTS)
def test_certificates_name_the_files_that_made_the_answers(component: str) -> None:
    for path, stored in answers(component).certificate["sha256"].items():
        assert hashlib.sha256((make_answers.ROOT / path).read_bytes()).hexdigest()[:16] == stored, f"{path} has changed: {again(component)}"


@pytest.mark.parametrize("component", COMPONENTS)
def test_bank_and_wrong_versions_have_the_same_names(component: str) -> None:
    assert mistakes(component).keys() == tables(component)[0].keys()


@pytest.mark.parametrize("component", COMPONENTS)
def test_every_mistake_has_words(component: str) -> None:
    for name, mistake in mistakes(component).items():
        for part in WORDS:
            words = getattr(mistake, part)
            assert words.strip() and words.isascii(), f"{name}.{part}: {words!r}"
        assert mistake.says.endswith(".") and mistake.look.endswith((".", "?")), name


@pytest.mark.parametrize("component", COMPONENTS)
def test_no_line_of_a_solution_stands_in_a_bank(component: str) -> None:
    said = {squeezed(getattr(mistake, part)) for mistake in mistakes(component).values() for part in WORDS}
    assert [line for line in solution(component) for words in said if line in words] == []


def solution(component: str) -> Iterator[str]:
    """The lines of code of the component's bodies, without spaces; what is too short to be a solution is left out."""
    for body in DIAGNOSED[component]:
        source = Path(importlib.import_module(body.module).__file__).read_text(encoding="utf-8")
        nodes = ast.parse(source).body
        for part in body.name.split("."):
            node = next(each for each in nodes if getattr(each, "name", "") == part)
            nodes = getattr(node, "body", [])
        own = nodes[1:] if ast.get_docstring(node) else nodes
        for line in "\n".join(ast.unparse(each) for each in own).splitlines():
            if len(squeezed(line)) >= 16:
                yield squeezed(line)


def squeezed(text: str) -> str:
    return "".join(textwrap.dedent(text).split())


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_fact_fails_as_a_plain_no(component: str) -> None:
    """Otherwise anything that breaks the look would be named by it."""
    for name, mistake in mistakes(component).items():
        if mistake.fact:
            assert answers(component).right[mistake.fact].seen == "yes" and answers(component).wrong[name][mistake.fact] == {"text": "no"}, name
