"""What is said about the mistakes of AdamW: those of the formula, those of the loop around it, and choices that are also right."""

from __future__ import annotations

from sanity_checks.bank import Mistake
from sanity_checks.bank.adamw_formula import DECAY, EPSILON, FORMULA
from sanity_checks.bank.adamw_loop import LOOP
from sanity_checks.bank.adamw_torch import TORCH

CHOICES = {
    "decay-on-old-value": Mistake(
        "Weight decay is taken from the value before the step, as torch.optim.AdamW does; the handout takes it from the value after.",
        "Both are right; only the handout's order gives the handout's numbers.", *DECAY, severity="note", seen=15),
    "epsilon-after-correction": Mistake(
        "Epsilon is added to the root of the corrected v; the handout's efficient form adds it to the root of v itself.",
        "Both are right; with the handout's form epsilon counts more in the first steps.", *EPSILON, severity="note", seen=16),
    "torch-form": Mistake(
        "This is AdamW as torch.optim.AdamW has it: decay on the value before the step, epsilon on the root of the corrected v.",
        "It is right; the handout's efficient form differs from it in the order of decay and in where epsilon stands.", *EPSILON, severity="note"),
    "storage-rebound": Mistake(
        "The step gives the parameter a new tensor instead of changing the numbers in place.",
        "It works, but tied weights and views of the parameter no longer move with it.",
        "Look at how the new value is written to the parameter.",
        "The equation is the same; only the memory it is written to differs.",
        "An in-place operation on the parameter's data (its name ends in an underscore) keeps the memory.", severity="note", seen=30),
    "form-ignored": Mistake(
        "The step always takes the course's form of the update; form=\"torch\" changes nothing.",
        "Both forms are right; a recipe that asks for torch's form gets the course's.",
        "Look at where step chooses the update.",
        "The equations are those of the two forms at the top of the file.",
        "The update comes from the table of forms, by the name that the group holds.", severity="note"),
}  # fmt: skip

MISTAKES: dict[str, Mistake] = {**CHOICES, **FORMULA, **TORCH, **LOOP}
