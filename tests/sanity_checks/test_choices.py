"""Choices that are also right are accepted and told, alone, with each other, and beside a mistake, which keeps its own name and severity."""

from __future__ import annotations

from typing import Any

import torch

from sanity_checks.answers import answers
from sanity_checks.diagnose import Diagnosis, diagnose
from sanity_checks.probing import look_at
from sanity_checks.subjects.adamw import AdamW
from sanity_checks.wrong import rewritten, tables


def found(*mistakes: str, subject: AdamW | None = None) -> Diagnosis:
    with rewritten(tuple(dict.fromkeys(edit for name in mistakes for edit in tables("adamw")[0][name]))):
        return diagnose(look_at("adamw", subject), answers("adamw"))


def of_torch(**missing: Any) -> AdamW:
    """torch's own optimizer with the course's defaults, in the place of a student's."""

    def make(parameters: Any, lr: float = 1e-3, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-6, weight_decay: float = 0.0, correct_bias: bool = True) -> Any:
        return torch.optim.AdamW(parameters, lr, betas, eps, weight_decay, **missing)

    return AdamW(make)


def test_torch_s_own_optimizer_is_torch_s_form_and_ignores_correct_bias() -> None:
    diagnosis = found(subject=of_torch())
    assert (diagnosis.certainty, diagnosis.mistakes, diagnosis.severity) == ("named", ("correct-bias-ignored",), "option")
    assert diagnosis.notes == ("torch-form",)


def test_a_choice_is_right_and_told() -> None:
    for choice in answers("adamw").accepted:
        diagnosis = found(choice)
        assert (diagnosis.certainty, diagnosis.notes, diagnosis.severity) == ("right", (choice,), "")


def test_a_mistake_beside_a_choice_keeps_its_name_and_the_looks_that_only_it_changes() -> None:
    diagnosis = found("epsilon-after-correction", "closure-without-gradients")
    assert (diagnosis.certainty, diagnosis.mistakes, diagnosis.notes) == ("named", ("closure-without-gradients",), ("epsilon-after-correction",))
    assert (diagnosis.differing, diagnosis.severity) == (("gradients are on inside the closure",), "option")


def test_what_nobody_foresaw_is_compared_with_the_choice_that_was_made() -> None:
    with rewritten(tables("adamw")[0]["torch-form"]):
        seen = dict(look_at("adamw"))
    name = "the gradient after a step"
    seen[name] = type(seen[name])(seen[name].seen + 0.123, seen[name].level, seen[name].axes)
    diagnosis = diagnose(seen, answers("adamw"))
    assert (diagnosis.certainty, diagnosis.differing, diagnosis.notes) == ("unknown", (name,), ("torch-form",))


def test_two_choices_that_only_notes_see_are_both_told() -> None:
    diagnosis = found("storage-rebound", "form-ignored")
    assert (diagnosis.certainty, set(diagnosis.notes)) == ("right", {"form-ignored", "storage-rebound"})


def test_what_a_mistake_does_to_a_note_is_no_choice() -> None:
    with rewritten(tables("pooling")[0]["mean-over-padding"]):
        diagnosis = diagnose(look_at("pooling"), answers("pooling"))
    assert (diagnosis.certainty, diagnosis.mistakes, diagnosis.notes) == ("named", ("mean-over-padding",), ())
