"""Heads, looked at without any reference: the classifier of classifier.py, and the three predict methods of MultitaskBERT.

The student's class is built around a fake BERT that is right, its own weights are filled with large fixed numbers, and facts are asked of
its predictions that hold for every right head, whatever it is made of.
"""

from __future__ import annotations

import torch

from sanity_checks.finding import Finding
from sanity_checks.starter.course import Desk
from sanity_checks.starter.head_building import HEADS, built, faked
from sanity_checks.starter.head_facts import facts
from sanity_checks.starter.head_words import BECAUSE, FACTS


def check(name: str, desk: Desk) -> Finding:
    """What holds of one head and what does not; NotImplementedError when it is not written."""
    with faked(desk), torch.random.fork_rng(devices=[]):
        torch.manual_seed(11711)
        model = built(name, desk)
        method = getattr(model, HEADS[name].method, None)
        if model is None or method is None:
            return Finding(name, "not checked", f"there is no {HEADS[name].method} in {HEADS[name].file}.py, or its class has another name.")
        failed: list[str] = []
        notes: list[str] = []
        asked = 0
        for fact, holds in facts(name, desk, model, method, notes):
            asked += 1
            if not any(fact in BECAUSE.get(other, ()) for other in failed) and not holds():
                failed.append(fact)
    return told(name, asked, failed, tuple(notes))


def told(name: str, asked: int, failed: list[str], notes: tuple[str, ...]) -> Finding:
    """The facts that do not hold, in the words of head_words.py."""
    if not failed:
        return Finding(name, "correct", f"right in {asked} facts that need no reference", certainty="right", notes=notes)
    named = [FACTS[fact] for fact in failed]
    says = named[0].says if len(named) == 1 else f"{'Two' if len(named) == 2 else len(named)} mistakes at once. " + " And: ".join(each.says for each in named)
    severity = "error" if any(each.severity == "error" for each in named) else "train"
    hints = tuple(" ".join(getattr(each, depth) for each in named) for depth in ("where", "equation", "line"))
    certainty = "named" if len(named) == 1 else "two"
    mistakes = tuple(NAMES[fact] for fact in failed)
    return Finding(name, "wrong", says, severity, certainty, mistakes, " ".join(each.look for each in named), hints, notes)


NAMES = {
    "shape": "head-shape", "single": "batch-of-one", "random": "dropout-in-eval", "row": "batch-leak", "pads": "padding-read", "normalised": "softmax-before-loss",
    "raw-nll": "nll-of-raw-scores", "probability": "probability-returned", "whole": "prediction-rounded", "second": "second-sentence-unused",
    "first": "first-sentence-unused", "changed": "input-changed", "slope": "no-gradient", "encoder": "encoder-cut-off", "frozen": "encoder-not-frozen",
    "dropout": "dropout-missing",
}  # fmt: skip
