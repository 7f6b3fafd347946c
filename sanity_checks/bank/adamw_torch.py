"""What is said about wrong versions of torch_update."""

from __future__ import annotations

from dataclasses import replace

from sanity_checks.bank import Mistake
from sanity_checks.bank.adamw_formula import FORMULA

HINTS = (
    "Look at torch_update.",
    "theta <- theta - lr lambda theta; then m and v; then theta <- theta - lr (m / c1) / (sqrt(v / c2) + eps).",
    "Decay comes first and uses the plain lr; both averages are corrected, the one of squares below its root; epsilon is added last to the denominator.")
TORCH = {
    "decay-on-new-value": Mistake("torch_update takes weight decay from the value after the step; torch takes it from the value before.", "Decay comes first here.", *HINTS),
    "epsilon-before-correction": Mistake("torch_update adds epsilon before v is corrected; torch adds it after.", "Epsilon stands beside the corrected root.", *HINTS),
    "course-form": Mistake("torch_update does what course_update does.", "The order of decay and the place of epsilon are what tells the two apart.", *HINTS),
} | {
    f"{name}~torch": replace(FORMULA[name], says="In torch_update: " + FORMULA[name].says[0].lower() + FORMULA[name].says[1:],
                             where=HINTS[0], equation=HINTS[1], line=HINTS[2], seen=0)
    for name in ("decay-missing", "decay-without-rate", "decay-by-corrected-rate", "decay-grows", "decay-in-gradient", "correction-of-mean-only",
                 "correction-of-square-only", "correction-without-root", "rate-missing", "update-uphill", "root-missing", "epsilon-inside-root", "epsilon-missing")
}
