"""What only other layouts of the code can do wrong is named as well, and what they cannot show is named by its plain name."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import nn

from minbert.dropout import Dropout
from minbert.layer import add_norm
from sanity_checks.bank import mistakes
from sanity_checks.recorder import recorded_dropout
from sanity_checks.stand_ins import others_standing_in
from sanity_checks.subjects import add_norm as add_norms
from sanity_checks.subjects import attention as attentions
from sanity_checks.subjects.add_norm import AddNorm
from sanity_checks.verdict import verdict
from sanity_checks.wrong import Swap, rewritten, tables

REAL = [name for name, mistake in mistakes("attention").items() if mistake.seen and mistake.severity != "note"]


@pytest.mark.parametrize("name", REAL)
def test_attention_alone_without_its_parts_still_shows_what_students_really_get_wrong(name: str) -> None:
    with rewritten(tables("attention")[0][name]):
        found = verdict("attention", replace(attentions.library(), output=None, ask=None, formula=None, bias=None))
    assert (found.certainty, [each.partition("~")[0] for each in found.mistakes]) == ("named", [name.partition("~")[0]])


def test_a_swap_changes_the_subject_and_is_undone() -> None:
    right = add_norms.library
    with rewritten((Swap("add_norm", lambda subject: AddNorm(lambda *given: given)),)):
        assert add_norms.library().run(1, 2) == (1, 2)  # type: ignore[arg-type, call-arg, comparison-overlap]
    assert add_norms.library is right


@pytest.mark.parametrize("name", ["dense-skipped", "dense-on-sum", "dropout-before-dense"])
def test_a_dense_layer_inside_add_norm_can_be_wrong_although_ours_is_outside(name: str) -> None:
    with rewritten(tables("add_norm")[0][name]):
        assert verdict("add_norm").mistakes == (name,)


def test_the_stand_in_of_add_norm_is_add_norm_number_for_number() -> None:
    residual, branch = torch.randn(2, 3, 5), torch.randn(2, 3, 5)
    norm, dropout = nn.LayerNorm(5, eps=0.1), Dropout(0.4)
    nn.init.normal_(norm.weight)
    with recorded_dropout() as calls:
        expected = add_norm(residual, branch, dropout, norm)
        with others_standing_in("layer"):
            from minbert import layer

            assert layer.add_norm is not add_norm
            assert torch.equal(layer.add_norm(residual, branch, dropout, norm), expected)
    assert len(calls) == 2
