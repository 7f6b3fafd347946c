"""Fingerprints tell answers apart, survive rounding, and are the same on every machine."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sanity_checks.fingerprint import equal, fingerprint, match, numbers


def test_the_projection_never_changes():
    """These five numbers are in every answer file: another stream or another order would make all of them stale."""
    assert np.allclose(fingerprint(torch.arange(7.0))["print"], fingerprint(torch.arange(7.0).double())["print"])
    assert np.allclose(numbers(3, seed=1), [1.6243453636632417, -0.6117564136500754, -0.5281717522634557])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40))
def test_one_changed_number_changes_the_fingerprint_and_rounding_does_not(seed, size):
    one = numbers(size, seed=seed)
    other = one.clone()
    other[seed % size] += 1e-2
    assert match(fingerprint(one), fingerprint(one * (1 + 1e-12))) and not match(fingerprint(one), fingerprint(other))
    assert equal(one, one * (1 + 1e-12)) and not equal(one, other)


def test_order_and_shape_matter():
    one = numbers(2, 6, seed=3)
    assert not match(fingerprint(one), fingerprint(one.flip(0))) and not match(fingerprint(one), fingerprint(one.reshape(3, 4)))
    assert not equal(one, one.reshape(3, 4))


def test_lost_numbers_are_counted_and_never_right():
    lost = torch.tensor([1.0, torch.nan, 3.0])
    assert match(fingerprint(lost), fingerprint(lost)) and not match(fingerprint(lost), fingerprint(torch.tensor([1.0, 0.0, 3.0])))
    assert not equal(lost, lost)


def test_huge_numbers_have_a_finite_fingerprint():
    huge = torch.tensor([1.7e308, -1.7e308, 1.7e308], dtype=torch.float64)
    found = fingerprint(huge)
    assert np.isfinite(found["print"]).all() and match(found, fingerprint(huge)) and not match(found, fingerprint(-huge))


def test_words_match_words_alone():
    assert match(fingerprint("no"), fingerprint("no")) and not match(fingerprint("no"), fingerprint("yes")) and not match(fingerprint("1"), fingerprint(torch.tensor(1.0)))
    assert equal("yes", "yes") and not equal("yes", torch.tensor(1.0)) and not equal(torch.tensor(1.0), "yes")


def test_a_fingerprint_is_too_short_to_learn_an_answer_from():
    assert len(fingerprint(numbers(500, seed=1))["print"]) == 5
