"""The probe of calibration: how surprising labels are, the temperature, the calibration error; then who leaves where, the curve, and the choice of a threshold.

Letters: N examples, k classes, L layers.
"""

from __future__ import annotations

import torch
from torch import Tensor

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.facts import once, refused, untouched
from sanity_checks.subjects.calibration import Calibration

N, K, L = 41, 3, 4
LABELS = {"classes": torch.arange(N) * 5 % K, "binary": (torch.arange(N) * 3 % 7 < 4).double()}
THRESHOLDS = (1.0, 0.9, 0.7, 0.5, 0.0)
# threshold, score, mean layer, shares: made up, so that each way of choosing takes another
ROWS = ((1.0, 0.80, 4.0, (0.0, 0.0, 0.0, 1.0)), (0.99, 0.81, 3.5, (0.0, 0.25, 0.0, 0.75)), (0.97, 0.805, 3.25, (0.0, 0.25, 0.25, 0.5)), (0.95, 0.796, 3.0, (0.0, 0.5, 0.0, 0.5)), (0.9, 0.798, 3.0, (0.25, 0.0, 0.25, 0.5)),
        (0.85, 0.7975, 3.2, (0.1, 0.0, 0.5, 0.4)), (0.8, 0.793, 2.5, (0.25, 0.25, 0.25, 0.25)), (0.5, 0.62, 1.5, (0.75, 0.0, 0.25, 0.0)))  # fmt: skip


def probe(subject: Calibration, look: Look) -> None:
    """Look at calibration, at who leaves, at curves, and at choices."""
    _temperatures(subject, look)
    _errors(subject, look)
    _left(subject, look)
    _curve(subject, look)
    _choice(subject, look)


def _logits(kind: str, scale: float = 2.0, seed: int = 361) -> Tensor:
    """Scores that lean towards the labels."""
    if kind == "binary":
        return scale * (numbers(N, seed=seed) + LABELS["binary"] - 0.5)
    return scale * (numbers(N, K, seed=seed) + torch.nn.functional.one_hot(LABELS["classes"], K))


def _temperatures(subject: Calibration, look: Look) -> None:
    one = torch.tensor([[2.0, 0.0, 1.0]], dtype=torch.float64)
    look("how surprising the label of one example is", lambda: subject.likelihood(one, torch.tensor([2]), "classes", 1.0))
    for kind, labels in LABELS.items():
        for heat in (1.0, 3.0):
            look(f"how surprising labels of {kind} are at temperature {heat:g}", lambda kind=kind, labels=labels, heat=heat: subject.likelihood(_logits(kind), labels, kind, heat))
        for scale in (0.2, 2.0):
            words = "shy" if scale < 1 else "loud"
            look(f"the temperature of {words} scores of {kind}", lambda kind=kind, labels=labels, scale=scale: subject.temperature(_logits(kind, scale), labels, kind))
    always = 9.0 * torch.nn.functional.one_hot(LABELS["classes"], K)
    look("the temperature of scores that are always right", lambda: subject.temperature(always, LABELS["classes"], "classes"), "option")
    look("the temperature of a regression is refused", lambda: refused(lambda: subject.temperature(_logits("binary"), LABELS["binary"], "regression")), "option")
    look("scores stay as they were", lambda: untouched(lambda given: (subject.likelihood(given, LABELS["classes"], "classes", 3.0)), _logits("classes")))


def _errors(subject: Calibration, look: Look) -> None:
    sure, labels = torch.tensor([[4.0, 0.0], [4.0, 0.0], [0.5, 0.0]], dtype=torch.float64), torch.tensor([0, 1, 0])
    look("the calibration error of one example", lambda: subject.error(sure[:1], labels[:1], "classes", 1.0, 5))
    look("the calibration error of three examples in two bins", lambda: subject.error(sure, labels, "classes", 1.0, 5))
    for kind, labels_of in LABELS.items():
        for heat, bins in ((1.0, 15), (3.0, 15), (1.0, 4)):
            words = f"the calibration error of {kind} at temperature {heat:g} in {bins} bins"
            look(words, lambda kind=kind, true=labels_of, heat=heat, bins=bins: subject.error(_logits(kind), true, kind, heat, bins), "error" if bins == 15 else "option")
    edge = torch.tensor([0.0, 1.0], dtype=torch.float64)  # a confidence of exactly 0.5, and one in the upper half
    look("the calibration error of a confidence between two bins", lambda: subject.error(edge, torch.tensor([1.0, 1.0]), "binary", 1.0, 2), "note")
    surest = torch.tensor([[99.0, 0.0], [4.6, 0.0]], dtype=torch.float64)
    look("the calibration error of a confidence of 1 beside one of 0.99", lambda: subject.error(surest, torch.tensor([1, 0]), "classes", 1.0, 15))
    look("the calibration error of a confidence of 1", lambda: subject.error(torch.tensor([[99.0, 0.0]], dtype=torch.float64), torch.tensor([1]), "classes", 1.0, 15))


