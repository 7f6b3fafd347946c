"""The probe of exit rules: confidence and entropy of one example, of many and of huge scores; exits in agreement; who leaves; what is refused.

Letters: B batch, k classes, j exits so far.
"""

from __future__ import annotations

import torch
from torch import Tensor

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.facts import refused, same, untouched
from sanity_checks.subjects.exit_rules import ExitRules

B, K, J = 7, 3, 5
HUGE = torch.tensor([[1000.0, 999.0, 998.0]], dtype=torch.float64)
WIDE = torch.tensor([[1000.0, 0.0, 0.0]], dtype=torch.float64)  # a probability of exactly 0, whose logarithm is no number
ANSWERS = torch.tensor([[0, 0, 1, 2, 1], [1, 0, 1, 2, 1], [1, 0, 1, 1, 2], [1, 0, 0, 1, 1], [1, 0, 1, 1, 1]])  # (j, B): what each exit says
SCORES = torch.tensor([[1.0, 1.0, 2.0, 0.0], [1.25, 1.5, 2.4, 3.0], [1.5, 1.75, 2.8, 0.1], [1.0, 1.75, 3.2, 0.0]], dtype=torch.float64)
REFUSED = {
    "an entropy below 0": ("entropy", -1.0, "classes", 0.5), "a confidence of 95": ("confidence", 95.0, "classes", 0.5), "a confidence below 0": ("confidence", -0.1, "binary", 0.5),
    "a patience of 0": ("patience", 0, "classes", 0.5), "a patience of 1.5": ("patience", 1.5, "classes", 0.5), "a learned certainty of 2": ("learned", 2.0, "classes", 0.5),
    "the confidence of a regression": ("confidence", 0.9, "regression", 0.5), "the entropy of a regression": ("entropy", 0.1, "regression", 0.5),
    "a tolerance of 0": ("patience", 2, "regression", 0.0), "a rule that nobody knows": ("sureness", 0.9, "classes", 0.5),
}  # fmt: skip


def probe(subject: ExitRules, look: Look) -> None:
    """Look at how sure answers are, at agreement, at who leaves, and at what is refused."""
    _sure(subject, look)
    _agreement(subject, look)
    _leaving(subject, look)
    _patience(subject, look)
    for words, (rule, threshold, kind, tolerance) in REFUSED.items():
        logits = numbers(2, K, seed=301) if kind == "classes" else numbers(2, seed=301)
        call = lambda r=rule, t=threshold, k=kind, logits=logits, tolerance=tolerance: subject.leaves(r, t, k, [logits], torch.full((2,), 0.5), tolerance)
        look(f"{words} is refused", lambda call=call: refused(call), "option")


def _sure(subject: ExitRules, look: Look) -> None:
    logits, single = 2 * numbers(B, K, seed=302), 2 * numbers(B, seed=303)
    for words, measure in (("confidence", subject.confidence), ("entropy", subject.entropy)):
        look(f"the {words} of one example", lambda measure=measure: measure(torch.tensor([[2.0, 0.5, 1.0]], dtype=torch.float64), "classes"))
        look(f"the {words} of one example with one score", lambda measure=measure: measure(torch.tensor([-2.0], dtype=torch.float64), "binary"))
        look(f"the {words} of a guess among four", lambda measure=measure: measure(torch.zeros(1, 4, dtype=torch.float64), "classes"))
        look(f"the {words} of seven examples", lambda measure=measure: measure(logits, "classes"), axes=("example",))
        look(f"the {words} of seven examples with one score", lambda measure=measure: measure(single, "binary"), axes=("example",))
        look(f"the {words} of scores near 1000", lambda measure=measure: measure(HUGE, "classes"))
        look(f"the {words} of a score 1000 above the others", lambda measure=measure: measure(WIDE, "classes"))
        look(f"the {words} of one score of 1000", lambda measure=measure: measure(torch.tensor([1000.0, -1000.0], dtype=torch.float64), "binary"))
        look(f"the {words} of scores in half precision", lambda measure=measure: measure(torch.tensor([[5.0, 1.0, 0.5]], dtype=torch.float16), "classes"), "option")
        look(f"the {words} of one example alone is that in a batch", lambda measure=measure: same(measure(logits[2:3], "classes"), measure(logits, "classes")[2:3]))
    half = torch.tensor([-3.0, 2.2], dtype=torch.float16)
    look("the entropy of one score in half precision", lambda: subject.entropy(half, "binary"), "option")
    look("the scores stay as they were", lambda: untouched(lambda *given: (subject.confidence(given[0], "classes"), subject.entropy(given[0], "classes")), logits))


