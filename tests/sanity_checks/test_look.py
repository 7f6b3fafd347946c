"""What a look keeps, and what ends a probe."""

from __future__ import annotations

import pytest
import torch

from sanity_checks.look import Look


def stub() -> None:
    raise NotImplementedError("not started: gelu in minbert/feed_forward.py")


def course_stub() -> None:
    raise NotImplementedError


@pytest.mark.parametrize("body", [stub, course_stub])
def test_a_stub_ends_a_probe(body: object) -> None:
    with pytest.raises(NotImplementedError):
        Look()("the output", body)  # type: ignore[arg-type]


def test_a_kernel_that_torch_lacks_is_a_crash_and_no_stub() -> None:
    look = Look()
    seen = look("the weights", lambda: torch.zeros(2, 3, dtype=torch.int64).softmax(-1))
    assert isinstance(look.crash, NotImplementedError) and "raised NotImplementedError" in str(seen)


def test_what_was_seen_stays_though_the_code_changes_it_later() -> None:
    look, tensor = Look(), torch.ones(3)
    look("the output", lambda: tensor)
    tensor.zero_()
    assert torch.equal(look.observations["the output"].seen, torch.ones(3, dtype=torch.float64))
