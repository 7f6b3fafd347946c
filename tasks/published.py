"""What the papers report for recipes of the same name: scores on dev, to be printed beside ours and never mixed with them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Published:
    """Scores of one row: task -> accuracy or Pearson's r, and the overall score; the normalised form unless `formula` says otherwise."""

    scores: dict[str, float]
    overall: float
    source: str
    formula: str = "normalised"


S2 = "An Exploration of Fine-Tuning Techniques on minBERT Optimizations (Cortes, Hsieh, Fu)"


def _s2(sst: float, quora: float, sts: float, overall: float) -> Published:
    return Published({"sst": sst, "quora": quora, "sts": sts}, overall, S2)


# recipe -> row; BERT-base, batch 8, lr 1e-5, 10 epochs, one seed
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
}