def _history(kind: str = "classes") -> list[Tensor]:
    return [_logits(kind, 0.5 + layer, 370 + layer) for layer in range(L)]


def _left(subject: Calibration, look: Look) -> None:
    for threshold in THRESHOLDS:
        look(f"after which layer examples leave with confidence {threshold:g}", lambda t=threshold: subject.left(_history(), "confidence", t, "classes"), axes=("example",))
    look("after which layer examples leave with a patience of 2", lambda: subject.left(_history(), "patience", 2, "classes"), axes=("example",))
    look("after which layer a regression leaves with a patience of 3", lambda: subject.left(_history("binary"), "patience", 3, "regression", 1.5), axes=("example",))
    learned = [numbers(N, seed=380 + layer).sigmoid() for layer in range(L - 1)]
    look("after which layer examples leave with a learned certainty", lambda: subject.left(_history(), "learned", 0.7, "classes", 0.5, learned), axes=("example",))
    layers = 1 + torch.arange(N) * 3 % L
    look("the answers at given layers", lambda: subject.at(_history(), layers), axes=("example", "class"))
    look("the shares of given layers", lambda: torch.tensor(subject.fractions(torch.tensor([1, 3, 3, 2, 3]), L)), axes=("layer",))
    for row in ROWS[:6:2]:
        look(f"what is saved with a mean layer of {row[2]:g} of {L}", lambda row=row: subject.saving(row))


def _curve(subject: Calibration, look: Look) -> None:
    for task, kind, rule in (("sst", "classes", "confidence"), ("quora", "binary", "entropy")):
        found = once(lambda task=task, kind=kind, rule=rule: subject.curve(_history(kind), LABELS[kind], task, rule, THRESHOLDS))
        for place, words in enumerate(("thresholds", "scores", "mean layers", "shares")):
            look(f"the {words} of a curve by {rule}", lambda found=found, place=place: torch.tensor([row[place] for row in found()], dtype=torch.float64), axes=("threshold", "layer"))
    cool = [each / 3 for each in _history()]
    read = once(lambda: subject.curve(_history(), LABELS["classes"], "sst", "confidence", THRESHOLDS, cool))
    for place, words in ((1, "scores"), (2, "mean layers")):
        look(f"the {words} of a curve whose rule reads calibrated scores", lambda place=place: torch.tensor([row[place] for row in read()]), "option", ("threshold",))


def _choice(subject: Calibration, look: Look) -> None:
    for lose in (0.0, 0.003, 0.005, 0.2):
        look(f"the threshold that loses at most {lose:g}", lambda lose=lose: subject.choose(ROWS, 0.80, lose))
    look("the threshold that loses at most 0.005 in another order", lambda: subject.choose(ROWS[::-1], 0.80, 0.005))
    look("the threshold that loses at most 0.004 of a score that is higher", lambda: subject.choose(ROWS, 0.802, 0.004))
    look("the threshold that loses exactly what is allowed", lambda: subject.choose([(0.9, 0.5, 3.0, (0.0, 0.0, 1.0, 0.0)), (0.8, 0.25, 1.0, (1.0, 0.0, 0.0, 0.0))], 0.5, 0.25))
    look("a loss that no threshold keeps is refused", lambda: refused(lambda: subject.choose(ROWS[3:], 0.9, 0.001)))
    look("a loss below 0 is refused", lambda: refused(lambda: subject.choose(ROWS, 0.7, -0.1)), "option")
