"""What the papers report for recipes of the same name: scores on dev, to be printed beside ours and never mixed with them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Published:
    """Scores of one row: task -> accuracy or Pearson's r, and the overall score; the normalised form unless `formula` says otherwise.

    each_best: every score is that of the task's own best epoch; the overall score is of one epoch, and so no higher than their mean.
    """

    scores: dict[str, float]
    overall: float | None
    source: str
    formula: str = "normalised"
    each_best: bool = False


S2 = "An Exploration of Fine-Tuning Techniques on minBERT Optimizations (Cortes, Hsieh, Fu)"


def _s2(sst: float, quora: float, sts: float, overall: float) -> Published:
    return Published({"sst": sst, "quora": quora, "sts": sts}, overall, S2)


S3 = "My PAL BERT (Sullivan, Kumar)"
S4 = "SerBERTus: A SMART Three-Headed BERT Ensemble (Hayes)"


def _s4(quora: float, sts: float, sst: float, overall: float | None, each_best: bool = True) -> Published:
    return Published({"sst": sst, "quora": quora, "sts": sts}, overall, S4, "plain", each_best)


# recipe -> row; S2: BERT-base, batch 8, lr 1e-5, 10 epochs, one seed
PUBLISHED: dict[str, Published] = {
    "baseline": _s2(0.512, 0.731, 0.361, 0.641),
    "summed": _s2(0.511, 0.727, 0.341, 0.636),
    "pcgrad": _s2(0.510, 0.718, 0.378, 0.639),
    "gse": _s2(0.507, 0.748, 0.353, 0.644),
    "cosine-embedding": _s2(0.510, 0.706, 0.103, 0.589),
    "cosine-d": _s2(0.508, 0.730, 0.185, 0.610),
    "cosine-2d+1": _s2(0.510, 0.737, 0.365, 0.643),
    "mean-pooling": _s2(0.499, 0.747, 0.357, 0.641),
    "smart": _s2(0.487, 0.750, 0.376, 0.642),
    "gse-3x": _s2(0.489, 0.762, 0.362, 0.644),
    "cosine-3x": _s2(0.499, 0.761, 0.379, 0.650),
    "smart-3x": _s2(0.507, 0.758, 0.376, 0.651),
    "pals": Published({"sst": 0.424, "quora": 0.863, "sts": 0.840}, 0.736, S3),
    "pals-annealed": Published({"sst": 0.490, "quora": 0.861, "sts": 0.866}, 0.761, S3),
    "bp1": Published({"sst": 0.516, "quora": 0.862, "sts": 0.866}, 0.770, S3),
    "bp1-extra": Published({"sst": 0.446, "quora": 0.859, "sts": 0.865}, 0.746, S3),
    "bp1-warmup": Published({"sst": 0.466, "quora": 0.860, "sts": 0.860}, 0.752, S3),
    "bp1-relational": Published({"sst": 0.442, "quora": 0.861, "sts": 0.853}, 0.743, S3),
    # The best of several runs each; single tasks where no overall score is given.
    "multi": _s4(0.889, 0.870, 0.516, 0.757),
    "cerbertus-2": _s4(0.890, 0.879, 0.524, 0.761),
    "cerbertus-4": _s4(0.886, 0.876, 0.516, 0.755),
    "cerbertus-6": _s4(0.888, 0.876, 0.519, 0.757),
    "triple": _s4(0.889, 0.825, 0.521, None),
    "multi+triple": _s4(0.894, 0.872, 0.524, 0.759),
    "static+finetune": Published({"sst": 0.525, "sts": 0.867}, None, S4, "plain", True),
    "multi-smart": _s4(0.8867, 0.8938, 0.5332, 0.7712, False),
    "cerbertus-2-smart": _s4(0.8964, 0.8986, 0.5241, 0.7730, False),
    "cerbertus-3-smart": _s4(0.8972, 0.8999, 0.5304, 0.7758, False),
}
