"""The probes of layer, embeddings and model in a layout that offers the least, and with code that harms what it is given."""

from __future__ import annotations

import dataclasses
import importlib
from typing import Any

import pytest
import torch

from sanity_checks.probes import embeddings, model
from sanity_checks.probing import look_at
from sanity_checks.verdict import verdict
from sanity_checks.wrong import rewritten, tables

# what a course starter has: a layer and a model that are called with ids and masks and nothing else
LEAST = {"layer": ("build", "parts", "run"), "embeddings": ("build", "parts", "embed"), "model": ("build", "parts", "run")}
SHOWN = {
    "layer": ("dropout-shared", "norms-swapped", "activation-tanh-gelu", "norm-before", "returns-tuple"),
    "embeddings": ("words-scaled", "positions-from-two", "dropout-before-norm", "norm-per-table"),
    "model": ("pooler-mean", "mask-raw", "layers-reversed", "detached", "output-keys", "extra-dropout"),
}


def least(component: str) -> Any:
    """Our code behind a subject that offers only what every layout has."""
    subject = importlib.import_module(f"sanity_checks.subjects.{component}").library()
    return dataclasses.replace(subject, **{field.name: None for field in dataclasses.fields(subject) if field.name not in LEAST[component]})


@pytest.mark.parametrize("component", LEAST)
def test_right_code_is_right_in_the_smallest_layout(component: str) -> None:
    assert verdict(component, least(component)).outcome == "correct"
    assert look_at(component, least(component)).keys() < look_at(component).keys()


@pytest.mark.parametrize(("component", "mistake"), [(component, mistake) for component, mistakes in SHOWN.items() for mistake in mistakes])
def test_mistakes_are_named_in_the_smallest_layout(component: str, mistake: str) -> None:
    with rewritten(tables(component)[0][mistake]):
        found = verdict(component, least(component))
    assert (found.certainty, found.mistakes) == ("named", (mistake,))


@pytest.mark.parametrize(("component", "mistake", "look"), [("layer", "input-overwritten", "the input stays as it was"),
                                                          ("model", "mask-overwritten", "the ids and the mask stay as they were")])  # fmt: skip
def test_code_that_overwrites_is_seen_once_and_harms_no_other_look(component: str, mistake: str, look: str) -> None:
    before = [given.clone() for given in (model.IDS, model.MASK, embeddings.IDS)]
    right = look_at(component)
    with rewritten(tables(component)[0][mistake]):
        seen = look_at(component)
    assert seen[look].seen == "no"
    assert all(torch.equal(*pair) for pair in zip(before, (model.IDS, model.MASK, embeddings.IDS)))
    assert look_at(component)[look].seen == right[look].seen == "yes"