def _said(kind: str) -> list[Tensor]:
    """ANSWERS as logits of j exits, each as sure as another number says; for one score, answer 1 or another."""
    sizes = 1 + numbers(*ANSWERS.shape, seed=304).abs()
    if kind == "binary":
        return list(torch.where(ANSWERS == 1, sizes, -sizes))
    return list(torch.nn.functional.one_hot(ANSWERS, K) * sizes[..., None])


def _agreement(subject: ExitRules, look: Look) -> None:
    for kind in ("classes", "binary"):
        for exits in (1, 2, J):
            look(f"how many of {exits} exits agree on {kind}", lambda kind=kind, exits=exits: subject.agreeing(_said(kind)[:exits], kind, 0.5), axes=("example",))
    look("how many exits agree on classes with a tolerance of 3", lambda: subject.agreeing(_said("classes"), "classes", 3.0), "option", ("example",))
    for exits in (1, 2, 4):
        look(f"how many of {exits} exits agree on a regression", lambda exits=exits: subject.agreeing(list(SCORES)[:exits], "regression", 0.5), axes=("example",))
    look("how many exits agree on a regression with a smaller tolerance", lambda: subject.agreeing(list(SCORES), "regression", 0.25), "option", ("example",))


def _leaving(subject: ExitRules, look: Look) -> None:
    logits, before = 2 * numbers(B, K, seed=302), 2 * numbers(B, K, seed=305)
    for rule in ("confidence", "entropy"):
        for threshold in (0.0, 0.5, 0.7, 0.9, 1.0):
            look(f"who leaves with {rule} {threshold:g}", lambda r=rule, t=threshold: subject.leaves(r, t, "classes", [before, logits]), axes=("example",))
    look("who leaves with confidence 1 and a probability of 1", lambda: subject.leaves("confidence", 1.0, "classes", [WIDE]))
    look("who leaves with entropy 0 and an entropy of 0", lambda: subject.leaves("entropy", 0.0, "classes", [WIDE]))
    look("who leaves with entropy 0.1 and an entropy of 0", lambda: subject.leaves("entropy", 0.1, "classes", [WIDE]))
    certain = torch.tensor([0.2, 0.5, 0.8, 0.9, 0.5, 0.1, 1.0], dtype=torch.float64)
    for threshold in (0.5, 0.85, 1.0):
        look(f"who leaves with a learned certainty of {threshold:g}", lambda t=threshold: subject.leaves("learned", t, "classes", [logits], certain), axes=("example",))
    alone = lambda: torch.cat([subject.leaves("confidence", 0.7, "classes", [before[[row]], logits[[row]]]) for row in range(B)])
    look("who leaves alone leaves in a batch", lambda: same(alone().double(), subject.leaves("confidence", 0.7, "classes", [before, logits]).double()))


def _patience(subject: ExitRules, look: Look) -> None:
    for patience in (1, 2, 3):
        for exits in (1, 3, J):
            look(f"who leaves with a patience of {patience} after {exits} exits", lambda q=patience, j=exits: subject.leaves("patience", q, "classes", _said("classes")[:j]))
    look("who leaves a regression with a patience of 3", lambda: subject.leaves("patience", 3, "regression", list(SCORES)))
    look("who leaves a regression with a patience of 3 and a larger tolerance", lambda: subject.leaves("patience", 3, "regression", list(SCORES), None, 9.0), "option")
