"""The comparisons of oracles/, run in this process: what comes out right, wrong, raising, absent or skipped."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable

import pytest
import torch

from sanity_checks.judge import CheckFailed, Skipped
from sanity_checks.runner import CHECKS, run

Probe = Callable[[], "float | None"]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """fake("attention", probe, ...) puts made-up probes in place of a component's."""
    def put(component: str, *probes: Probe) -> None:
        monkeypatch.setitem(sys.modules, f"sanity_checks.oracles.{component}", types.SimpleNamespace(PROBES=probes))

    return put


def right() -> float:
    """Two and two is four."""
    return 2e-16


def wrong() -> float:
    """The sum is that of the reference."""
    raise CheckFailed("the sum is 5, expected 4")


def raising() -> float:
    """The sum can be computed."""
    raise RuntimeError("size of tensor a (4)\nmust match b (9)")


def leaving() -> float:
    """The sum does not end the program."""
    raise SystemExit(3)


def absent() -> float:
    """The weights give their outputs."""
    raise Skipped("the weights are not on this machine")


def test_every_oracle_has_probes_with_a_sentence_each() -> None:
    for component in CHECKS:
        module = __import__(f"sanity_checks.oracles.{component}", fromlist=["PROBES"])
        assert module.PROBES and all(probe.__doc__ and probe.__doc__.strip().endswith(".") for probe in module.PROBES), component


def test_a_right_component_tells_its_largest_difference(fake: Callable[..., None]) -> None:
    fake("attention", right, right)
    (outcome,) = run(["attention"])
    assert (outcome.status, outcome.text) == ("ok", "matches the reference in 2 probes (largest difference 2e-16)")


def test_a_wrong_component_tells_what_differs(fake: Callable[..., None]) -> None:
    fake("attention", right, wrong, wrong)
    (outcome,) = run(["attention"])
    assert outcome.status == "FAIL" and len(outcome.failures) == 2 and not outcome.raised
    assert outcome.text == "The sum is that of the reference. But the sum is 5, expected 4. (1 more of 3 probes fail)"


@pytest.mark.parametrize(("probe", "told"), [(raising, "RuntimeError: size of tensor a (4) must match b (9)"), (leaving, "SystemExit: 3")])
def test_a_component_that_raises_is_reported_and_the_rest_goes_on(fake: Callable[..., None], probe: Probe, told: str) -> None:
    fake("attention", probe)
    fake("layer", right)
    outcomes = list(run(["attention", "layer"]))
    assert [outcome.status for outcome in outcomes] == ["FAIL", "ok"]
    assert f"the code raised {told}" in outcomes[0].text and outcomes[0].raised == f"raised {told}"


def test_the_place_named_is_in_the_component_and_not_in_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    from minbert.layer import EncoderLayer

    monkeypatch.setattr(EncoderLayer, "forward", lambda self, hidden, bias, first_only=False, need_weights=False: self.feed_forward(hidden[..., 1:]))
    (outcome,) = run(["layer"])
    assert outcome.status == "FAIL" and outcome.place.startswith("minbert/feed_forward.py, line ")


def test_a_component_that_cannot_be_imported_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sanity_checks.oracles.attention", None)
    (outcome,) = run(["attention"])
    assert outcome.status == "FAIL" and outcome.text.startswith("it cannot be imported: ModuleNotFoundError")


def test_what_cannot_be_checked_here_is_skipped_with_its_reason(fake: Callable[..., None]) -> None:
    fake("pretrained", absent)
    (outcome,) = run(["pretrained"])
    assert (outcome.status, outcome.text) == ("skip", "the weights are not on this machine")
    fake("pretrained", absent, right)
    (outcome,) = run(["pretrained"])
    assert outcome.status == "ok" and outcome.skipped == ("the weights are not on this machine",)


def test_the_caller_s_random_numbers_and_threads_are_left_alone() -> None:
    before, threads = torch.get_rng_state(), torch.get_num_threads()
    list(run(["attention"]))
    assert torch.equal(torch.get_rng_state(), before) and torch.get_num_threads() == threads
