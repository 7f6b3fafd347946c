"""Stored answers are read as they were written, and short fingerprints still tell answers apart."""

from __future__ import annotations

import torch

from sanity_checks.answers import packed, unpacked
from sanity_checks.fingerprint import fingerprint, match, numbers


def test_packing_an_answer_loses_nothing() -> None:
    right = {name: fingerprint(seen) for name, seen in {"a": numbers(3, 5), "b": "yes", "c": torch.tensor(2.0), "d": numbers(2)}.items()}
    answer = {"d": {"text": "raised TypeError: no"}, "a": fingerprint(numbers(3, 5, seed=1)), "b": fingerprint(numbers(7)), "c": fingerprint(torch.tensor(torch.nan))}
    assert unpacked(packed(answer, right), right) == answer
    assert packed(answer, right).keys() == {"0", "1", "2", "3"}


def test_an_answer_under_whole_names_is_read_too() -> None:
    right = {"a": fingerprint(numbers(3))}
    answer = {"a": fingerprint(numbers(3, seed=1))}
    assert unpacked(answer, right) == answer


def test_one_number_is_kept_as_one_number() -> None:
    one, other = (fingerprint(torch.tensor(value)) for value in (1.25, 1.2501))
    assert len(one["print"]) == 1  # type: ignore[arg-type]
    assert match(one, dict(one))
    assert not match(one, other)
